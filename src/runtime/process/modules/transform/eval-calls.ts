/**
 * Calls of `eval`: what they are given passes a function that makes it fit for this place. The template's array is one object a
 * place: by it the function knows the place again.
 */
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
      const start = insertion(text.start, `${EVALUATED_TEXT}(`);
      start.mark = { at: 0, original: positionOfCall(node.callee) };
      edits.push(start, insertion(text.end, `,${EVALUATED_TEXT}\`\`)`));
    }
  }
  forEachChild(node, (child) => collectEvalCalls(child, edits));
  return edits;
}

/** Where stacks show a call: at the name that is called, else at the parenthesis behind the one that ends the callee. */
function positionOfCall(callee: AnyNode): number {
  if (callee.type === 'MemberExpression') return callee.property.start;
  return callee.type === 'Identifier' ? callee.start : callee.end + 1;
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
