/**
 * A browser cannot drain the microtask queue synchronously, so the functions that do become generators which `yield` there; the event
 * loop returns to the browser and resumes them.
 */

import type { Patch } from './patch.ts';

const TASK_QUEUES = 'internal/process/task_queues';
const TIMERS = 'internal/timers';
const MODULE_JOB = 'internal/modules/esm/module_job';

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

export const TURNS: readonly Patch[] = [
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
  { id: MODULE_JOB, ...runModulesBefore('await this.module.evaluate(', 'this.module') },
  { id: MODULE_JOB, ...runModulesBefore('this.evaluationPromise = this.module.evaluate(', 'this.module') },
  { id: MODULE_JOB, ...runModulesBefore('const namespace = this.module.evaluateSync(', 'this.module'), times: 2 },
  { id: 'internal/vm/module', ...runModulesBefore('return this[kWrap].evaluate(', 'this[kWrap]') },
  { id: TIMERS, find: 'function processImmediate() {', replace: 'function* processImmediate() {' },
  { id: TIMERS, find: 'function processTimers(now) {', replace: 'function* processTimers(now) {' },
  { id: TIMERS, find: 'function listOnTimeout(list, now) {', replace: 'function* listOnTimeout(list, now) {' },
  { id: TIMERS, find: ' runNextTicks();', replace: ' yield* runNextTicks();', times: 3 },
  { id: TIMERS, find: '      listOnTimeout(list, now);', replace: '      yield* listOnTimeout(list, now);' },
];
