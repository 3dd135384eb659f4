/** What V8 tells of a function beside its counts: where it begins, whether it was compiled ahead of a call. */
import type { AnyNode, FunctionNode } from '../modules/transform/syntax-tree.ts';
import { openingBefore, signBefore } from './source-tokens.ts';

/** What an expression means as a condition, where the parser knows; else undefined. */
export function constantTruth(node: AnyNode | null | undefined): boolean | undefined {
  if (node?.type === 'UnaryExpression' && node.operator === '!') {
    const inner = constantTruth(node.argument);
    return inner === undefined ? undefined : !inner;
  }
  if (node?.type !== 'Literal' || node.regex) return undefined;
  return node.bigint === undefined || node.bigint === null ? Boolean(node.value) : node.bigint !== '0';
}

/** A function in parentheses, or behind `!`, is most likely called at once: it is compiled with what is around it. */
export function isCalledAtOnce(source: string, { type, start }: FunctionNode, callParenthesis: number): boolean {
  const opening = openingBefore(source, start);
  if (opening >= 0) return opening !== callParenthesis;
  return type === 'FunctionExpression' && signBefore(source, start) === '!';
}

/** The value takes the name of what it is given to. */
export const isAnonymous = (node: AnyNode): boolean =>
  node.type === 'ArrowFunctionExpression' ||
  ((node.type === 'FunctionExpression' || node.type === 'ClassExpression') && !node.id);

/** A property's name, where the text tells it. */
export function keyName({ key, computed }: { key: AnyNode; computed: boolean }): string | undefined {
  if (computed) return undefined;
  if (key.type === 'Identifier') return key.name;
  if (key.type === 'PrivateIdentifier') return `#${key.name}`;
  return key.type === 'Literal' ? String(key.value) : undefined;
}
