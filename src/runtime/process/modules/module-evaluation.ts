/** Evaluation of linked modules, with top-level await (ECMA-262, 16.2.1.6.1.3 and on). */
import { ComponentWalk } from './component-walk.ts';
import { type ModuleRecord, SyntheticModule } from './module-record.ts';
import { SourceModule } from './source-module.ts';

interface Evaluation {
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
export function isGraphAsync(module: ModuleRecord): boolean {
  const found = new Set([module]);
  // What is added on the way is visited, too: a graph may be deeper than the stack.
  for (const item of found) {
    if (!(item instanceof SourceModule)) continue;
    if (item.transform.hasTopLevelAwait) return true;
    for (const dependency of item.evaluatedDependencies) found.add(dependency);
  }
  return false;
}

/** Where the graph waits: its modules whose own top-level await has not ended, in the order of their evaluation. */
export function stalledModules(root: ModuleRecord, visited = new Set<ModuleRecord>()): SourceModule[] {
  if (visited.has(root) || !(root instanceof SourceModule)) return [];
  visited.add(root);
  const inner = root.evaluatedDependencies.flatMap((item) => stalledModules(item, visited));
  const { asyncOrder, pending } = evaluationOf(root);
  return typeof asyncOrder === 'number' && pending === 0 ? [...inner, root] : inner;
}

/** A module's function, to be called; its result or error goes back to the evaluation. */
export type Run = () => unknown;

/**
 * An evaluation, as the functions of modules that its caller has to call one after the other: so that in their stacks
 * there is one frame of the runtime, however deep the graph.
 *
 * `for (let run = evaluation.start(); run; ) { try { result = run() } catch (e) { run = evaluation.fail(e); continue } run = evaluation.resume(result) }`
 */
export class ModuleEvaluation {
  readonly #steps: Generator<Run, void, unknown>;
  error: { value: unknown } | undefined;

  constructor(module: ModuleRecord) {
    this.#steps = evaluateGraph(module);
  }

  start(): Run | undefined {
    return this.resume(undefined);
  }

  resume(result: unknown): Run | undefined {
    return this.#step(() => this.#steps.next(result));
  }

  fail(error: unknown): Run | undefined {
    return this.#step(() => this.#steps.throw(error));
  }

  #step(advance: () => IteratorResult<Run, void>): Run | undefined {
    try {
      return advance().value ?? undefined;
    } catch (error) {
      this.error = { value: error };
      return undefined;
    }
  }
}

/** Runs an evaluation to its end, or to its first error. */
export function runEvaluation(evaluation: ModuleEvaluation): void {
  let run = evaluation.start();
  while (run) {
    let result: unknown;
    try {
      result = run();
    } catch (error) {
      run = evaluation.fail(error);
      continue;
    }
    run = evaluation.resume(result);
  }
}

/** The promise of an evaluation that was begun before, if there is one. */
export function pendingEvaluation(module: ModuleRecord): Promise<void> | undefined {
  return module instanceof SourceModule ? evaluationOf(rootOf(module)).capability?.promise : undefined;
}

/** What `evaluate` answers once the evaluation's synchronous part has run. */
export function settleEvaluation(module: ModuleRecord, { error }: ModuleEvaluation): Promise<void> {
  const capability = Promise.withResolvers<void>();
  if (module instanceof SourceModule) evaluationOf(rootOf(module)).capability = capability;
  if (error) capability.reject(error.value);
  else if (!(module instanceof SourceModule) || typeof evaluationOf(rootOf(module)).asyncOrder !== 'number') {
    capability.resolve();
  }
  return capability.promise;
}

/** Evaluates a linked module; the promise settles when it and all that it waits for have run. */
export function evaluateModule(module: ModuleRecord): Promise<void> {
  const pending = pendingEvaluation(module);
  if (pending) return pending;
  const evaluation = new ModuleEvaluation(module);
  runEvaluation(evaluation);
  return settleEvaluation(module, evaluation);
}

function rootOf(module: SourceModule): SourceModule {
  const settled = module.status === 'evaluating-async' || module.status === 'evaluated';
  return settled ? (evaluationOf(module).cycleRoot ?? module) : module;
}

function* evaluateGraph(module: ModuleRecord): Generator<Run, void, unknown> {
  const walk = new ComponentWalk();
  try {
    yield* evaluateDepthFirst(module, walk);
  } catch (error) {
    for (const member of walk.entered) if (member.status === 'evaluating') fail(member, error);
    throw error;
  }
}

function fail(module: ModuleRecord, error: unknown): void {
  module.status = 'errored';
  module.error = error;
}

function* evaluateDepthFirst(root: ModuleRecord, walk: ComponentWalk): Generator<Run, void, unknown> {
  for (let entered: ModuleRecord | undefined = root; ; ) {
    if (entered?.status === 'errored') throw entered.error;
    if (entered?.status === 'linked') {
      if (entered instanceof SourceModule) {
        entered.status = 'evaluating';
        walk.enter(entered);
      } else yield* evaluateSynthetic(entered);
    }
    const { module, last } = walk;
    if (module === undefined) return;
    if (last instanceof SourceModule) waitFor(module, last);
    entered = walk.next();
    if (entered !== undefined) continue;
    const evaluation = evaluationOf(module);
    if (evaluation.pending > 0 || module.transform.hasTopLevelAwait) {
      evaluation.asyncOrder = asyncCounter++;
      if (evaluation.pending === 0) followAsync(module, (yield module.run) as Promise<unknown>);
    } else {
      yield module.run;
    }
    for (const member of walk.leave()) {
      evaluationOf(member).cycleRoot = module;
      member.status = typeof evaluationOf(member).asyncOrder === 'number' ? 'evaluating-async' : 'evaluated';
    }
  }
}

/** Counts a dependency that has not finished. */
function waitFor(module: SourceModule, dependency: SourceModule): void {
  // Of a component that is complete its root is waited for.
  const awaited = dependency.status === 'evaluating' ? dependency : (evaluationOf(dependency).cycleRoot ?? dependency);
  if (awaited.status === 'errored') throw awaited.error;
  const waits = evaluationOf(awaited);
  if (typeof waits.asyncOrder !== 'number') return;
  evaluationOf(module).pending++;
  waits.parents.push(module);
}

function* evaluateSynthetic(module: ModuleRecord): Generator<Run, void, unknown> {
  module.status = 'evaluating';
  try {
    if (module instanceof SyntheticModule) yield module.options.evaluate;
  } catch (error) {
    fail(module, error);
    throw error;
  }
  module.status = 'evaluated';
}

function followAsync(module: SourceModule, finished: Promise<unknown>): void {
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
      followAsync(parent, parent.run() as Promise<unknown>);
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
