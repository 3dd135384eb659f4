/** What a browser lacks, or does otherwise. */

import { onOneLine, type Patch } from './patch.ts';

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

export const BROWSER: readonly Patch[] = [
  {
    // A private symbol would be read through the proxy, or through a prototype that the object has not.
    id: 'internal/vm',
    find: 'return object[contextify_context_private_symbol] !== undefined;',
    replace: "return internalBinding('contextify').isContextObject(object);",
  },
  {
    // Here packages use it where native Node runs their machine code, which prints no warning.
    id: 'wasi',
    find: "emitExperimentalWarning('WASI');",
    replace: 'void emitExperimentalWarning;',
  },
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
  // A browser has no second realm to take an untouched RegExp from.
  {
    id: 'internal/util',
    find: "    const { runInNewContext } = require('vm');\n    internalGlobal = runInNewContext('this', undefined, { contextName: 'internal' });",
    replace: '\n    internalGlobal = { __proto__: null, RegExp: primordials.RegExp };',
  },
];
