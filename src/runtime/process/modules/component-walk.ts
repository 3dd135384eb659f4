import type { ModuleRecord } from './module-record.ts';
import type { SourceModule } from './source-module.ts';

interface Frame {
  readonly module: SourceModule;
  /** How many modules were entered before it. */
  readonly index: number;
  /** The least index of the open modules that it is known to lead to. */
  ancestor: number;
  /** Its component is not complete. */
  isOpen: boolean;
  readonly dependencies: readonly ModuleRecord[];
  next: number;
}

/**
 * A walk through a graph of modules, depth first, that finds which of them import one another: the strongly connected components
 * (Tarjan's algorithm, as in ECMA-262, 16.2.1.6.1). With a stack of its own: a graph may be deeper than the engine's.
 */
export class ComponentWalk {
  readonly #frames = new Map<ModuleRecord, Frame>();
  readonly #path: Frame[] = [];
  readonly #open: SourceModule[] = [];

  /** All modules that were entered. */
  get entered(): Iterable<ModuleRecord> {
    return this.#frames.keys();
  }

  /** The module whose dependencies are walked through now; undefined at the end of the walk. */
  get module(): SourceModule | undefined {
    return this.#path.at(-1)?.module;
  }

  /** The dependency of it that was walked to last. */
  get last(): ModuleRecord | undefined {
    const frame = this.#path.at(-1);
    return frame?.dependencies[frame.next - 1];
  }

  /** Begins with the dependencies of a module that was not entered before. */
  enter(module: SourceModule): void {
    const index = this.#frames.size;
    const dependencies = module.evaluatedDependencies;
    const frame = { module, index, ancestor: index, isOpen: true, dependencies, next: 0 };
    this.#frames.set(module, frame);
    this.#path.push(frame);
    this.#open.push(module);
  }

  /** The next dependency of the module; undefined behind the last. */
  next(): ModuleRecord | undefined {
    const frame = this.#path.at(-1);
    if (frame === undefined) return undefined;
    const last = frame.dependencies[frame.next - 1];
    const reached = last && this.#frames.get(last);
    if (reached?.isOpen) frame.ancestor = Math.min(frame.ancestor, reached.ancestor);
    return frame.dependencies[frame.next++];
  }

  /** Goes back from the module to the one it was entered from. Gives the component that is complete now, in the order of entering. */
  leave(): SourceModule[] {
    const frame = this.#path.pop();
    if (frame === undefined || frame.ancestor !== frame.index) return [];
    const component = this.#open.splice(this.#open.lastIndexOf(frame.module));
    for (const member of component) {
      const completed = this.#frames.get(member);
      if (completed) completed.isOpen = false;
    }
    return component;
  }
}
