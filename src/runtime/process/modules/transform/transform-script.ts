/** What a script or a function's body needs before it is compiled: `import()`, `await`, a hashbang. */
import type * as acorn from 'acorn';
import { applyEdits, type Edit, type Edited } from './edits.ts';
import { collectEvalCalls, mayEvaluate } from './eval-calls.ts';
import { DYNAMIC_IMPORT } from './injected-names.ts';
import { blankSourcePhase } from './source-phase.ts';
import { type AnyNode, forEachChild, type Parse } from './syntax-tree.ts';
import { collectAwaitEdits, mayAwait } from './transform-await.ts';

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
  const { edits, usesDynamicImport } = findScriptEdits(source, kind, parse);
  return edits.length === 0 ? null : { ...applyEdits(source, edits), usesDynamicImport };
}

/** The edits of {@link transformScript}. */
export function findScriptEdits(source: string, kind: ScriptKind, parse: Parse): ScriptEdits {
  const hashbang: Edit[] = source.startsWith('#!') ? [{ start: 0, end: 2, text: '//' }] : [];
  const importEdits: Edit[] = [];
  const program = mayNeedTransform(source) ? parseScript(blankSourcePhase(source).text, kind, parse) : undefined;
  if (!program) return { edits: hashbang, usesDynamicImport: false };
  collectImports(program, kind.importer ?? DYNAMIC_IMPORT, importEdits);
  return {
    edits: hashbang.concat(importEdits, collectAwaitEdits(program, source), collectEvalCalls(program)),
    usesDynamicImport: importEdits.length > 0,
  };
}

/** The same of a script that is parsed already. */
export function collectScriptEdits(program: acorn.Program, source: string, importer: string): Edit[] {
  const edits: Edit[] = source.startsWith('#!') ? [{ start: 0, end: 2, text: '//' }] : [];
  if (mayImport(source)) collectImports(program, importer, edits);
  if (mayEvaluate(source)) edits.push(...collectEvalCalls(program));
  return mayAwait(source) ? edits.concat(collectAwaitEdits(program, source)) : edits;
}

/** False only when the source certainly has nothing that must be parsed for. */
export const mayNeedTransform = (source: string): boolean =>
  mayAwait(source) || mayImport(source) || mayEvaluate(source);

/** False only when the source certainly has no `import()`. */
const mayImport = (source: string): boolean => /\bimport\s*(?:[.(]|\/[*/])/.test(source);

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
