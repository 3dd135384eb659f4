/**
 * What nearly every program calls first, of the modules that a waiting Worker has loaded: it is compiled there before the launch
 * (`process/library/hot-functions.ts`). Found with V8's precise coverage of small programs (CommonJS, ES modules, files, standard streams,
 * servers, children) between their launch and their end; a function that is missing here is compiled when it is called first.
 */

import { type Pattern, parse } from 'acorn';

/** Module -> functions, as expressions in its scope; an object stands for its accessors. */
export const HOT_FUNCTIONS: Readonly<Record<string, string>> = {
  _http_agent:
    'Agent.prototype.addRequest Agent.prototype.createConnection Agent.prototype.createSocket ' +
    'Agent.prototype.getName Agent.prototype.keepSocketAlive Agent.prototype.removeSocket calculateServerName ' +
    'installListeners normalizeServerName setRequestSocket',
  _http_client:
    'ClientRequest ClientRequest.prototype._finish ClientRequest.prototype._implicitHeader ' +
    'ClientRequest.prototype.onSocket HTTPClientAsyncResource emitFreeNT listenSocketTimeout onSocketNT ' +
    'parserOnIncomingClient responseKeepAlive responseOnEnd rewriteForProxiedHttp socketOnData ' +
    'statusIsInformational tickOnSocket validateHost',
  _http_common:
    'checkInvalidHeaderChar checkIsHttpToken cleanParser freeParser isLenient parserOnBody ' +
    'parserOnHeadersComplete parserOnMessageComplete',
  _http_incoming:
    'IncomingMessage IncomingMessage.prototype._destroy IncomingMessage.prototype._dump _addHeaderLine ' +
    '_addHeaderLines matchKnownFields onError readStart',
  _http_outgoing:
    'OutgoingMessage OutgoingMessage.prototype._finish OutgoingMessage.prototype._flush ' +
    'OutgoingMessage.prototype._flushOutput OutgoingMessage.prototype._send OutgoingMessage.prototype.end ' +
    'OutgoingMessage.prototype.getHeader OutgoingMessage.prototype.setHeader OutgoingMessage.prototype.uncork ' +
    '_storeHeader _writeRaw isContentDispositionField matchHeader onFinish parseUniqueHeadersOption ' +
    'processHeader storeHeader strictContentLength write_',
  _http_server:
    'HTTPServerAsyncResource Server Server.prototype.close Server.prototype.closeIdleConnections ' +
    'ServerResponse ServerResponse.prototype._finish ServerResponse.prototype._implicitHeader ' +
    'ServerResponse.prototype.assignSocket ServerResponse.prototype.detachSocket abortIncoming clearIncoming ' +
    'connectionListener connectionListenerInternal emitCloseNT generateSocketListenerWrapper ' +
    'httpServerPreClose onParserExecute onParserExecuteCommon onSocketResume parserOnIncoming resOnFinish ' +
    'resetSocketTimeout setupConnectionsTracking socketOnClose storeHTTPOptions writeHead',
  assert: 'Assert.prototype.deepStrictEqual Assert.prototype.equal',
  async_hooks:
    'AsyncHook AsyncHook.prototype.disable AsyncHook.prototype.enable AsyncResource.prototype.asyncId ' +
    'AsyncResource.prototype.bind AsyncResource.prototype.emitDestroy AsyncResource.prototype.runInAsyncScope ' +
    'createHook',
  buffer:
    'Buffer.allocUnsafe Buffer.isEncoding Buffer.prototype.subarray Buffer.prototype.toString _copyActual ' +
    'adjustOffset allocate byteLength copyImpl fromArrayBuffer',
  child_process:
    'checkExecSyncError execFile execSync normalizeExecArgs normalizeExecFileArgs normalizeSpawnArguments ' +
    'sanitizeKillSignal spawn spawnSync',
  diagnostics_channel: 'TracingChannel.prototype.tracePromise TracingChannel.prototype.traceSync',
  events:
    'EventEmitter.prototype.once EventEmitter.prototype.prependListener ' +
    'EventEmitter.prototype.removeAllListeners EventEmitter.prototype.removeListener _onceWrap addCatch ' +
    'onceWrapper',
  fs:
    'encodeRealpathResult existsSync isFileType mkdirSync open openSync read readFileSync readSync ' +
    'readdirSync realpathSync writeFileSync',
  'internal/abort_controller':
    'AbortController AbortController.prototype AbortController.prototype.abort AbortSignal ' +
    'AbortSignal.prototype abortSignal runAbort validateThisAbortSignal',
  'internal/assert/utils': 'innerOk',
  'internal/async_hooks':
    'defaultTriggerAsyncIdScope destroyTracking disableHooks disablePromiseHookIfNecessary emitAfterScript ' +
    'emitBeforeScript emitDestroyScript emitHook emitInitNative emitInitScript enableHooks enabledHooksExist ' +
    'executionAsyncId getDefaultTriggerAsyncId getHookArrays hasAsyncIdStack hasHooks initHooksExist ' +
    'lookupPublicResource newAsyncId popAsyncContext promiseInitHook promiseInitHookWithDestroyTracking ' +
    'promiseResolveHooksExist pushAsyncContext trackPromise updatePromiseHookMode',
  'internal/child_process': 'ChildProcess ChildProcess.prototype.spawn getValidStdio spawnSync stdioStringToArray',
  'internal/console/constructor': 'consoleMethods.log initializeGlobalConsole lazyUtilColors',
  'internal/dns/utils': 'createResolverClass initializeDns',
  'internal/encoding': 'getEncodingFromLabel validateDecoder',
  'internal/errors': 'AbortError hideInternalStackFrames setInternalPrepareStackTrace',
  'internal/event_target':
    'Event Event.prototype EventTarget.prototype.addEventListener EventTarget.prototype.dispatchEvent ' +
    'EventTarget.prototype.removeEventListener Listener Listener.prototype initEventTarget isEvent ' +
    'isEventTarget validateEventListener validateEventListenerOptions',
  'internal/events/abort_listener': 'addAbortListener',
  'internal/fixed_queue':
    'FixedCircularBuffer.prototype.isEmpty FixedCircularBuffer.prototype.isFull ' +
    'FixedCircularBuffer.prototype.push FixedCircularBuffer.prototype.shift',
  'internal/fs/promises': 'handleFdClose open readFile readFileHandle',
  'internal/fs/utils':
    'Stats assertEncoding getOptions getStatsFromBinding getValidatedFd.withoutStackTrace ' +
    'getValidatedPath.withoutStackTrace stringToFlags validateOffsetLengthRead.withoutStackTrace ' +
    'validatePath.withoutStackTrace',
  'internal/linkedlist': 'append remove',
  'internal/modules/cjs/loader':
    "Module Module._extensions['.js'] Module._findPath Module._initPaths Module._load Module._resolveFilename " +
    'Module._resolveLookupPaths Module.prototype._compile Module.prototype.load Module.prototype.require ' +
    'defaultLoadImpl findLongestRegisteredExtension initializeCJS isRelative loadBuiltinWithHooks loadSource ' +
    'reportModuleToWatchMode resolveExports resolveForCJSWithHooks stat tryPackage trySelf trySelfParentPath ' +
    'updateChildren wrapModuleLoad wrapSafe',
  'internal/modules/esm/assert': 'validateAttributes',
  'internal/modules/esm/get_format': 'defaultGetFormatWithoutErrors extname getFileProtocolModuleFormat',
  'internal/modules/esm/load': 'defaultLoadSync getSourceSync throwIfUnsupportedURLScheme',
  'internal/modules/esm/loader':
    'ModuleLoader ModuleLoader.prototype.getModuleJobForImport ModuleLoader.prototype.import ' +
    'ModuleLoader.prototype.load ModuleLoader.prototype.loadAndTranslate ModuleLoader.prototype.resolve ' +
    'ModuleLoader.prototype.validateLoadResult ModuleLoader.prototype.waitForAsyncLoaderHookInitialization ' +
    'createModuleLoader getOrInitializeCascadedLoader getTranslators lazyLoadTranslators newLoadCache ' +
    'newResolveCache',
  'internal/modules/esm/module_job': 'ModuleJob ModuleJob.prototype.run ModuleJobBase',
  'internal/modules/esm/module_map':
    'LoadCache.prototype.get LoadCache.prototype.set ResolveCache.prototype.get ' +
    'ResolveCache.prototype.serializeKey ResolveCache.prototype.set',
  'internal/modules/esm/resolve':
    'defaultResolve finalizeResolution isRelativeSpecifier moduleResolve ' +
    'shouldBeTreatedAsRelativeOrAbsolutePath throwIfInvalidParentURL',
  'internal/modules/esm/utils':
    'compileSourceTextModule getConditionsSet getDefaultConditions getDefaultConditionsSet ' +
    'initializeDefaultConditions initializeESM shouldSpawnLoaderHookWorker',
  'internal/modules/helpers':
    'assertBufferSource getCjsConditions initializeCjsConditions lazyModule loadBuiltinModule ' +
    'makeRequireFunction toRealPath',
  'internal/modules/package_json_reader':
    'deserializePackageJSON findParentPackageJSON getNearestParentPackageJSON read',
  'internal/modules/run_main':
    'asyncRunEntryPointWithESMLoader executeUserEntryPoint resolveMainPath shouldUseESMLoader',
  'internal/options': 'getEmbedderOptions',
  'internal/process/per_thread': 'toggleTraceCategoryState',
  'internal/process/pre_execution':
    'addReadOnlyProcessAlias initializeClusterIPC initializeConfigFileSupport initializeDeprecations ' +
    'initializeFrozenIntrinsics initializeHeapSnapshotSignalHandlers initializeModuleLoaders ' +
    'initializePermission initializeReport initializeReportSignalHandlers initializeSourceMapsHandlers ' +
    'loadPreloadModules markBootstrapComplete patchProcessObject prepareExecution prepareMainThreadExecution ' +
    'refreshRuntimeOptions setupChildProcessIpcChannel setupCodeCoverage setupDebugEnv setupEventsource ' +
    'setupHttpProxy setupInspectorHooks setupNavigator setupNetworkInspection setupQuic setupSQLite ' +
    'setupStacktracePrinterOnSigint setupTraceCategoryState setupVmModules setupWarningHandler ' +
    'setupWebStorage setupWebsocket',
  'internal/process/promises': 'processPromiseRejections setHasRejectionToWarn',
  'internal/process/task_queues': 'nextTick processTicksAndRejections queueMicrotask runMicrotask setHasTickScheduled',
  'internal/promise_hooks': 'createHook maybeFastPath',
  'internal/source_map/source_map_cache': 'setSourceMapsSupport',
  'internal/stream_base_commons':
    'afterWriteDispatched createWriteWrap handleWriteReq onStreamRead setStreamTimeout writeGeneric ' + 'writevGeneric',
  'internal/streams/destroy': '_destroy checkError construct constructNT destroy destroyer emitCloseNT undestroy',
  'internal/streams/duplex': 'Duplex.prototype',
  'internal/streams/end-of-stream': 'bindAsyncResource isRequest',
  'internal/streams/legacy': 'prependListener',
  'internal/streams/pipeline': 'destroyer pipe pipeline pipelineImpl popCallback',
  'internal/streams/readable':
    'Readable Readable.prototype Readable.prototype._destroy Readable.prototype.on Readable.prototype.pause ' +
    'Readable.prototype.pipe Readable.prototype.push Readable.prototype.read ' +
    'Readable.prototype.removeListener Readable.prototype.resume Readable.prototype.setEncoding ' +
    'Readable.prototype.unpipe ReadableState.prototype addChunk canPushMore emitReadable emitReadable_ ' +
    'endReadable endReadableNT endWritableNT flow fromList howMuchToRead maybeReadMore maybeReadMore_ ' +
    'nReadingNextTick onEofChunk readableAddChunkPushByteMode readableAddChunkPushObjectMode resume resume_',
  'internal/streams/state': 'getHighWaterMark highWaterMarkFrom',
  'internal/streams/transform': 'Transform Transform.prototype._read Transform.prototype._write final prefinish',
  'internal/streams/utils':
    'isClosed isDestroyed isIterable isNodeStream isReadable isReadableErrored isReadableFinished ' +
    'isReadableNodeStream isReadableStream isTransformStream isWritable isWritableEnded isWritableErrored ' +
    'isWritableFinished isWritableNodeStream isWritableStream willEmitClose',
  'internal/streams/writable':
    'Writable.prototype Writable.prototype.destroy Writable.prototype.end Writable.prototype.write ' +
    'WritableState.prototype _write afterWrite afterWriteTick callFinishedCallbacks clearBuffer doWrite ' +
    'finish finishMaybe needFinish onFinish onwrite prefinish writeOrBuffer',
  'internal/test_runner/reporter/utils': 'formatTestReport indent',
  'internal/test_runner/test':
    'Suite Suite.prototype.createBuild Suite.prototype.getRunArgs Suite.prototype.run Test ' +
    'Test.prototype.addPendingSubtest Test.prototype.addReadySubtest Test.prototype.applyFilters ' +
    'Test.prototype.computeInheritedHooks Test.prototype.createHook Test.prototype.createSubtest ' +
    'Test.prototype.duration Test.prototype.finalize Test.prototype.getReportDetails ' +
    'Test.prototype.getRunArgs Test.prototype.hasConcurrency Test.prototype.isClearToSend Test.prototype.pass ' +
    'Test.prototype.postRun Test.prototype.processPendingSubtests Test.prototype.processReadySubtestRange ' +
    'Test.prototype.report Test.prototype.reportStarted Test.prototype.run Test.prototype.runHook ' +
    'Test.prototype.start TestContext.prototype.test TestHook TestHook.prototype.postRun ' +
    'TestHook.prototype.run stopTest',
  'internal/test_runner/tests_stream':
    'TestsStream TestsStream.prototype._read TestsStream.prototype.complete TestsStream.prototype.dequeue ' +
    'TestsStream.prototype.diagnostic TestsStream.prototype.end TestsStream.prototype.enqueue ' +
    'TestsStream.prototype.ok TestsStream.prototype.plan TestsStream.prototype.start ' +
    'TestsStream.prototype.summary',
  'internal/test_runner/utils':
    'countCompletedTest getReportersMap kBuiltinDestinations.get mapPatternFlagToRegExArray parseCommandLine ' +
    'setupGlobalSetupTeardownFunctions shouldColorizeTestFiles tryBuiltinReporter',
  'internal/timers':
    'Timeout TimersList compareTimersLists decRefCount getTimerDuration incRefCount initAsyncResource insert ' +
    'insertGuarded setPosition',
  'internal/url': 'URL fileURLToPath getPathFromURLPosix isURL pathToFileURL toPathIfFileURL',
  'internal/util': 'guessHandleType normalizeEncoding once slowCases spliceOne',
  'internal/util/debuglog': 'debuglogImpl emitWarningIfNeeded initializeDebugEnv',
  'internal/util/inspect':
    'formatArray formatMap formatProperty formatRaw getClassBase getConstructorName getFunctionBase getKeys ' +
    'getPrefix isBelowBreakLength reduceToSingleString strEscape tryStringify',
  'internal/util/types': 'isUint8Array',
  'internal/v8/startup_snapshot': 'runDeserializeCallbacks',
  'internal/validators':
    'isInt32 parseFileMode validateAbortSignal.withoutStackTrace validateBoolean.withoutStackTrace ' +
    'validateBuffer.withoutStackTrace validateInt32.withoutStackTrace validateInteger.withoutStackTrace ' +
    'validateNumber.withoutStackTrace validatePort.withoutStackTrace validateUint32.withoutStackTrace',
  'internal/worker/js_transferable': 'markTransferMode',
  net:
    'Server Server.prototype Server.prototype._emitCloseIfDrained Server.prototype.close ' +
    'Server.prototype.listen Socket Socket.prototype Socket.prototype._destroy Socket.prototype._final ' +
    'Socket.prototype._read Socket.prototype._unrefTimer Socket.prototype._write ' +
    'Socket.prototype._writeGeneric Socket.prototype.connect Socket.prototype.end Socket.prototype.read ' +
    'Socket.prototype.resume Socket.prototype.setKeepAlive addServerAbortSignalOption afterConnect ' +
    'closeSocketHandle createHandle createServerHandle emitCloseNT emitListeningNT getFlags getNewAsyncId ' +
    'initSocketHandle internalConnect isPipeName listenInCluster lookupAndConnect lookupAndConnectMultiple ' +
    'normalizeArgs onReadableStreamEnd onconnection setupListenHandle toNumber tryReadStart',
  path: 'posix.basename posix.dirname posix.isAbsolute posix.join posix.normalize posix.toNamespacedPath',
  string_decoder: 'StringDecoder.prototype.write',
  timers: 'clearInterval clearTimeout setInterval setTimeout unenroll',
  v8: 'DefaultSerializer',
};

