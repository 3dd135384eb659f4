/**
 * The few places where Node's library must differ. A browser cannot drain the microtask queue synchronously, so the functions
 * that do become generators which `yield` there; the event loop returns to the browser and resumes them.
 */

/** One replacement of one text in one module. */
export interface Patch {
  id: string;
  find: string;
  replace: string;
  /** How often `find` must occur; once when absent. */
  times?: number;
}

const TASK_QUEUES = 'internal/process/task_queues';
const TIMERS = 'internal/timers';

export const PATCHES: readonly Patch[] = [
  { id: TASK_QUEUES, find: 'function runNextTicks() {', replace: 'function* runNextTicks() {' },
  { id: TASK_QUEUES, find: '    runMicrotasks();', replace: '    yield;', times: 2 },
  { id: TASK_QUEUES, find: '\n\n  processTicksAndRejections();', replace: '\n\n  yield* processTicksAndRejections();' },
  {
    id: TASK_QUEUES,
    find: 'function processTicksAndRejections() {',
    replace: 'function* processTicksAndRejections() {',
  },
  { id: TIMERS, find: 'function processImmediate() {', replace: 'function* processImmediate() {' },
  { id: TIMERS, find: 'function processTimers(now) {', replace: 'function* processTimers(now) {' },
  { id: TIMERS, find: 'function listOnTimeout(list, now) {', replace: 'function* listOnTimeout(list, now) {' },
  { id: TIMERS, find: ' runNextTicks();', replace: ' yield* runNextTicks();', times: 3 },
  { id: TIMERS, find: '      listOnTimeout(list, now);', replace: '      yield* listOnTimeout(list, now);' },
  // A browser has no second realm to take an untouched RegExp from.
  {
    id: 'internal/util',
    find: "    const { runInNewContext } = require('vm');\n    internalGlobal = runInNewContext('this', undefined, { contextName: 'internal' });",
    replace: '    internalGlobal = { __proto__: null, RegExp: primordials.RegExp };',
  },
];

/**
 * Applies every patch to a copy of the sources.
 * Throws when a text is not found as often as expected: then Node has changed, and the patch must be looked at again.
 */
export function applyPatches(
  sources: Readonly<Record<string, string>>,
  patches: readonly Patch[] = PATCHES,
): Record<string, string> {
  const patched = { ...sources };
  for (const { id, find, replace, times = 1 } of patches) {
    const source = patched[id];
    if (source === undefined) throw new Error(`Patching Node's library: it has no module ${id}.`);
    const pieces = source.split(find);
    if (pieces.length !== times + 1) {
      throw new Error(
        `Patching Node's library: expected ${times} of ${JSON.stringify(find)} in ${id}, found ${pieces.length - 1}.`,
      );
    }
    patched[id] = pieces.join(replace);
  }
  return patched;
}
