/** Where code hands on a module that judges tests, so that what happens to it there cannot be seen. */
import { below, child, children, nameOf, type SyntaxNode } from '../../code/syntax.ts';
import type { Found } from './code-finding.ts';
import type { CodeValues } from './code-values.ts';

const JUDGE = /^(?:assert(?:\/strict)?(?:\.strict)?|node:test|mocha|chai|vitest|jest|@jest\/\w+|@vitest\/\w+)$/;
const NAMED_ONLY = /^(?:Import|Export)\w*Specifier$|^ImportDeclaration$/;

/** To be called, to be asked for a member, and to be named once: with these alone it stays what it is. */
export function judgeEscapes(node: SyntaxNode, values: CodeValues): readonly Found[] {
  if (NAMED_ONLY.test(node.type)) return [];
  return [...below(node)].flatMap((each): Found[] => {
    const name = isReference(node, each, values) ? values.pathOf(each) : null;
    if (name === null || !JUDGE.test(name) || isPlainUse(node, each)) return [];
    return [{ kind: 'tamper', risk: `hands on ${name}, which judges the tests` }];
  });
}

function isReference(parent: SyntaxNode, node: SyntaxNode, values: CodeValues): boolean {
  if (node.type === 'CallExpression' || node.type === 'ImportExpression' || node.type === 'AwaitExpression')
    return true;
  if (node.type === 'MemberExpression') return true;
  if (node.type !== 'Identifier' || !values.standsFor(String(node.name))) return false;
  const isKey = parent.key === node && parent.computed !== true && parent.shorthand !== true;
  const isProperty = parent.type === 'MemberExpression' && parent.property === node && parent.computed !== true;
  return !isKey && !isProperty;
}

function isPlainUse(parent: SyntaxNode, node: SyntaxNode): boolean {
  switch (parent.type) {
    case 'MemberExpression':
      return parent.object === node;
    case 'CallExpression':
    case 'NewExpression':
      return parent.callee === node;
    case 'TaggedTemplateExpression':
    case 'VariableDeclarator':
    case 'AwaitExpression':
    case 'ExpressionStatement':
    case 'UnaryExpression':
    case 'IfStatement':
    case 'BinaryExpression':
    case 'ChainExpression':
    case 'ParenthesizedExpression':
      return true;
    default:
      return /^TS/.test(parent.type) || isParameter(parent, node);
  }
}

/** `(assert) => …` is a name of its own. */
const isParameter = (parent: SyntaxNode, node: SyntaxNode): boolean =>
  children(parent, 'params').includes(node) ||
  (node.type === 'Identifier' && /Pattern$/.test(parent.type) && child(parent, 'right') !== node) ||
  (nameOf(node) !== null && parent.type === 'RestElement');
