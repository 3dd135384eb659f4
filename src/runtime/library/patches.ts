/**
 * The few places where Node's library must differ. A browser cannot drain the microtask queue synchronously, so the functions
 * that do become generators which `yield` there; the event loop returns to the browser and resumes them.
 */

import type { Edit } from '../process/modules/transform/edits.ts';

/** One replacement of one text in one module. */
export interface Patch {
  id: string;
  find: string;
  replace: string;
  /** How often `find` must occur; once when absent. */
  times?: number;
  /** A call in the replacement, and the word of `find` whose place it has in stacks. */
  calls?: { text: string; instead: string };
}

const TASK_QUEUES = 'internal/process/task_queues';
const TIMERS = 'internal/timers';

/**
 * Modules run here and not in the binding, so that in their stacks there is no frame that Node has not. What follows
 * takes the evaluation's result.
 */
const runModules = (wrap: string): string =>
  `for(let step=${wrap}.startEvaluation();step;)try{step=${wrap}.resumeEvaluation(step())}catch(error){step=${wrap}.failEvaluation(error)}`;

function runModulesBefore(statement: string, wrap: string): Pick<Patch, 'find' | 'replace' | 'calls'> {
  const instead = statement.includes('evaluateSync') ? 'evaluateSync' : 'evaluate(';
  return { find: statement, replace: runModules(wrap) + statement, calls: { text: 'step())', instead } };
}

/** A patch keeps the lines of a module. */
const onOneLine = (statements: string): string => statements.replaceAll(/\n\s*/g, ' ');

const MODULE_JOB = 'internal/modules/esm/module_job';

/**
 * What few programs need of a module is taken where it is used, and not where the module that uses it is loaded, which is in every start.
 * (Natively it is in a snapshot.) `use` is a use of it, as text that begins with its name.
 */
function takenLate(id: string, statement: string, use: { find: string; times?: number }): Patch[] {
  const from = /require\('.*'\)/.exec(statement)?.[0] ?? '';
  return [
    { id, find: statement, replace: '' },
    { id, ...use, replace: `${from}.${use.find}` },
  ];
}

/** Likewise of a class: `found` is where one is made. */
function madeLate(id: string, { statement, found, made }: Record<'statement' | 'found' | 'made', string>): Patch[] {
  const from = /require\('.*'\)/.exec(statement)?.[0] ?? '';
  return [
    { id, find: statement, replace: '' },
    { id, find: found, replace: `new (${from}.${made})(${found.slice(found.indexOf('(') + 1)}` },
  ];
}

/** Loaded when they are used: no start uses them. What has global classes is not among them: those would be accessors. */
const SNAPSHOT_ONLY = ['internal/data_url', 'internal/mime', 'internal/streams/utils', 'querystring', 'url', 'util'];

/** Functions that are lazy properties of `exported` in the module: they have a value at once, as programs that mock them expect. */
function lateFunctions(id: string, exported: string, from: string, lengths: Record<string, number>): Patch {
  const names = Object.keys(lengths);
  const classes = LAZY_CLASSES[from] ?? [];
  const list = (listed: readonly string[]) => `[${listed.map((name) => `'${name}'`).join(', ')}],\n);`;
  const functions = names.map(
    (name) =>
      `${exported}.${name}=internalBinding('builtins').lateFunction('${name}',${lengths[name]},()=>require('${from}').${name});`,
  );
  return { id, find: list([...classes, ...names]), replace: list(classes) + functions.join('') };
}

/** The lazy properties that stay so. */
const LAZY_CLASSES: Readonly<Record<string, readonly string[]>> = {
  'internal/fs/dir': ['Dir'],
  'internal/blob': ['Blob'],
};

/** What parses programs may be loaded when one has already defined what it likes on Object.prototype. */
const ACORN = 'internal/deps/acorn/acorn/dist/acorn';

/** A class that inherits nothing, nor do its instances, from where it gets its first method. */
const inheritingNothing = (name: string, method: string): Patch => ({
  id: ACORN,
  find: `${name}.prototype.${method} = function`,
  replace: onOneLine(`
    primordials.ObjectSetPrototypeOf(${name}, null);
    primordials.ObjectSetPrototypeOf(${name}.prototype, null);
    ${name}.prototype.${method} = function
  `).trim(),
});