/** The array of a module's functions, as text. Throws where the module declares none of a name: then Node has changed. */
export function hotFunctionsOf(id: string, code: string): string | undefined {
  const names = HOT_FUNCTIONS[id]?.split(' ');
  if (names === undefined) return undefined;
  const declared = declaredNames(code);
  for (const name of names) {
    const [root = ''] = name.split('.');
    if (!declared.has(root))
      throw new Error(`Functions to compile ahead: ${id} of Node's library declares no ${root}.`);
  }
  return `[${names.join()}]`;
}

/** What is declared at the top of a function's body. */
function declaredNames(code: string): Set<string> {
  const names = new Set<string>();
  const program = parse(code, { ecmaVersion: 'latest', allowReturnOutsideFunction: true });
  for (const statement of program.body) {
    if (statement.type === 'FunctionDeclaration' || statement.type === 'ClassDeclaration') names.add(statement.id.name);
    if (statement.type !== 'VariableDeclaration') continue;
    for (const { id } of statement.declarations) addNames(id, names);
  }
  return names;
}

function addNames(pattern: Pattern, names: Set<string>): void {
  if (pattern.type === 'Identifier') names.add(pattern.name);
  if (pattern.type !== 'ObjectPattern') return;
  for (const property of pattern.properties) {
    addNames(property.type === 'Property' ? property.value : property.argument, names);
  }
}
