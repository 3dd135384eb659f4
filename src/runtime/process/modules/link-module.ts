/** Linking (ECMA-262, 16.2.1.6.1.2). */
import { ComponentWalk } from './component-walk.ts';
import type { ModuleRecord } from './module-record.ts';
import { SourceModule } from './source-module.ts';

/** Links a module and everything it imports. On failure, what was not linked before is unlinked again. */
export function linkModule(root: ModuleRecord): void {
  const walk = new ComponentWalk();
  try {
    linkDepthFirst(root, walk);
  } catch (error) {
    for (const module of walk.entered) if (module.status === 'linking') module.status = 'unlinked';
    throw error;
  }
}

function linkDepthFirst(root: ModuleRecord, walk: ComponentWalk): void {
  enter(root, walk);
  for (let { module } = walk; module !== undefined; { module } = walk) {
    const dependency = walk.next();
    if (dependency !== undefined) {
      enter(dependency, walk);
      continue;
    }
    module.checkImports();
    const component = walk.leave();
    const cyclic = component.length > 1 || module.evaluatedDependencies.includes(module);
    for (const member of component.reverse()) member.prepare(cyclic);
    for (const member of component) member.status = 'linked';
  }
}

function enter(module: ModuleRecord, walk: ComponentWalk): void {
  if (module.status !== 'unlinked') return;
  if (module instanceof SourceModule) {
    module.status = 'linking';
    walk.enter(module);
  } else {
    module.status = 'linked';
  }
}
