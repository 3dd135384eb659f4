/** What the nodes of a syntax tree are called, and by whom they are owned. */
import { child, children, nameOf, type SyntaxNode } from './syntax.ts';

export const FUNCTIONS = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'TSDeclareFunction',
]);
export const TYPES = new Set([
  'TSInterfaceDeclaration',
  'TSTypeAliasDeclaration',
  'TSEnumDeclaration',
  'TSModuleDeclaration',
]);
export const MEMBERS = new Set([
  'MethodDefinition',
  'PropertyDefinition',
  'AccessorProperty',
  'TSAbstractMethodDefinition',
  'TSAbstractPropertyDefinition',
  'TSDeclareMethod',
]);

export const isFunction = (node: SyntaxNode | null): boolean => node !== null && FUNCTIONS.has(node.type);

/** Where the body of what is declared begins. */
export function bodyOf(node: SyntaxNode | null): number | null {
  if (node === null) return null;
  if (isFunction(node) || node.type.startsWith('Class') || TYPES.has(node.type))
    return child(node, 'body')?.start ?? null;
  if (MEMBERS.has(node.type)) return bodyOf(child(node, 'value'));
  if (node.type === 'CallExpression') return children(node, 'arguments').find(isFunction)?.start ?? null;
  if (node.type === 'ObjectExpression') return node.start;
  const declaration = child(node, 'declaration');
  return declaration ? bodyOf(declaration) : null;
}

/** `a.b["c"]` as ["a", "b", "c"]; null when a part is computed. */
export function dotted(node: SyntaxNode): string[] | null {
  if (node.type === 'ThisExpression') return ['this'];
  if (node.type !== 'MemberExpression') return node.type === 'Identifier' ? [String(node.name)] : null;
  const object = child(node, 'object');
  const property = child(node, 'property');
  const before = object ? dotted(object) : null;
  const name = node.computed === true && property?.type !== 'Literal' ? null : nameOf(property);
  return before === null || name === null ? null : [...before, name];
}

/** Whose member an assignment makes: '' for the module's exports; undefined when nobody's that has a name. */
export function ownerOf(path: readonly string[], around: string | null): string | undefined {
  const names = path.filter((part, index) => !(part === 'prototype' && index > 0));
  if (names.length === 1 && names[0] === 'this') return around ?? undefined;
  if (names[0] === 'exports' || names[0] === 'module')
    return names.length <= 2 && names.at(-1) !== 'this' && (names.length === 1 || names[1] === 'exports')
      ? ''
      : names.at(-1);
  return names.at(-1);
}

export function calleeName(node: SyntaxNode): string | null {
  let callee = child(node, 'callee');
  // it.only, describe.each(table)
  while (callee?.type === 'CallExpression' || callee?.type === 'TaggedTemplateExpression')
    callee = child(callee, callee.type === 'CallExpression' ? 'callee' : 'tag');
  if (callee?.type !== 'MemberExpression') return nameOf(callee);
  const property = nameOf(child(callee, 'property'));
  const object = nameOf(child(callee, 'object'));
  return property !== null && /^(?:only|skip|each|todo|concurrent|serial|failing)$/.test(property) ? object : property;
}

export function titleOf(node: SyntaxNode): string | null {
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node.type !== 'TemplateLiteral') return null;
  const [first, ...more] = children(node, 'quasis');
  const value: unknown = first?.value;
  const text = typeof value === 'object' && value !== null && 'cooked' in value ? String(value.cooked) : '';
  return more.length === 0 ? text : `${text}…`;
}

/** The package or file that a value was required from. */
export function requiredBy(value: SyntaxNode | null): string | null {
  let node = value;
  while (node?.type === 'MemberExpression') node = child(node, 'object');
  if (node?.type === 'AwaitExpression') node = child(node, 'argument');
  if (node?.type === 'ImportExpression') return nameOf(child(node, 'source'));
  if (node?.type !== 'CallExpression' || nameOf(child(node, 'callee')) !== 'require') return null;
  return nameOf(children(node, 'arguments')[0] ?? null);
}

/** Every name that a pattern binds. */
export function namesIn(pattern: SyntaxNode | null): string[] {
  if (pattern === null) return [];
  if (pattern.type === 'Identifier') return [String(pattern.name)];
  if (pattern.type === 'Property') return namesIn(child(pattern, 'value'));
  if (pattern.type === 'AssignmentPattern') return namesIn(child(pattern, 'left'));
  if (pattern.type === 'RestElement') return namesIn(child(pattern, 'argument'));
  return [...children(pattern, 'properties'), ...children(pattern, 'elements')].flatMap(namesIn);
}
