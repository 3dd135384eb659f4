/** What a script or a function's body needs before it is compiled: `import()`, `await`, a hashbang. */
import type * as acorn from 'acorn';
import { applyEdits, type Edit, type Edited } from './edits.ts';
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

/** Null when the text can be compiled as it is, or does not parse (then compiling it reports why). */
export function transformScript(source: string, kind: ScriptKind, parse: Parse): ScriptTransform | null {
  const edits: Edit[] = source.startsWith('#!') ? [{ start: 0, end: 2, text: '//' }] : [];
  const importEdits: Edit[] = [];
  if (mayAwait(source) || mayImport(source)) {
    const program = parseScript(blankSourcePhase(source).text, kind, parse);
    if (program) {
      collectImports(program, kind.importer ?? DYNAMIC_IMPORT, importEdits);
      edits.push(...importEdits, ...collectAwaitEdits(program));
    }
  }
  if (edits.length === 0) return null;
  return { ...applyEdits(source, edits), usesDynamicImport: importEdits.length > 0 };
}

/** False only when the source certainly has no `import()`. */
export const mayImport = (source: string): boolean => /\bimport\s*(?:[.(]|\/[*/])/.test(source);

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