const REALM = 'internal/bootstrap/realm';
const ABORT_CONTROLLER = "(require('internal/abort_controller').AbortController)";

/** What only adds text leaves the rest of its line as it is, in error messages too: add rather than replace. */
export const PATCHES: readonly Patch[] = [
  { id: TASK_QUEUES, find: 'function runNextTicks() {', replace: 'function* runNextTicks() {' },
  { id: TASK_QUEUES, find: '    runMicrotasks();', replace: '    yield;', times: 2 },
  { id: TASK_QUEUES, find: '\n\n  processTicksAndRejections();', replace: '\n\n  yield* processTicksAndRejections();' },
  {
    id: TASK_QUEUES,
    find: 'function processTicksAndRejections() {',
    replace: 'function* processTicksAndRejections() {',
  },
  { id: TASK_QUEUES, find: '  enqueueMicrotask,', replace: '  enqueueMicrotask,tickScheduled,' },
  { id: TASK_QUEUES, find: 'setHasTickScheduled(true);', replace: 'setHasTickScheduled(true);tickScheduled();' },
  {
    // The error's own stack starts above this function: the place of the throw would be lost.
    id: 'internal/errors',
    find: 'ErrorCaptureStackTrace(error, wrappedFn);\n      throw error;',
    replace: "ErrorCaptureStackTrace(error, wrappedFn);\n      internalBinding('errors').noteThrow(error);throw error;",
  },
  {
    id: 'assert',
    find: 'throw new AssertionError(obj',
    replace: "throw internalBinding('errors').noteThrow(new AssertionError(obj",
  },
  { id: 'assert', find: 'new AssertionError(obj);', replace: 'new AssertionError(obj));' },
  {
    id: 'events',
    find: "throw er; // Unhandled 'error' event",
    replace: "internalBinding('errors').noteThrow(er);throw er; // Unhandled 'error' event",
  },
  {
    id: MODULE_JOB,
    find: 'hasTopLevelAwait);\n      throw e;\n    }\n  }\n}',
    replace: "hasTopLevelAwait);\n      internalBinding('errors').noteThrow(e);throw e;\n    }\n  }\n}",
  },
  { id: MODULE_JOB, ...runModulesBefore('await this.module.evaluate(', 'this.module') },
  { id: MODULE_JOB, ...runModulesBefore('this.evaluationPromise = this.module.evaluate(', 'this.module') },
  { id: MODULE_JOB, ...runModulesBefore('const namespace = this.module.evaluateSync(', 'this.module'), times: 2 },
  {
    // A private symbol would be read through the proxy, or through a prototype that the object has not.
    id: 'internal/vm',
    find: 'return object[contextify_context_private_symbol] !== undefined;',
    replace: "return internalBinding('contextify').isContextObject(object);",
  },
  { id: 'internal/vm/module', ...runModulesBefore('return this[kWrap].evaluate(', 'this[kWrap]') },
  {
    // The error's own stack starts at its constructor, a line above.
    id: 'internal/modules/typescript',
    find: 'throw decorateErrorWithSnippet(unsupportedSyntaxError, error);',
    replace: "throw internalBinding('errors').noteThrow(decorateErrorWithSnippet(unsupportedSyntaxError, error));",
  },
  {
    id: 'internal/modules/typescript',
    find: 'throw decorateErrorWithSnippet(invalidSyntaxError, error);',
    replace: "throw internalBinding('errors').noteThrow(decorateErrorWithSnippet(invalidSyntaxError, error));",
  },
  {
    id: 'internal/process/warning',
    find: 'throw warning;',
    replace: "internalBinding('errors').noteThrow(warning);throw warning;",
  },
  {
    // Here packages use it where native Node runs their machine code, which prints no warning.
    id: 'wasi',
    find: "emitExperimentalWarning('WASI');",
    replace: 'void emitExperimentalWarning;',
  },
  // A rejection is reported after the callback that it happened in, when no domain is entered any more.
  {
    id: 'domain',
    find: 'return _domain[0] = arg;',
    replace: "internalBinding('task_queue').noteDomain(arg);return _domain[0] = arg;",
  },
  {
    id: 'internal/process/promises',
    find: 'domain: process.domain,',
    replace: "domain: process.domain ?? internalBinding('task_queue').domainOf(promise),",
  },
  { id: TIMERS, find: 'function processImmediate() {', replace: 'function* processImmediate() {' },
  { id: TIMERS, find: 'function processTimers(now) {', replace: 'function* processTimers(now) {' },
  { id: TIMERS, find: 'function listOnTimeout(list, now) {', replace: 'function* listOnTimeout(list, now) {' },
  { id: TIMERS, find: ' runNextTicks();', replace: ' yield* runNextTicks();', times: 3 },
  { id: TIMERS, find: '      listOnTimeout(list, now);', replace: '      yield* listOnTimeout(list, now);' },
  {
    // One call instead of four, or none. Not where somebody has put functions of his own in the place of those that would be called.
    id: 'fs',
    find: '// File descriptor ownership\n  const fd = isUserFd ? path : fs.openSync(path, options.flag, 0o666);',
    replace:
      '// File descriptor ownership\n  ' +
      "if(options.flag==='r'&&fs.openSync===openSync&&fs.readSync===readSync&&fs.closeSync===closeSync){" +
      'const whole=binding.readFileBytes(path,Buffer.allocUnsafe);' +
      'if(whole!==undefined)return options.encoding?whole.toString(options.encoding):whole;}' +
      'const fd = isUserFd ? path : fs.openSync(path, options.flag, 0o666);',
  },
  {
    id: 'fs',
    find: 'const original = p;',
    replace:
      'const original = p;' +
      'if(!cache){const whole=binding.realpathByLinks(p);if(whole!==undefined)return encodeRealpathResult(whole,options);}',
  },
  // Tools import it for what they do only when asked; a session cannot be connected.
  {
    id: 'inspector',
    find: 'if (!hasInspector)\n  throw new ERR_INSPECTOR_NOT_AVAILABLE();',
    replace: 'void hasInspector;\n',
  },
  {
    id: 'trace_events',
    find: 'if (!hasTracing || !ownsProcessState)',
    replace: 'if (!ownsProcessState)',
  },
  // There is no inspector, but coverage: the sources of the program count what runs of them.
  { id: 'internal/util', find: 'if (process.features.inspector) {', replace: 'if (true) {' },
  {
    id: 'v8',
    find: "if (internalBinding('config').hasInspector) {\n  profiler",
    replace: '{\n  profiler',
  },
  // A Worker's stack is half of Node's: so many arguments are too much for it.
  { id: 'internal/deps/undici/undici', find: '(2 << 15) - 1', replace: '(2 << 13) - 1', times: 2 },
  { id: ACORN, find: '? factory(exports)', replace: '? factory(primordials.ObjectSetPrototypeOf(exports, null))' },
  { id: ACORN, find: '{ configurable: true }', replace: '{ __proto__: null, configurable: true }', times: 9 },
  { id: ACORN, find: 'Object.defineProperties( Parser', replace: 'primordials.ObjectDefineProperties( Parser' },
  inheritingNothing('Position', 'offset'),
  inheritingNothing('Parser', 'parse'),
  inheritingNothing('BranchID', 'separatedFrom'),
  inheritingNothing('RegExpValidationState', 'reset'),
  // Read without a call for each of its hundreds of values.
  {
    id: 'internal/bootstrap/node',
    find: 'const processConfig = JSONParse(',
    replace: 'const processConfig = binding.frozenConfig ?? JSONParse(',
  },
  // What programs read of the list of modules is as natively, where these are in the snapshot.
  {
    id: REALM,
    find: 'const moduleLoadList = [];',
    replace: `const listed = { __proto__: null, ${SNAPSHOT_ONLY.map((id) => `'NativeModule ${id}': true`).join()} };const moduleLoadList = primordials.ObjectKeys(listed);`,
  },
  {
    id: REALM,
    find: `ArrayPrototypePush(moduleLoadList, \`NativeModule \${id}\`)`,
    replace: `listed[\`NativeModule \${id}\`] || ArrayPrototypePush(moduleLoadList, \`NativeModule \${id}\`)`,
  },
  // They are loaded there to be in the snapshot.
  {
    id: 'internal/bootstrap/switches/is_main_thread',
    find: "require('util');\nrequire('url'); // eslint",
    replace: '\n// eslint',
  },
  ...['internal/event_target', 'internal/perf/observe', 'internal/perf/performance_entry'].map((id) => ({
    id,
    find: "const { inspect } = require('util');",
    replace: "const { inspect } = require('internal/util/inspect');",
  })),
  ...takenLate('internal/url', "const { percentDecode } = require('internal/data_url');", {
    find: 'percentDecode(Buffer',
    times: 2,
  }),
  { id: 'internal/url', find: "const querystring = require('querystring');", replace: '' },
  { id: 'internal/url', find: 'querystring.unescape(', replace: "require('querystring').unescape(", times: 3 },
  {
    id: 'net',
    find: "const {\n  hasObserver,\n  startPerf,\n  stopPerf,\n} = require('internal/perf/observe');",
    replace:
      "const perf = () => require('internal/perf/observe'),\n  hasObserver = (type) => perf().hasObserver(type),\n" +
      '  startPerf = (target, key, context) => perf().startPerf(target, key, context),\n' +
      '  stopPerf = (target, key, context) => perf().stopPerf(target, key, context);\n',
  },
  ...['internal/streams/pipeline', 'internal/streams/operators'].map((id) => ({
    id,
    find: 'new AbortController()',
    replace: `new ${ABORT_CONTROLLER}()`,
  })),
  {
    id: 'internal/streams/pipeline',
    find: "const { AbortController } = require('internal/abort_controller');",
    replace: '',
  },
  ...takenLate(
    'internal/streams/operators',
    "const { AbortController, AbortSignal } = require('internal/abort_controller');",
    {
      find: 'AbortSignal.any(',
    },
  ),
  // A program that imports all of `fs` makes no use of all that it exports, one that starts others sends them no sockets.
  {
    id: REALM,
    find: '        this.module.setExport(exportName,\n',
    replace:
      "        const late = internalBinding('builtins').lateExport(this.exports, exportName); if (late) this.module.setLateExport(exportName, late); else this.module.setExport(exportName,\n",
  },
  {
    id: 'fs',
    find: '      return promises;\n    },\n  },\n});',
    replace:
      "      return promises;\n    },\n  },\n}); internalBinding('builtins').noteLateExports(fs, ['promises', 'Utf8Stream']);",
  },
  ...takenLate('internal/util/trace_sigint', "const { isMainThread } = require('worker_threads');", {
    find: 'isMainThread)',
  }),
  ...madeLate('internal/fs/promises', {
    statement: "const { Interface } = require('internal/readline/interface');",
    found: 'new Interface({',
    made: 'Interface',
  }),
  ...madeLate('internal/fs/promises', {
    statement: "const nonNativeWatcher = require('internal/fs/recursive_watch');",
    found: 'new nonNativeWatcher.FSWatcher(',
    made: 'FSWatcher',
  }),
  {
    id: 'internal/fs/promises',
    find: "const { kFSWatchStart, watch } = require('internal/fs/watchers');",
    replace: '',
  },
  {
    id: 'internal/fs/promises',
    find: 'watcher[kFSWatchStart](',
    replace: "watcher[require('internal/fs/watchers').kFSWatchStart](",
  },
  {
    id: 'internal/fs/streams',
    find: "const { kRef, kUnref, FileHandle } = require('internal/fs/promises');",
    replace: '',
  },
  ...[
    ['instanceof ', 'FileHandle)'],
    ['handle[', 'kUnref]'],
    ['stream[kHandle][', 'kRef]'],
  ].map(([before, used]) => ({
    id: 'internal/fs/streams',
    find: `${before}${used}`,
    replace: `${before}require('internal/fs/promises').${used}`,
  })),
  // On Linux the function of this name that is exported is another one.
  { id: 'internal/fs/promises', find: 'yield* watch(', replace: "yield* require('internal/fs/watchers').watch(" },
  ...madeLate('internal/child_process', {
    statement: "const dgram = require('dgram');",
    found: 'new dgram.Socket(',
    made: 'Socket',
  }),
  {
    id: 'internal/child_process',
    find: 'instanceof dgram.Socket)',
    replace: "instanceof require('dgram').Socket)",
  },
  { id: 'internal/child_process', find: "const { kStateSymbol } = require('internal/dgram');", replace: '' },
  {
    id: 'internal/child_process',
    find: 'socket[kStateSymbol]',
    replace: "socket[require('internal/dgram').kStateSymbol]",
  },
  ...madeLate('internal/test_runner/mock/mock', {
    statement: "const { MockTimers } = require('internal/test_runner/mock/mock_timers');",
    found: 'new MockTimers(',
    made: 'MockTimers',
  }),
  ...['createContext', 'runInContext'].map((name) => ({
    id: 'internal/test_runner/snapshot',
    find: `      ${name}(`,
    replace: `      require('vm').${name}(`,
  })),
  {
    id: 'internal/test_runner/snapshot',
    find: "const { createContext, runInContext } = require('vm');",
    replace: '',
  },
  // The process of a test file starts no others, and has seldom a mock.
  {
    id: 'test',
    find: "const { run } = require('internal/test_runner/runner');",
    replace:
      "const run = internalBinding('builtins').lateFunction('run', 0, () => require('internal/test_runner/runner').run);",
  },
  {
    id: 'internal/test_runner/test',
    find: "const { MockTracker } = require('internal/test_runner/mock/mock');",
    replace: '',
  },
  {
    id: 'internal/test_runner/test',
    find: 'new MockTracker()',
    replace: "new (require('internal/test_runner/mock/mock').MockTracker)()",
  },
  {
    id: 'internal/error_serdes',
    find: "const { inspect: { custom: customInspectSymbol } } = require('util');",
    replace: "const { inspect: { custom: customInspectSymbol } } = require('internal/util/inspect');",
  },
  // A browser has no second realm to take an untouched RegExp from.
  {
    id: 'internal/util',
    find: "    const { runInNewContext } = require('vm');\n    internalGlobal = runInNewContext('this', undefined, { contextName: 'internal' });",
    replace: '\n    internalGlobal = { __proto__: null, RegExp: primordials.RegExp };',
  },
  // What is loaded in a rehearsal (`process/library/rehearse-modules.ts`) is before the program, and before the environment says what is logged.
  {
    id: 'internal/util/debuglog',
    find: '  let debug = (...args) => {\n    init();',
    replace: '  let debug = (...args) => {\n    if (testEnabled === undefined) return;init();',
  },
  {
    id: 'internal/util/debuglog',
    find: 'Timer = (logLabel, traceLabel) => {\n    init();',
    replace: 'Timer = (logLabel, traceLabel) => {\n    if (testEnabled === undefined) return;init();',
    times: 2,
  },
  // A rehearsal requires modules before the environment is there: it shall be asked each time.
  {
    id: 'internal/modules/cjs/loader',
    find: 'getLazy(() => process.env.WATCH_REPORT_DEPENDENCIES)',
    replace: '(() => process.env.WATCH_REPORT_DEPENDENCIES)',
  },
  {
    id: 'internal/modules/helpers',
    find: '  setHasStartedUserESMExecution() {',
    replace:
      '  forgetUserExecution() { _hasStartedUserESMExecution = _hasStartedUserCJSExecution = false; },' +
      'setHasStartedUserESMExecution() {',
  },
  // They ask for the standard streams and their colours when they are loaded, which may be before the launch: they shall ask when they write.
  {
    id: 'internal/test_runner/utils',
    find: 'const { green, yellow, red, white, shouldColorize } =',
    replace: 'const colors =',
  },
  {
    id: 'internal/test_runner/utils',
    find: '  high: green,\n  medium: yellow,\n  low: red,',
    replace:
      '  get high() { return colors.green; },\n  get medium() { return colors.yellow; },\n  get low() { return colors.red; },',
  },
  {
    id: 'internal/test_runner/utils',
    find: ' shouldColorize(destination)',
    replace: ' colors.shouldColorize(destination)',
  },
  {
    id: 'internal/test_runner/utils',
    find: "new SafeMap([\n  ['stdout', process.stdout],\n  ['stderr', process.stderr],\n]);",
    replace: "{\n  get: (name) => name === 'stdout' ||\n    name === 'stderr' ? process[name] : undefined,\n};",
  },
  { id: 'internal/test_runner/utils', find: 'report += white;', replace: 'report += colors.white;' },
  {
    id: 'internal/test_runner/reporter/utils',
    find: 'colors: colors.shouldColorize(process.stdout),',
    replace: 'get colors() { return colors.shouldColorize(process.stdout); },',
  },
  lateFunctions('fs', 'fs', 'internal/fs/dir', { opendir: 3, opendirSync: 2 }),
  lateFunctions('util', 'module.exports', 'internal/util/parse_args/parse_args', { parseArgs: 0 }),
  lateFunctions('util', 'module.exports', 'internal/util/diff', { diff: 2 }),
  lateFunctions('util', 'module.exports', 'internal/util/trace_sigint', { setTraceSigInt: 1 }),
  lateFunctions('buffer', 'module.exports', 'internal/blob', { resolveObjectURL: 1 }),
  // It asks stderr when it is loaded, which may be before the launch: it shall ask when a colour is first needed.
  {
    id: 'internal/util/colors',
    find: '\nmodule.exports.refresh();',
    replace: `\n${onOneLine(`
for (const name of ['blue', 'green', 'white', 'yellow', 'red', 'gray', 'clear', 'reset', 'hasColors']) {
  primordials.ObjectDefineProperty(module.exports, name, {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get() {
      module.exports.refresh();
      return module.exports[name];
    },
    set(value) {
      const plain = { __proto__: null, configurable: true, enumerable: true, writable: true, value };
      primordials.ObjectDefineProperty(module.exports, name, plain);
    },
  });
}`)}`,
  },
];

