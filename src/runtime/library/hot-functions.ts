/**
 * What nearly every program calls first, of the modules that a waiting Worker has loaded: it is compiled there before the launch
 * (`process/library/hot-functions.ts`). Found with V8's precise coverage of small programs (CommonJS, ES modules, files, standard streams,
 * servers, children) between their launch and their end; a function that is missing here is compiled when it is called first.
 */

import { type Pattern, parse } from 'acorn';

/** Module -> functions, as expressions in its scope. */
export const HOT_FUNCTIONS: Readonly<Record<string, string>> = {
  buffer:
    'Buffer.isEncoding Buffer.prototype.subarray Buffer.prototype.toString _copyActual adjustOffset byteLength ' +
    'copyImpl fromArrayBuffer getEncodingOps',
  child_process:
    'checkExecSyncError execFile execSync normalizeExecArgs normalizeExecFileArgs normalizeSpawnArguments ' +
    'sanitizeKillSignal spawn spawnSync',
  diagnostics_channel: 'TracingChannel.prototype.tracePromise TracingChannel.prototype.traceSync',
  events:
    'EventEmitter.prototype.once EventEmitter.prototype.removeAllListeners EventEmitter.prototype.removeListener ' +
    '_onceWrap addCatch onceWrapper',
  fs:
    'encodeRealpathResult existsSync isFileType mkdirSync open openSync read readFileSync readSync readdirSync ' +
    'realpathSync writeFileSync',
  'internal/async_hooks':
    'defaultTriggerAsyncIdScope emitAfterScript emitBeforeScript emitDestroyScript enabledHooksExist ' +
    'getDefaultTriggerAsyncId hasHooks initHooksExist newAsyncId popAsyncContext pushAsyncContext',
  'internal/child_process': 'ChildProcess ChildProcess.prototype.spawn getValidStdio spawnSync stdioStringToArray',
  'internal/console/constructor': 'consoleMethods.log initializeGlobalConsole lazyUtilColors',
  'internal/dns/utils': 'createResolverClass initializeDns',
  'internal/encoding': 'getEncodingFromLabel validateDecoder',
  'internal/errors': 'setInternalPrepareStackTrace',
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
    'Module Module._findPath Module._initPaths Module._load Module._resolveFilename Module._resolveLookupPaths ' +
    'Module.prototype._compile Module.prototype.load Module.prototype.require defaultLoadImpl ' +
    'findLongestRegisteredExtension initializeCJS isRelative loadBuiltinWithHooks loadSource ' +
    'reportModuleToWatchMode resolveExports resolveForCJSWithHooks stat tryPackage trySelf trySelfParentPath ' +
    "updateChildren wrapModuleLoad wrapSafe Module._extensions['.js']",
  'internal/modules/esm/assert': 'validateAttributes',
  'internal/modules/esm/get_format': 'extname getFileProtocolModuleFormat',
  'internal/modules/esm/load': 'defaultLoadSync getSourceSync throwIfUnsupportedURLScheme',
  'internal/modules/esm/loader':
    'ModuleLoader.prototype.getModuleJobForImport ModuleLoader.prototype.import ' +
    'ModuleLoader.prototype.loadAndTranslate ModuleLoader.prototype.resolve createModuleLoader',
  'internal/modules/esm/utils': 'compileSourceTextModule getConditionsSet initializeDefaultConditions initializeESM',
  'internal/modules/helpers':
    'assertBufferSource getCjsConditions initializeCjsConditions lazyModule loadBuiltinModule makeRequireFunction ' +
    'toRealPath',
  'internal/modules/package_json_reader':
    'deserializePackageJSON findParentPackageJSON getNearestParentPackageJSON read',
  'internal/modules/run_main':
    'asyncRunEntryPointWithESMLoader executeUserEntryPoint resolveMainPath shouldUseESMLoader',
  'internal/options': 'getEmbedderOptions',
  'internal/process/per_thread': 'toggleTraceCategoryState',
  'internal/process/pre_execution':
    'addReadOnlyProcessAlias initializeClusterIPC initializeConfigFileSupport initializeDeprecations ' +
    'initializeFrozenIntrinsics initializeHeapSnapshotSignalHandlers initializeModuleLoaders initializePermission ' +
    'initializeReport initializeReportSignalHandlers initializeSourceMapsHandlers loadPreloadModules ' +
    'markBootstrapComplete patchProcessObject prepareExecution prepareMainThreadExecution refreshRuntimeOptions ' +
    'setupChildProcessIpcChannel setupCodeCoverage setupDebugEnv setupEventsource setupHttpProxy ' +
    'setupInspectorHooks setupNavigator setupNetworkInspection setupQuic setupSQLite ' +
    'setupStacktracePrinterOnSigint setupTraceCategoryState setupVmModules setupWarningHandler setupWebStorage ' +
    'setupWebsocket',
  'internal/process/promises': 'processPromiseRejections setHasRejectionToWarn',
  'internal/process/task_queues': 'nextTick processTicksAndRejections setHasTickScheduled',
  'internal/source_map/source_map_cache': 'setSourceMapsSupport',
  'internal/stream_base_commons':
    'afterWriteDispatched createWriteWrap handleWriteReq onStreamRead setStreamTimeout writeGeneric writevGeneric',
  'internal/streams/destroy': '_destroy checkError construct constructNT destroy emitCloseNT undestroy',
  'internal/streams/legacy': 'prependListener',
  'internal/streams/readable':
    'Readable Readable.prototype.on Readable.prototype.pipe Readable.prototype.push Readable.prototype.read ' +
    'Readable.prototype.removeListener Readable.prototype.resume Readable.prototype.setEncoding ' +
    'Readable.prototype.unpipe addChunk canPushMore emitReadable_ endReadable endReadableNT endWritableNT flow ' +
    'fromList howMuchToRead maybeReadMore maybeReadMore_ onEofChunk readableAddChunkPushByteMode resume resume_',
  'internal/streams/state': 'getHighWaterMark highWaterMarkFrom',
  'internal/streams/writable':
    'Writable.prototype.destroy Writable.prototype.end Writable.prototype.write _write afterWrite afterWriteTick ' +
    'callFinishedCallbacks clearBuffer doWrite finish finishMaybe needFinish onFinish onwrite prefinish ' +
    'writeOrBuffer',
  'internal/timers': 'getTimerDuration incRefCount initAsyncResource insert insertGuarded setPosition',
  'internal/url': 'fileURLToPath getPathFromURLPosix isURL pathToFileURL toPathIfFileURL',
  'internal/util': 'guessHandleType normalizeEncoding slowCases',
  'internal/util/debuglog': 'debuglogImpl emitWarningIfNeeded initializeDebugEnv',
  'internal/util/inspect':
    'formatArray formatMap formatProperty formatRaw getClassBase getConstructorName getFunctionBase getKeys ' +
    'getPrefix isBelowBreakLength reduceToSingleString strEscape tryStringify',
  'internal/util/types': 'isUint8Array',
  'internal/v8/startup_snapshot': 'runDeserializeCallbacks',
  'internal/validators':
    'isInt32 parseFileMode validateBoolean.withoutStackTrace validateBuffer.withoutStackTrace ' +
    'validateInt32.withoutStackTrace validateInteger.withoutStackTrace validateNumber.withoutStackTrace ' +
    'validateOneOf.withoutStackTrace validatePort.withoutStackTrace validateUint32.withoutStackTrace',
  'internal/worker/js_transferable': 'markTransferMode',
  net:
    'Server Server.prototype._emitCloseIfDrained Server.prototype.close Server.prototype.listen Socket ' +
    'Socket.prototype._destroy Socket.prototype._final Socket.prototype._read Socket.prototype._unrefTimer ' +
    'Socket.prototype._write Socket.prototype._writeGeneric Socket.prototype.connect Socket.prototype.end ' +
    'Socket.prototype.read Socket.prototype.resume Socket.prototype.setKeepAlive addServerAbortSignalOption ' +
    'afterConnect closeSocketHandle createHandle createServerHandle getNewAsyncId initSocketHandle ' +
    'internalConnect listenInCluster lookupAndConnect lookupAndConnectMultiple normalizeArgs onReadableStreamEnd ' +
    'onconnection setupListenHandle tryReadStart',
  path: 'posix.basename posix.dirname posix.isAbsolute posix.join posix.normalize posix.toNamespacedPath',
  string_decoder: 'StringDecoder.prototype.write',
  timers: 'clearTimeout setTimeout unenroll',
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
