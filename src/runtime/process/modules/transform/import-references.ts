/** Finds where a module's text refers to its imported names, by the scoping rules of strict code. */

import type * as acorn from 'acorn';
import { append } from '../../../kernel/large-lists.ts';
import {
  type AnyNode,
  declaredNames,
  type FunctionNode,
  forEachChild,
  isFunction,
  patternNames,
} from './syntax-tree.ts';

/** How an identifier is used: decides what it may be replaced by. */
export type ReferenceKind = 'read' | 'callee' | 'shorthand' | 'write' | 'shorthand-write';

export interface ImportReference {
  name: string;
  start: number;
  end: number;
  kind: ReferenceKind;
  /** It begins a statement of a list: what takes its place must not go on with a line before that has no semicolon. */
  opens: boolean;
}

/** All references to `imported` names in a parsed module, in the order of the text. */
export function findImportReferences(program: acorn.Program, imported: ReadonlySet<string>): ImportReference[] {
  if (imported.size === 0) return [];
  const references: ImportReference[] = [];
  const scopes: string[][] = [];
  const openings = new Set<number>();

  const isShadowed = (name: string): boolean => scopes.some((scope) => scope.includes(name));

  function inScope(names: string[], callback: () => void): void {
    const shadowing = names.filter((name) => imported.has(name));
    if (shadowing.length > 0) scopes.push(shadowing);
    callback();
    if (shadowing.length > 0) scopes.pop();
  }

  function refer(node: acorn.Identifier, kind: ReferenceKind): void {
    if (!imported.has(node.name) || isShadowed(node.name)) return;
    const { name, start, end } = node;
    references.push({ name, start, end, kind, opens: openings.has(start) });
  }

  function walkAll(nodes: readonly (AnyNode | null | undefined)[]): void {
    for (const node of nodes) walk(node);
  }

  function walkStatements(statements: readonly AnyNode[]): void {
    for (const { type, start } of statements) if (type === 'ExpressionStatement') openings.add(start);
    walkAll(statements);
  }

  function walk(node: AnyNode | null | undefined, kind: ReferenceKind = 'read'): void {
    if (!node) return;
    if (isFunction(node)) {
      walkFunction(node);
      return;
    }
    switch (node.type) {
      case 'ImportDeclaration':
      case 'ExportAllDeclaration':
      case 'BreakStatement':
      case 'ContinueStatement':
      case 'MetaProperty':
        break;
      case 'ExportNamedDeclaration':
        walk(node.declaration);
        break;
      case 'Identifier':
        refer(node, kind);
        break;
      case 'LabeledStatement':
        walk(node.body);
        break;
      case 'MemberExpression':
        walk(node.object);
        if (node.computed) walk(node.property);
        break;
      case 'CallExpression':
        walk(node.callee, 'callee');
        walkAll(node.arguments);
        break;
      case 'TaggedTemplateExpression':
        walk(node.tag, 'callee');
        walk(node.quasi);
        break;
      case 'Property':
        if (node.computed) walk(node.key);
        walk(node.value, node.shorthand ? 'shorthand' : 'read');
        break;
      case 'AssignmentExpression':
        walkTarget(node.left);
        walk(node.right);
        break;
      case 'UpdateExpression':
        walkTarget(node.argument);
        break;
      case 'VariableDeclarator':
        walkBinding(node.id);
        walk(node.init);
        break;
      case 'ForInStatement':
      case 'ForOfStatement':
        inScope(node.left.type === 'VariableDeclaration' ? declaredNames(node.left) : [], () => {
          if (node.left.type === 'VariableDeclaration') walk(node.left);
          else walkTarget(node.left);
          walkAll([node.right, node.body]);
        });
        break;
      case 'ForStatement':
        inScope(node.init?.type === 'VariableDeclaration' ? declaredNames(node.init) : [], () =>
          walkAll([node.init, node.test, node.update, node.body]),
        );
        break;
      case 'BlockStatement':
        inScope(blockNames(node.body), () => walkStatements(node.body));
        break;
      case 'StaticBlock':
        inScope([...blockNames(node.body), ...varNames(node.body)], () => walkStatements(node.body));
        break;
      case 'SwitchStatement':
        walk(node.discriminant);
        inScope(
          node.cases.flatMap((item) => blockNames(item.consequent)),
          () => {
            for (const { test, consequent } of node.cases) {
              walk(test);
              walkStatements(consequent);
            }
          },
        );
        break;
      case 'CatchClause':
        inScope(patternNames(node.param), () => {
          walkBinding(node.param);
          walk(node.body);
        });
        break;
      case 'ClassDeclaration':
      case 'ClassExpression':
        inScope(node.id ? [node.id.name] : [], () => walkAll([node.superClass, ...node.body.body]));
        break;
      case 'MethodDefinition':
      case 'PropertyDefinition':
        if (node.computed) walk(node.key);
        walk(node.value);
        break;
      default:
        forEachChild(node, (child) => walk(child));
    }
  }

  function walkFunction(node: FunctionNode): void {
    const names = node.params.flatMap((parameter) => patternNames(parameter));
    if (node.type === 'FunctionExpression' && node.id) names.push(node.id.name);
    if (node.type !== 'ArrowFunctionExpression') names.push('arguments');
    if (node.body.type === 'BlockStatement') append(names, varNames(node.body.body));
    inScope(names, () => {
      for (const parameter of node.params) walkBinding(parameter);
      walk(node.body);
    });
  }

  /** A pattern that declares: only its defaults and computed keys refer to anything. */
  function walkBinding(pattern: AnyNode | null | undefined): void {
    walkPattern(pattern, () => undefined);
  }

  /** A pattern or expression that is assigned to. */
  function walkTarget(target: AnyNode | null | undefined): void {
    walkPattern(target, (leaf, shorthand) => {
      if (leaf.type === 'Identifier') refer(leaf, shorthand ? 'shorthand-write' : 'write');
      else walk(leaf);
    });
  }

  function walkPattern(
    pattern: AnyNode | null | undefined,
    leaf: (node: AnyNode, shorthand: boolean) => void,
    shorthand = false,
  ): void {
    if (!pattern) return;
    switch (pattern.type) {
      case 'ObjectPattern':
        for (const property of pattern.properties) {
          if (property.type === 'RestElement') walkPattern(property.argument, leaf);
          else {
            if (property.computed) walk(property.key);
            walkPattern(property.value, leaf, property.shorthand);
          }
        }
        return;
      case 'ArrayPattern':
        for (const element of pattern.elements) walkPattern(element, leaf);
        return;
      case 'AssignmentPattern':
        walkPattern(pattern.left, leaf, shorthand);
        walk(pattern.right);
        return;
      case 'RestElement':
        walkPattern(pattern.argument, leaf);
        return;
      case 'ParenthesizedExpression':
        walkPattern(pattern.expression, leaf);
        return;
    }
    leaf(pattern, shorthand);
  }

  walkStatements(program.body);
  return references;
}

/** Names declared by let, const, using, class and function directly in a block. */
function blockNames(statements: readonly AnyNode[]): string[] {
  const names: string[] = [];
  for (const statement of statements) {
    if (statement.type === 'VariableDeclaration' && statement.kind !== 'var') append(names, declaredNames(statement));
    else if (statement.type === 'FunctionDeclaration' || statement.type === 'ClassDeclaration') {
      if (statement.id) names.push(statement.id.name);
    }
  }
  return names;
}

/** Names that `var` hoists to the function which these statements are the body of. */
export function varNames(statements: readonly AnyNode[]): string[] {
  const names: string[] = [];
  const collect = (node: AnyNode): void => {
    if (isFunction(node) || node.type === 'ClassBody') return;
    if (node.type === 'VariableDeclaration' && node.kind === 'var') append(names, declaredNames(node));
    forEachChild(node, collect);
  };
  for (const statement of statements) collect(statement);
  return names;
}
