/** The text that is compiled for a linked module. */
import { applyEdits, type Edit, type Edited, wrapEdited } from './transform/edits.ts';
import type { ImportReference } from './transform/import-references.ts';
import {
  DEFAULT_EXPORT,
  DYNAMIC_IMPORT,
  MODULE_EXPORTS,
  MODULE_IMPORTS,
  MODULE_META,
  MODULE_START,
  MODULE_WAITING,
} from './transform/injected-names.ts';
import type { ModuleTransform } from './transform/module-transform.ts';

export interface ModuleLinkage {
  /**
   * The module imports itself in the end: its functions may be called before it runs, so it is started at link time, and
   * every import is read where it is used. Else it starts when it runs, with its imports in variables of their own names.
   */
  cyclic: boolean;
  /** Local names of imports whose binding may change after the module that exports it has run. */
  live: ReadonlySet<string>;
  /** Those of them that tell when they change (exports of built-in modules): they too get a variable. */
  watchable: ReadonlySet<string>;
}

/**
 * A function expression with the parameters (imports, exports, meta, dynamicImport, start, waiting). `imports[i].names` holds an
 * accessor for each name that request i exports, which throws on assignment; `imports[i].namespace` is its namespace;
 * `imports[i].watch(name, set)` calls `set` when the export changes; `exports(getters)` takes the module's own;
 * `waiting(offset, value)` hears of each top-level await.
 *
 * - acyclic: calling it runs the module (an async function, with top-level await);
 * - cyclic: a generator, whose first step registers the getters and whose second runs the module; with top-level await,
 *   an async function that does the first step at once and waits for `start` before the second.
 */
export function compileModule(source: string, transform: ModuleTransform, linkage: ModuleLinkage): Edited {
  const written = new Set(transform.references.filter(({ kind }) => kind.endsWith('write')).map(({ name }) => name));
  const isWatched = (local: string): boolean => !linkage.cyclic && linkage.watchable.has(local) && !written.has(local);
  const byLocal = new Map(transform.imports.map((item) => [item.local, item]));
  const isDirect = (local: string, imported: string | null): boolean =>
    imported === null || isWatched(local) || !(linkage.cyclic || linkage.live.has(local));
  const edits: Edit[] = transform.edits.slice();
  for (const reference of transform.references) {
    const item = byLocal.get(reference.name);
    if (!item) continue;
    const names = `${MODULE_IMPORTS}[${item.request}].names`;
    const edit = replaceReference(reference, {
      read: names + propertyAccess(item.imported ?? ''),
      nameAt: names.length + 1,
      direct: isDirect(item.local, item.imported),
    });
    if (edit) edits.push(edit);
  }
  const declarations = transform.imports
    .filter((item) => isDirect(item.local, item.imported))
    .map(({ local, request, imported }) => {
      const from = `${MODULE_IMPORTS}[${request}]`;
      if (imported === null) return `const ${local}=${from}.namespace;`;
      const value = `${from}.names${propertyAccess(imported)}`;
      if (!isWatched(local)) return `const ${local}=${value};`;
      return `let ${local}=${value};${from}.watch(${JSON.stringify(imported)},($)=>{${local}=$});`;
    });
  return wrapEdited(applyEdits(source, edits), prefixOf(transform, linkage, declarations.join('')), '\n})');
}

function prefixOf(transform: ModuleTransform, linkage: ModuleLinkage, declarations: string): string {
  const isAsync = transform.hasTopLevelAwait;
  const getters = transform.localExports.map(({ exported, local }) => `${JSON.stringify(exported)}:${getter(local)}`);
  const keyword = `${isAsync ? 'async ' : ''}function${linkage.cyclic && !isAsync ? '*' : ''}`;
  const pause = isAsync ? `await ${MODULE_START};` : 'yield;';
  const parameters = [MODULE_IMPORTS, MODULE_EXPORTS, MODULE_META, DYNAMIC_IMPORT, MODULE_START, MODULE_WAITING].join(
    ',',
  );
  return [
    `(${keyword}(${parameters}){'use strict';`,
    `${MODULE_EXPORTS}({__proto__:null,${getters.join(',')}});`,
    transform.namelessDefault ? `Object.defineProperty(${DEFAULT_EXPORT},'name',{value:'default'});` : '',
    declarations,
    linkage.cyclic ? pause : '',
  ].join('');
}

/** Before its declaration has run, the default export is called "default" in messages. */
function getter(local: string): string {
  if (local !== DEFAULT_EXPORT) return `()=>${local}`;
  return `()=>{try{return ${local}}catch{throw new ReferenceError("Cannot access 'default' before initialization")}}`;
}

/** What stands in the place of a reference; null leaves it. */
function replaceReference(
  { name, start, end, kind, opens }: ImportReference,
  { read, nameAt, direct }: { read: string; nameAt: number; direct: boolean },
): Edit | null {
  // An assignment to a `const` throws what it should.
  if (direct) return null;
  switch (kind) {
    case 'read':
      // Where the engine says that reading it fails.
      return { start, end, text: read, mark: { at: nameAt, original: start } };
    case 'shorthand':
      return { start, end, text: `${name}:${read}` };
    case 'callee':
      return { start, end, text: `${opens ? ';' : ''}(0,${read})`, callee: true };
    case 'write':
      return { start, end, text: read };
    case 'shorthand-write':
      return { start, end, text: `${name}:${read}` };
  }
}

const propertyAccess = (name: string): string =>
  /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
