/** Evaluation of linked modules, with top-level await (ECMA-262, 16.2.1.6.1.3 and on). */
import { type ModuleRecord, SourceModule, SyntheticModule } from './module-record.ts';

interface Evaluation {
  index: number;
  ancestor: number;
  /** Position among the modules that wait; undefined for one that ran synchronously, null once it is done. */
  asyncOrder: number | null | undefined;
  pending: number;
  parents: SourceModule[];
  cycleRoot: SourceModule | undefined;
  capability: { promise: Promise<void>; resolve: () => void; reject: (error: unknown) => void } | undefined;
}

const evaluations = new WeakMap<SourceModule, Evaluation>();
let asyncCounter = 0;

function evaluationOf(module: SourceModule): Evaluation {
  let evaluation = evaluations.get(module);
  if (!evaluation) {
    evaluation = {
      index: -1,
      ancestor: -1,
      asyncOrder: undefined,
      pending: 0,
      parents: [],
      cycleRoot: undefined,
      capability: undefined,
    };
    evaluations.set(module, evaluation);
  }
  return evaluation;
}

/** Whether the module or anything it imports has top-level await. */
export function isGraphAsync(module: ModuleRecord, visited = new Set<ModuleRecord>()): boolean {
  if (visited.has(module) || !(module instanceof SourceModule)) return false;
  visited.add(module);
  return module.transform.hasTopLevelAwait || module.dependencies.some((item) => isGraphAsync(item, visited));
}

/** Evaluates a linked module; the promise settles when it and all that it waits for have run. */
export function evaluateModule(module: ModuleRecord): Promise<void> {
  if (!(module instanceof SourceModule)) {
    try {
      evaluateDepthFirst(module, [], { index: 0 });
      return Promise.resolve();
    } catch (error) {
      return Promise.reject(error);
    }
  }
  const settled = module.status === 'evaluating-async' || module.status === 'evaluated';
  const root = settled ? (evaluationOf(module).cycleRoot ?? module) : module;
  const evaluation = evaluationOf(root);
  if (evaluation.capability) return evaluation.capability.promise;
  const capability = Promise.withResolvers<void>();
  evaluation.capability = capability;
  try {
    evaluateComponent(root);
    if (typeof evaluation.asyncOrder !== 'number') capability.resolve();
  } catch (error) {
    capability.reject(error);
  }
  return capability.promise;
}

/** Evaluates a graph without top-level await; throws what the module throws. */
export function evaluateModuleSync(module: ModuleRecord): void {
  if (module instanceof SourceModule) evaluateComponent(module);
  else evaluateDepthFirst(module, [], { index: 0 });
}

function evaluateComponent(module: SourceModule): void {
  const stack: SourceModule[] = [];
  try {
    evaluateDepthFirst(module, stack, { index: 0 });
  } catch (error) {
    for (const member of stack) fail(member, error);
    throw error;
  }
}

function fail(module: ModuleRecord, error: unknown): void {
  module.status = 'errored';
  module.error = error;
}

function evaluateDepthFirst(module: ModuleRecord, stack: SourceModule[], counter: { index: number }): void {
  if (module.status === 'errored') throw module.error;
  if (module.status !== 'linked') return;
  if (!(module instanceof SourceModule)) {
    evaluateSynthetic(module);
    return;
  }
  module.status = 'evaluating';
  const evaluation = evaluationOf(module);
  evaluation.index = evaluation.ancestor = counter.index++;
  stack.push(module);
  for (const dependency of module.dependencies) {
    evaluateDepthFirst(dependency, stack, counter);
    if (dependency instanceof SourceModule) waitFor(module, dependency);
  }
  if (evaluation.pending > 0 || module.transform.hasTopLevelAwait) {
    evaluation.asyncOrder = asyncCounter++;
    if (evaluation.pending === 0) runAsync(module);
  } else {
    module.run();
  }
  if (evaluation.ancestor !== evaluation.index) return;
  for (const member of stack.splice(stack.indexOf(module))) {
    evaluationOf(member).cycleRoot = module;
    member.status = typeof evaluationOf(member).asyncOrder === 'number' ? 'evaluating-async' : 'evaluated';
  }
}

/** Counts a dependency that has not finished. */
function waitFor(module: SourceModule, dependency: SourceModule): void {
  const evaluation = evaluationOf(module);
  let awaited = dependency;
  if (dependency.status === 'evaluating') {
    evaluation.ancestor = Math.min(evaluation.ancestor, evaluationOf(dependency).ancestor);
  } else {
    awaited = evaluationOf(dependency).cycleRoot ?? dependency;
    if (awaited.status === 'errored') throw awaited.error;
  }
  const waits = evaluationOf(awaited);
  if (typeof waits.asyncOrder !== 'number') return;
  evaluation.pending++;
  waits.parents.push(module);
}

function evaluateSynthetic(module: ModuleRecord): void {
  module.status = 'evaluating';
  try {
    if (module instanceof SyntheticModule) module.options.evaluate();
  } catch (error) {
    fail(module, error);
    throw error;
  }
  module.status = 'evaluated';
}

function runAsync(module: SourceModule): void {
  const finished = module.run() as Promise<unknown>;
  finished.then(
    () => fulfilled(module),
    (error: unknown) => rejected(module, error),
  );
}

function fulfilled(module: SourceModule): void {
  if (module.status === 'errored') return;
  finish(module);
  const ready: SourceModule[] = [];
  gatherReady(module, ready);
  ready.sort((a, b) => Number(evaluationOf(a).asyncOrder) - Number(evaluationOf(b).asyncOrder));
  for (const parent of ready) {
    if ((parent.status as string) === 'errored') continue;
    if (parent.transform.hasTopLevelAwait) {
      runAsync(parent);
      continue;
    }
    try {
      parent.run();
    } catch (error) {
      rejected(parent, error);
      continue;
    }
    finish(parent);
  }
}

function finish(module: SourceModule): void {
  const evaluation = evaluationOf(module);
  evaluation.asyncOrder = null;
  module.status = 'evaluated';
  evaluation.capability?.resolve();
}

function gatherReady(module: SourceModule, ready: SourceModule[]): void {
  for (const parent of evaluationOf(module).parents) {
    const evaluation = evaluationOf(parent);
    if (ready.includes(parent) || evaluation.cycleRoot?.status === 'errored') continue;
    if (--evaluation.pending > 0) continue;
    ready.push(parent);
    if (!parent.transform.hasTopLevelAwait) gatherReady(parent, ready);
  }
}

function rejected(module: SourceModule, error: unknown): void {
  if (module.status === 'errored' || module.status === 'evaluated') return;
  fail(module, error);
  const evaluation = evaluationOf(module);
  evaluation.asyncOrder = null;
  for (const parent of evaluation.parents) rejected(parent, error);
  evaluation.capability?.reject(error);
}
