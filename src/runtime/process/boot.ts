/**
 * Builds a process: the context that bindings see, Node's bootstrap scripts in Node's order, and, once it is launched, the
 * main script and the event loop.
 */

import type { Foreknowledge, Launch } from '../kernel/launch.ts';
import type { SyscallName, Syscalls } from '../kernel/syscalls.ts';
import { BINDINGS } from './bindings/index.ts';
import { CoverageFiles } from './block-coverage/coverage-files.ts';
import { ScriptCoverage } from './block-coverage/script-coverage.ts';
import type { BindingDescription, BindingObject, HostGlobals, LoopSource, NodeLibrary } from './context.ts';
import type { ProcessCore } from './core.ts';
import { AsyncState, installContextPropagation } from './engine/async-context.ts';
import { chargeGrowingBuffers } from './engine/buffer-charges.ts';
import { materializeBinding } from './engine/description.ts';
import { completeConsole } from './engine/engine-console.ts';
import { showOriginalTexts } from './engine/function-texts.ts';
import { noteJsonTexts } from './engine/json-texts.ts';
import { restoreLocaleAccessors } from './engine/locale-accessors.ts';
import { computeAsNode } from './engine/math/node-math.ts';
import { chargeMemories } from './engine/memory-charges.ts';
import { removeNewerBuiltins } from './engine/newer-builtins.ts';
import { installPrivateSymbols } from './engine/private-symbols.ts';
import { trackProxies } from './engine/proxies.ts';
import { createTimeZoneSetter } from './engine/time-zone.ts';
import { callBeforeWaits } from './engine/waits.ts';
import { widenCalls } from './engine/wide-calls.ts';
import { createEnvironmentObject, Environment } from './environment.ts';
import { ProcessLoop } from './event-loop.ts';
import { CallSites } from './failures/call-sites.ts';
import { createFatalReporter, endsOfErrors, type FatalHooks, ProcessEnded } from './failures/fatal.ts';
import { listenToErrors } from './failures/rejections.ts';
import { createSourceRegistry } from './failures/source-registry.ts';
import { beginAll } from './files/operation.ts';
import { hideBrowserGlobals } from './host.ts';
import { startProcess } from './launch.ts';
import { compileBuiltin, compileText } from './library/compile.ts';
import { HotFunctions } from './library/hot-functions.ts';
import { partLoader } from './library/parts.ts';
import { Preload } from './library/preload.ts';
import { runMainScript } from './library/run-main-script.ts';
import { readOptionTable } from './options/options.ts';
import { warnAhead } from './options/pending-deprecations.ts';
import { createProcessObject } from './process-object.ts';
import { createErrno } from './system-calls/errno.ts';
import type { Sys } from './system-calls/sys.ts';
import { throughLoop } from './system-calls/sys-through-loop.ts';
import type { Inbox } from './threads/inbox.ts';
import { KEY_IN_MESSAGE, NativeCloneables } from './threads/native-cloneables.ts';
import { PortNetwork } from './threads/port-network.ts';
import { createTitleTeller } from './title.ts';

const ODD_VALUE =
  'Assigning any value other than a string, number, or boolean to a process.env property is deprecated. Please make sure to convert the value to a string before setting process.env with it.';

/** The system calls, and what comes for the ports of this thread. */
export interface ThreadSys extends Sys, LoopSource {
  readonly inbox: Inbox;
  readonly environmentVersion: number;
  onObjects(listener: (key: number, objects: unknown[]) => void): void;
  /** Takes what the kernel answers before it is asked; `forget` drops all such answers. */
  learn(known: Foreknowledge): void;
  forget(): void;
  /** The program begins to run, or to wait. */
  noteWork(): void;
  /** As `call`, without waiting for the answer. */
  send<Name extends SyscallName>(name: Name, ...args: Parameters<Syscalls[Name]>): void;
}

export interface BootSetup {
  library: NodeLibrary;
  sys: ThreadSys;
  host: HostGlobals;
  /** A thread of a process, not its main thread. */
  isThread: boolean;
}

export interface BootedProcess {
  /** Runs the program; call it once. */
  start(launch: Launch): void;
  /** Loads steps ahead, where there is time until the launch: those with a bit set, or all. Then calls `done`. */
  preload(steps: number, done: () => void): void;
}

/** Boots as far as can be without knowing what will run. */
export function boot(setup: BootSetup): BootedProcess {
  const core = createCore(setup);
  runBootstrap(core);
  return { start: (launch) => startProcess(core, launch), preload: (steps, done) => core.preload.start(steps, done) };
}

