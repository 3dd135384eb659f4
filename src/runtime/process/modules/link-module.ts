/** Linking (ECMA-262, 16.2.1.6.1.2). */
import type { ModuleRecord } from './module-record.ts';
import { SourceModule } from './source-module.ts';

/** Links a module and everything it imports. On failure, what was not linked before is unlinked again. */
export function linkModule(root: ModuleRecord): void {
  const stack: SourceModule[] = [];
  const order = new Map<ModuleRecord, { index: number; ancestor: number }>();
  try {
    linkDepthFirst(root, stack, order);
  } catch (error) {
    for (const module of stack) module.status = 'unlinked';
    throw error;
  }
}

function linkDepthFirst(
  module: ModuleRecord,
  stack: SourceModule[],
  order: Map<ModuleRecord, { index: number; ancestor: number }>,
): void {
  if (module.status !== 'unlinked') return;
  if (!(module instanceof SourceModule)) {
    module.status = 'linked';
    return;
  }
  module.status = 'linking';
  const position = { index: order.size, ancestor: order.size };
  order.set(module, position);
  stack.push(module);
  for (const dependency of module.evaluatedDependencies) {
    linkDepthFirst(dependency, stack, order);
    if (dependency.status !== 'linking') continue;
    position.ancestor = Math.min(position.ancestor, order.get(dependency)?.ancestor ?? position.ancestor);
  }
  module.checkImports();
  if (position.ancestor !== position.index) return;
  const component = stack.slice(stack.indexOf(module));
  const cyclic = component.length > 1 || module.evaluatedDependencies.includes(module);
  for (const member of component.reverse()) member.prepare(cyclic);
  for (const member of component) member.status = 'linked';
  stack.length -= component.length;
}
