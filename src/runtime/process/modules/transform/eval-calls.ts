/** Calls of `eval`: what they are given passes a function that makes it fit for this place. */
import { type Edit, insertion } from './edits.ts';
import { EVALUATED_TEXT } from './injected-names.ts';
import { type AnyNode, forEachChild } from './syntax-tree.ts';

/** False only when the source certainly calls no `eval`. */
export const mayEvaluate = (source: string): boolean => EVAL.test(source);
export const EVAL = /\beval\s*(?:\?\.\s*)?[)(\]]/;

export function collectEvalCalls(node: AnyNode, edits: Edit[] = []): Edit[] {
  if (node.type === 'CallExpression' && isEval(node.callee)) {
    const [text] = node.arguments;
    if (text && text.type !== 'SpreadElement') {
      edits.push(insertion(text.start, `${EVALUATED_TEXT}(`), insertion(text.end, ')'));
    }
  }
  forEachChild(node, (child) => collectEvalCalls(child, edits));
  return edits;
}

const GLOBALS = new Set(['globalThis', 'global', 'window', 'self']);

/** `eval`, `(0, eval)` or `globalThis.eval`. */
function isEval(callee: AnyNode): boolean {
  switch (callee.type) {
    case 'Identifier':
      return callee.name === 'eval';
    case 'SequenceExpression': {
      const last = callee.expressions.at(-1);
      return last !== undefined && isEval(last);
    }
    case 'MemberExpression':
      return (
        callee.object.type === 'Identifier' &&
        GLOBALS.has(callee.object.name) &&
        callee.property.type === 'Identifier' &&
        !callee.computed &&
        callee.property.name === 'eval'
      );
    default:
      return false;
  }
}