function createCore({ library, sys, host, isThread }: BootSetup): ProcessCore {
  const scope = globalThis as ProcessCore['global'];
  removeNewerBuiltins(scope, library.facts.builtins);
  computeAsNode(Math);
  restoreLocaleAccessors(Intl.Locale.prototype);
  noteJsonTexts(JSON);
  widenCalls(scope);
  chargeMemories(WebAssembly, chargeGrowingBuffers(scope));
  const unbegun: ProcessCore['unbegun'] = new Set();
  callBeforeWaits(Atomics, () => beginAll({ unbegun }));
  const process = createProcessObject(library.facts, library.version);
  let launched: Launch | null = null;
  const tellTitle = createTitleTeller(
    process,
    () => (isThread ? null : launched),
    (title) => sys.send('setTitle', title),
  );
  const loop = new ProcessLoop(host, () => {
    tellTitle();
    sys.noteWork();
  });
  const symbols = describedSymbols(library, 'symbols');
  const perIsolateSymbols = Object.fromEntries(Object.entries(symbols).map(([key, name]) => [key, Symbol(name)]));
  const privateSymbols = installPrivateSymbols(describedPrivateSymbols(library));
  loop.watch(sys);
  const asyncState = new AsyncState(
    requireSymbol(perIsolateSymbols, 'async_id_symbol'),
    requireSymbol(perIsolateSymbols, 'trigger_async_id_symbol'),
  );
  const sourceRegistry = createSourceRegistry((file) => readSource(core, file));
  showOriginalTexts(sourceRegistry);
  const callSites = new CallSites(scope, sourceRegistry);
  const errno = createErrno(library.facts.errorMap);
  const environment = new Environment();
  environment.onTimeZone = (zone) => {
    setTimeZone ??= createTimeZoneSetter(scope);
    setTimeZone(zone);
  };
  environment.onOddValue = () => warnAhead(core, ODD_VALUE, 'DEP0104');
  const bindings = new Map<string, BindingObject>();
  const hooks: FatalHooks = {
    enhanceAfter: null,
    enhanceBefore: null,
    originalSource: null,
    usesSourceMaps: false,
    report: null,
  };
  let timeOrigin = 0;
  const whenLaunched: (() => void)[] = [];
  let preload: Preload | null = null;
  let setTimeZone: ReturnType<typeof createTimeZoneSetter> | null = null;

  const core: ProcessCore = {
    global: scope,
    host,
    library,
    get launch() {
      if (launched === null) throw new Error('the process is not launched yet');
      return launched;
    },
    set launch(launch) {
      launched = launch;
      timeOrigin = launch.thread?.timeOrigin ?? host.timeOrigin + host.now();
      for (const callback of whenLaunched.splice(0)) callback();
    },
    whenLaunched(callback) {
      if (launched) callback();
      else whenLaunched.push(callback);
    },
    get timeOrigin() {
      return timeOrigin;
    },
    uptime: () => host.now() - (timeOrigin - host.timeOrigin),
    isThread,
    shareEnvironment: () => shareEnvironment(sys, environment),
    ports: createPorts({ sys, loop, launch: () => launched }),
    nativeCloneables: new NativeCloneables(),
    sys: throughLoop(sys, loop),
    foreknowledge: sys,
    loop,
    asyncState,
    asyncContext: {
      register: (resource, type, origin) => asyncState.register(resource, type, origin),
      destroy: (resource) => asyncState.destroy(resource),
      idOf: (resource) => asyncState.idOf(resource),
      runIn(resource, callback) {
        // Nothing follows an error that ends the process: it may reach the browser, which knows where it was thrown.
        if (endsOfErrors(core)) {
          asyncState.enter(resource, callback);
          return;
        }
        const outer = asyncState.getFrame();
        try {
          asyncState.enter(resource, callback);
        } catch (error) {
          core.reportFatal(error);
          asyncState.leave(resource, outer);
        }
      },
      runWithin: (resource, callback) => asyncState.enter(resource, callback),
      causeBy: (resource, callback) => asyncState.causeBy(resource, callback),
      complete(request, callback) {
        this.runIn(request, callback);
        asyncState.destroy(request);
      },
      completeLast(request, callback) {
        try {
          asyncState.enter(request, callback);
        } finally {
          asyncState.destroy(request);
        }
      },
      getFrame: () => asyncState.getFrame(),
      setFrame: (frame) => asyncState.setFrame(frame),
    },
    sourceRegistry,
    coverage: new ScriptCoverage(host),
    coverageFiles: new CoverageFiles(() => core),
    callSites,
    privateSymbols,
    perIsolateSymbols,
    primordials: {},
    perContext: {},
    process,
    environment,
    environmentProxy: createEnvironmentObject(host.Proxy, environment),
    commandLine: null,
    optionTable: readOptionTable(library.facts.options),
    compiledAhead: new Map(),
    hotFunctions: new HotFunctions(),
    get preload() {
      preload ??= new Preload(core);
      return preload;
    },
    fatalHooks: hooks,
    proxies: new WeakMap(),
    rejectionCallback: null,
    described: (name) =>
      materializeBinding(name, library.binding(name) ?? {}, (description) => {
        return perIsolateSymbols[description] ?? Symbol.for(description);
      }),
    internalBinding(name) {
      const known = bindings.get(name);
      if (known !== undefined) return known;
      const factory = BINDINGS[name];
      if (factory === undefined && !library.hasBinding(name)) throw new Error(`No such binding: ${name}`);
      const binding = factory ? factory(core) : core.described(name);
      bindings.set(name, binding);
      return binding;
    },
    require: () => {
      throw new Error("Node's internal require is not there before bootstrap/realm");
    },
    errnoNameOf: errno.nameOf,
    errnoMessageOf: errno.messageOf,
    errnoOf: errno.errnoOf,
    createErrnoError: (...args) => callSites.makeWithRoom(() => errno.createErrnoError(...args)),
    makeError: (make) => callSites.makeWithRoom(make),
    unbegun,
    noteSync: null,
    tellTitle,
    reportFatal: () => undefined,
    callReported: () => undefined,
    reportedPlace: () => undefined,
    emitWarningSync: () => undefined,
    exit(code) {
      if (core.ports.isInUse) {
        loop.stop();
        sys.call('exit', code, core.preload.used());
      } else {
        core.end(code);
      }
      throw new ProcessEnded();
    },
    end(code) {
      loop.stop();
      sys.send('exit', code, core.preload.used());
    },
    ...partLoader(sys, host),
    compileFunction: (source, parameters, file) => compileText(host, source, parameters, file),
  };
  process[requireSymbol(privateSymbols, 'exit_info_private_symbol')] = new Int32Array(3);
  process.env = core.environmentProxy;
  core.reportFatal = createFatalReporter(core, callSites, hooks);
  Object.assign(core, listenToErrors(core));
  core.nativeCloneables.registerLater(KEY_IN_MESSAGE, () => void core.require('internal/crypto/keys'));
  for (const name of ['SocketAddress', 'BlockList']) {
    core.nativeCloneables.registerLater(name, () => void core.internalBinding('block_list'));
  }
  return core;
}

