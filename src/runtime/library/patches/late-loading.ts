/** What no start needs is loaded when it is used: natively it is in a snapshot. */

import type { Patch } from './patch.ts';

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

const REALM = 'internal/bootstrap/realm';
const ABORT_CONTROLLER = "(require('internal/abort_controller').AbortController)";

export const LATE_LOADING: readonly Patch[] = [
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
  lateFunctions('fs', 'fs', 'internal/fs/dir', { opendir: 3, opendirSync: 2 }),
  lateFunctions('util', 'module.exports', 'internal/util/parse_args/parse_args', { parseArgs: 0 }),
  lateFunctions('util', 'module.exports', 'internal/util/diff', { diff: 2 }),
  lateFunctions('util', 'module.exports', 'internal/util/trace_sigint', { setTraceSigInt: 1 }),
  lateFunctions('buffer', 'module.exports', 'internal/blob', { resolveObjectURL: 1 }),
];
