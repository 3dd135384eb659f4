/** Modules that are loaded in a rehearsal, before the launch, ask for the environment and the standard streams when they use them. */

import { onOneLine, type Patch } from './patch.ts';

export const REHEARSAL: readonly Patch[] = [
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