/** From now on other threads may have this one's environment, or it has its parent's. */
function shareEnvironment(sys: ThreadSys, environment: Environment): void {
  if (environment.isShared) return;
  sys.call('shareEnvironment', environment.entries());
  environment.share({
    get version() {
      return sys.environmentVersion;
    },
    read: () => sys.call('readEnvironment'),
    write: (name, value) => sys.call('setVariable', name, value),
  });
}

interface PortsSetup {
  sys: ThreadSys;
  loop: ProcessLoop;
  launch: () => Launch | null;
}

function createPorts({ sys, loop, launch }: PortsSetup): PortNetwork {
  const ports = new PortNetwork({ sys, inbox: sys.inbox, loop, launch });
  sys.onObjects((key, objects) => ports.receiveObjects(key, objects));
  return ports;
}

/** Node's bootstrap, in the order of its C++. */
function runBootstrap(core: ProcessCore): void {
  installContextPropagation(core.host, core.asyncState, core.proxies);
  trackProxies(core);
  const { process, primordials, privateSymbols, perIsolateSymbols } = core;
  for (const name of ['primordials', 'domexception', 'messageport']) {
    const id = `internal/per_context/${name}`;
    const exports: Record<string, unknown> = {};
    core.perContext[name] = exports;
    const parameters = ['exports', 'primordials', 'privateSymbols', 'perIsolateSymbols'];
    compileBuiltin(core, id, parameters)(exports, primordials, privateSymbols, perIsolateSymbols);
  }
  const linked = (name: string) => {
    throw new Error(`No such binding: ${name}`);
  };
  const realm = compileBuiltin(core, 'internal/bootstrap/realm', [
    'process',
    'getLinkedBinding',
    'getInternalBinding',
    'primordials',
  ]);
  realm(process, linked, (name: string) => core.internalBinding(name), primordials);
  for (const name of [
    'node',
    'web/exposed-wildcard',
    'web/exposed-window-or-worker',
    core.isThread ? 'switches/is_not_main_thread' : 'switches/is_main_thread',
    core.isThread ? 'switches/does_not_own_process_state' : 'switches/does_own_process_state',
  ]) {
    runMainScript(core, `internal/bootstrap/${name}`);
  }
  completeConsole(core.global.console);
  core.callSites.install();
  hideBrowserGlobals(core.global);
}

function describedSymbols(library: NodeLibrary, binding: string): Record<string, string> {
  return symbolNames(library.binding(binding) ?? {});
}

function describedPrivateSymbols(library: NodeLibrary): Record<string, string> {
  const described = library.binding('util')?.privateSymbols;
  return typeof described === 'object' && described.type === 'object' ? symbolNames(described.value) : {};
}

function symbolNames(described: BindingDescription): Record<string, string> {
  const names: Record<string, string> = {};
  for (const [key, value] of Object.entries(described)) {
    if (typeof value === 'object' && value.type === 'symbol') names[key] = value.value;
  }
  return names;
}

function requireSymbol(symbols: Readonly<Record<string, symbol>>, name: string): symbol {
  const symbol = symbols[name];
  if (symbol === undefined) throw new Error(`Node's library describes no symbol ${name}`);
  return symbol;
}

/** The text of a file that was not compiled through the registry: the library's own, or one on disk. */
function readSource(core: ProcessCore, file: string): string | undefined {
  if (file.startsWith('node:')) return core.library.source(file.slice(5))?.code;
  const path = file.startsWith('file://') ? decodeURIComponent(file.slice(7)) : file;
  if (!path.startsWith('/')) return undefined;
  try {
    return new core.host.TextDecoder().decode(core.sys.call('readFile', path));
  } catch {
    return undefined;
  }
}
