/** Code that looks where it was called from, to behave otherwise when it is tested. */
import { below, child, nameOf, type SyntaxNode } from '../../code/syntax.ts';
import type { CodeValues } from './code-values.ts';

/** The node or one in it names this. */
export const mentions = (node: SyntaxNode, values: CodeValues, name: RegExp): boolean =>
  name.test(values.pathOf(node) ?? '') || [...below(node)].some((each) => mentions(each, values, name));

const WHERE_FROM =
  /^(?:process\.(?:argv|execArgv|title)|require\.(?:main|cache)|module\.(?:parent|children)|process\.mainModule)\b/;

/** `new Error().stack.includes('.test.')`, `/test/.test(process.argv[1])` */
export function sniffs(node: SyntaxNode, values: CodeValues): boolean {
  if (
    !/^(?:includes|indexOf|match|test|search|startsWith|endsWith|some|find|exec)$/.test(
      nameOf(child(child(node, 'callee'), 'property')) ?? '',
    )
  )
    return false;
  const isStack = (each: SyntaxNode): boolean =>
    (each.type === 'MemberExpression' && nameOf(child(each, 'property')) === 'stack') || [...below(each)].some(isStack);
  return speaksOfTests(node) && (isStack(node) || mentions(node, values, WHERE_FROM));
}

/** An option of a program ("--test") is none. */
function speaksOfTests(node: SyntaxNode): boolean {
  const { regex, value } = node;
  const text =
    node.type !== 'Literal'
      ? ''
      : typeof regex === 'object' && regex !== null && 'pattern' in regex
        ? String(regex.pattern)
        : String(value);
  return (
    (/(?:^|[^a-z])(?:test|spec)s?(?:[^a-z]|$)/i.test(text) && !text.startsWith('-')) ||
    [...below(node)].some(speaksOfTests)
  );
}
