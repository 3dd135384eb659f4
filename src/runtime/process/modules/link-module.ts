/** Linking (ECMA-262, 16.2.1.6.1.2). */
import type { ModuleRecord } from './module-record.ts';
import { SourceModule } from './source-module.ts';

interface Frame {
  module: SourceModule;
  index: number;
  ancestor: number;
  dependencies: readonly ModuleRecord[];
  next: number;
  /** The dependency that was entered last. */
  visited: ModuleRecord | undefined;
}

/** Links a module and everything it imports. On failure, what was not linked before is unlinked again. */
export function linkModule(root: ModuleRecord): void {
  const stack: SourceModule[] = [];
  try {
    linkDepthFirst(root, stack);
  } catch (error) {
    for (const module of stack) module.status = 'unlinked';
    throw error;
  }
}

/** With a stack of its own: a graph may be deeper than the engine's. */
function linkDepthFirst(root: ModuleRecord, stack: SourceModule[]): void {
  const entered = new Map<ModuleRecord, Frame>();
  const frames: Frame[] = [];
  const enter = (module: ModuleRecord): void => {
    if (module.status !== 'unlinked') return;
    if (!(module instanceof SourceModule)) {
      module.status = 'linked';
      return;
    }
    module.status = 'linking';
    const place = { index: entered.size, ancestor: entered.size };
    const frame = { module, ...place, dependencies: module.evaluatedDependencies, next: 0, visited: undefined };
    entered.set(module, frame);
    stack.push(module);
    frames.push(frame);
  };
  enter(root);
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    const { visited } = frame;
    if (visited?.status === 'linking') {
      frame.ancestor = Math.min(frame.ancestor, entered.get(visited)?.ancestor ?? frame.ancestor);
    }
    frame.visited = frame.dependencies[frame.next++];
    if (frame.visited !== undefined) {
      enter(frame.visited);
      continue;
    }
    frames.pop();
    leave(frame, stack);
  }
}

function leave({ module, index, ancestor, dependencies }: Frame, stack: SourceModule[]): void {
  module.checkImports();
  if (ancestor !== index) return;
  const component = stack.slice(stack.indexOf(module));
  const cyclic = component.length > 1 || dependencies.includes(module);
  for (const member of component.reverse()) member.prepare(cyclic);
  for (const member of component) member.status = 'linked';
  stack.length -= component.length;
}