/**
 * The edits of every patch, by module. Throws when a text is not found as often as expected: then Node has changed, and
 * the patch must be looked at again.
 */
export function patchEdits(
  sources: Readonly<Record<string, string>>,
  patches: readonly Patch[] = PATCHES,
): Map<string, Edit[]> {
  const edits = new Map<string, Edit[]>();
  for (const patch of patches) {
    const source = sources[patch.id];
    if (source === undefined) throw new Error(`Patching Node's library: it has no module ${patch.id}.`);
    edits.set(patch.id, [...(edits.get(patch.id) ?? []), ...editsOf(source, patch)]);
  }
  return edits;
}

function editsOf(source: string, { id, find, replace, times = 1, calls }: Patch): Edit[] {
  const changes = lineEdits(find, replace);
  if (changes === null) throw new Error(`Patching Node's library: other lines than ${JSON.stringify(find)} in ${id}.`);
  const edits: Edit[] = [];
  let found = 0;
  for (let at = source.indexOf(find); at >= 0; at = source.indexOf(find, at + find.length)) {
    found++;
    for (const { start, end, text } of changes) {
      const edit = { start: at + start, end: at + end, text };
      const place = calls ? text.indexOf(calls.text) : -1;
      const mark = calls && place >= 0 && { at: place, original: at + find.indexOf(calls.instead) };
      edits.push(mark ? { ...edit, mark } : edit);
    }
  }
  if (found !== times) {
    throw new Error(`Patching Node's library: expected ${times} of ${JSON.stringify(find)} in ${id}, found ${found}.`);
  }
  return edits;
}

/**
 * Line by line only what differs: what the lines share at their ends keeps its place, and each line its number. Null when the texts
 * have not as many lines.
 */
function lineEdits(find: string, replace: string): Edit[] | null {
  const lines = find.split('\n');
  const others = replace.split('\n');
  if (lines.length !== others.length) return null;
  const edits: Edit[] = [];
  let at = 0;
  for (const [index, line] of lines.entries()) {
    const other = others[index] ?? '';
    const shorter = Math.min(line.length, other.length);
    let head = 0;
    while (head < shorter && line[head] === other[head]) head++;
    let tail = 0;
    while (tail < shorter - head && line.at(-1 - tail) === other.at(-1 - tail)) tail++;
    if (line !== other) {
      edits.push({ start: at + head, end: at + line.length - tail, text: other.slice(head, other.length - tail) });
    }
    at += line.length + 1;
  }
  return edits;
}
