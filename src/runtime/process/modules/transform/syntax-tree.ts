/** Walking acorn's trees. */
import type * as acorn from 'acorn';

export type AnyNode = acorn.AnyNode;
export type FunctionNode = Extract<
  AnyNode,
  { type: 'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression' }
>;
/** acorn's `parse`: passed in, since the process has it in Node's own library and the build has the package. */
export type Parse = (source: string, options: acorn.Options) => acorn.Program;

export const isFunction = (node: AnyNode): node is FunctionNode =>
  node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression';

const isNode = (value: unknown): value is AnyNode =>
  typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';

/** Calls back with each child in the order of the tree's properties; `key` is the property that holds it. */
export function forEachChild(node: AnyNode, callback: (child: AnyNode, key: string) => void): void {
  const fields = node as unknown as Record<string, unknown>;
  for (const key in fields) {
    const value = fields[key];
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) callback(item, key);
    } else if (isNode(value)) {
      callback(value, key);
    }
  }
}

/** The identifiers that a binding pattern declares, appended to `found`. */
export function patternIdentifiers(
  pattern: AnyNode | null | undefined,
  found: acorn.Identifier[] = [],
): acorn.Identifier[] {
  switch (pattern?.type) {
    case 'Identifier':
      found.push(pattern);
      break;
    case 'ObjectPattern':
      for (const property of pattern.properties) {
        patternIdentifiers(property.type === 'RestElement' ? property.argument : property.value, found);
      }
      break;
    case 'ArrayPattern':
      for (const element of pattern.elements) patternIdentifiers(element, found);
      break;
    case 'AssignmentPattern':
      patternIdentifiers(pattern.left, found);
      break;
    case 'RestElement':
      patternIdentifiers(pattern.argument, found);
      break;
  }
  return found;
}

export const patternNames = (pattern: AnyNode | null | undefined): string[] =>
  patternIdentifiers(pattern).map(({ name }) => name);

export const declaredNames = (declaration: acorn.VariableDeclaration): string[] =>
  declaration.declarations.flatMap((declarator) => patternNames(declarator.id));
