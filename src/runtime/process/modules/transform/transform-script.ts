/** What a script or a function's body needs before it is compiled: `import()`, `await`, a hashbang. */

import type * as acorn from 'acorn';
import { append } from '../../../kernel/large-lists.ts';
import { mayHaveWord } from './code-words.ts';
import { applyEdits, type Edit, type Edited } from './edits.ts';
import { collectEvalCalls, EVAL, mayEvaluate } from './eval-calls.ts';
import { DYNAMIC_IMPORT } from './injected-names.ts';
import { blankSourcePhase } from './source-phase.ts';
import { type AnyNode, forEachChild, type Parse } from './syntax-tree.ts';
import { AWAIT, collectAwaitEdits, mayAwait } from './transform-await.ts';

export interface ScriptTransform extends Edited {
  usesDynamicImport: boolean;
}

export interface ScriptKind {
  /** The text is the body of a function: `return` is allowed. */
  isFunctionBody: boolean;
  /** The expression that takes the place of `import` in `import(x)`; {@link DYNAMIC_IMPORT} when absent. */
  importer?: string;
}

/** What must be edited, in an order in which edits at one place apply. */
export interface ScriptEdits {
  edits: Edit[];
  usesDynamicImport: boolean;
}

/** Null when the text can be compiled as it is, or does not parse (then compiling it reports why). */
export function transformScript(source: string, kind: ScriptKind, parse: Parse): ScriptTransform | null {
  return applyScriptEdits(
    source,
    mayNeedTransform(source) ? findScriptEdits(source, kind, parse) : findHashbang(source),
  );
}

export function applyScriptEdits(source: string, { edits, usesDynamicImport }: ScriptEdits): ScriptTransform | null {
  return edits.length === 0 ? null : { ...applyEdits(source, edits), usesDynamicImport };
}

/** The edits of {@link transformScript}, of a source that needs no others. */
export const findHashbang = (source: string): ScriptEdits => ({
  edits: hashbangEdits(source),
  usesDynamicImport: false,
});

/** The edits of {@link transformScript}, of a source that may need some. */
export function findScriptEdits(source: string, kind: ScriptKind, parse: Parse): ScriptEdits {
  const program = parseScript(blankSourcePhase(source).text, kind, parse);
  if (!program) return findHashbang(source);
  const importEdits: Edit[] = [];
  if (mayImport(source)) collectImports(program, kind.importer ?? DYNAMIC_IMPORT, importEdits);
  const awaitEdits = mayAwait(source) ? collectAwaitEdits(program, source) : [];
  const evalEdits = mayEvaluate(source) ? collectEvalCalls(program) : [];
  const edits = hashbangEdits(source).concat(importEdits, awaitEdits, evalEdits);
  return { edits, usesDynamicImport: importEdits.length > 0 };
}

const hashbangEdits = (source: string): Edit[] => (source.startsWith('#!') ? [{ start: 0, end: 2, text: '//' }] : []);

/** The same of a script that is parsed already. */
export function collectScriptEdits(program: acorn.Program, source: string, importer: string): Edit[] {
  const edits = hashbangEdits(source);
  if (mayImport(source)) collectImports(program, importer, edits);
  if (mayEvaluate(source)) append(edits, collectEvalCalls(program));
  return mayAwait(source) ? edits.concat(collectAwaitEdits(program, source)) : edits;
}

/** False only when the source certainly has nothing that must be parsed for. */
export const mayNeedTransform = (source: string): boolean => EDITED.test(source) && mayHaveWord(source, EDITED.source);

/** False only when the source certainly has no `import()`. */
const mayImport = (source: string): boolean => IMPORT.test(source);
const IMPORT = /\bimport\s*(?:[.(]|\/[*/])/;
const EDITED = new RegExp([AWAIT, IMPORT, EVAL].map(({ source }) => source).join('|'));

function parseScript(source: string, kind: ScriptKind, parse: Parse): acorn.Program | undefined {
  try {
    return parse(source, {
      ecmaVersion: 'latest',
      allowHashBang: true,
      allowReturnOutsideFunction: kind.isFunctionBody,
      allowSuperOutsideMethod: false,
    });
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function collectImports(node: AnyNode, importer: string, edits: Edit[]): void {
  if (node.type === 'ImportExpression') {
    edits.push({ start: node.start, end: node.start + 'import'.length, text: importer });
  }
  forEachChild(node, (child) => collectImports(child, importer, edits));
}
