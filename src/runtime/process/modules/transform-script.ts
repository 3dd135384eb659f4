/** What a script or a function's body needs before it is compiled: `import()`, `await`, a hashbang. */
import type * as acorn from 'acorn';
import { applyEdits, type Edit, type Edited } from './edits.ts';
import { DYNAMIC_IMPORT } from './injected-names.ts';
import { type AnyNode, forEachChild, type Parse } from './syntax-tree.ts';
import { collectAwaitEdits, mayAwait } from './transform-await.ts';

export interface ScriptTransform extends Edited {
  usesDynamicImport: boolean;
}

export interface ScriptKind {
  /** The text is the body of a function: `return` is allowed. */
  isFunctionBody: boolean;
  /** What takes the place of `import` in `import(x)`, up to and with the parenthesis; {@link DYNAMIC_IMPORT} when absent. */
  importCall?: string;
}

/** Null when the text can be compiled as it is, or does not parse (then compiling it reports why). */
export function transformScript(source: string, kind: ScriptKind, parse: Parse): ScriptTransform | null {
  const edits: Edit[] = source.startsWith('#!') ? [{ start: 0, end: 2, text: '//' }] : [];
  const importEdits: Edit[] = [];
  if (mayAwait(source) || mayImport(source)) {
    const program = parseScript(source, kind, parse);
    if (program) {
      collectImports(program, source, kind.importCall ?? `${DYNAMIC_IMPORT}(`, importEdits);
      edits.push(...importEdits, ...collectAwaitEdits(program));
    }
  }
  if (edits.length === 0) return null;
  return { ...applyEdits(source, edits), usesDynamicImport: importEdits.length > 0 };
}

/** False only when the source certainly has no `import()`. */
export const mayImport = (source: string): boolean => /\bimport\s*(?:\(|\/[*/])/.test(source);

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

function collectImports(node: AnyNode, source: string, text: string, edits: Edit[]): void {
  if (node.type === 'ImportExpression') {
    const keyword = node.start + 'import'.length;
    const end =
      keyword + (/^(?:\s|\/\*[\s\S]*?\*\/|\/\/.*)*\(/.exec(source.slice(keyword, node.source.start))?.[0].length ?? 0);
    const lines = source.slice(keyword, end).replace(/[^\n]+/g, '');
    edits.push({ start: node.start, end, text: text + lines });
  }
  forEachChild(node, (child) => collectImports(child, source, text, edits));
}
