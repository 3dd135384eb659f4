/** What the expressions of a module tell, wherever they stand: `await` at the top, `import.meta`, `import()`, assignments. */
import type * as acorn from 'acorn';
import { insertion } from './edits.ts';
import { findImportReferences } from './import-references.ts';
import { DYNAMIC_IMPORT, MODULE_META, MODULE_WAITING } from './injected-names.ts';
import type { ModuleTransform } from './module-transform.ts';
import { type AnyNode, forEachChild, isFunction, patternNames } from './syntax-tree.ts';

/** Adds to the result, whose imports and exports are read; gives back where the awaits at the top start. */
export function readExpressions(program: acorn.Program, source: string, result: ModuleTransform): Set<number> {
  const { edits } = result;
  const awaits = new Set<number>();
  let usesArguments = false;
  /** Every name that anything in the module assigns to, whichever binding it means; all of them after a direct `eval`. */
  const written = new Set<string>();
  let evaluates = false;
  const write = (target: AnyNode): void => {
    for (const name of patternNames(target)) written.add(name);
  };
  const visit = (node: AnyNode, topLevel: boolean): void => {
    switch (node.type) {
      case 'MetaProperty':
        if (node.meta.name !== 'import') break;
        result.usesImportMeta = true;
        edits.push({ start: node.start, end: node.end, text: MODULE_META });
        return;
      case 'ImportExpression':
        // What follows may be `.source`: a property of the function.
        edits.push({ start: node.start, end: node.start + 'import'.length, text: DYNAMIC_IMPORT });
        break;
      case 'AwaitExpression':
        if (topLevel) awaits.add(node.start);
        break;
      case 'AssignmentExpression':
      case 'ForInStatement':
        write(node.left);
        break;
      case 'UpdateExpression':
        write(node.argument);
        break;
      case 'CallExpression':
        evaluates ||= node.callee.type === 'Identifier' && node.callee.name === 'eval';
        break;
      case 'ForOfStatement':
        write(node.left);
        if (!topLevel || !node.await) break;
        result.hasTopLevelAwait = true;
        edits.push(
          insertion(node.right.start, `${MODULE_WAITING}(${targetStart(node.left)},`),
          insertion(node.right.end, ')'),
        );
        break;
      case 'VariableDeclaration':
        result.hasTopLevelAwait ||= topLevel && (node.kind as string) === 'await using';
        break;
      case 'Identifier':
        usesArguments ||= node.name === 'arguments';
        break;
    }
    const inside = topLevel && !isFunction(node);
    forEachChild(node, (child) => visit(child, inside));
  };
  visit(program, true);
  if (usesArguments) hideArguments(program, source, result);
  for (const item of result.localExports) item.constant = !evaluates && !written.has(item.local);
  result.hasTopLevelAwait ||= awaits.size > 0;
  return awaits;
}

/** Of what a `for await` gives its values to: there V8 says that it waits. */
function targetStart(left: acorn.ForOfStatement['left']): number {
  if (left.type === 'VariableDeclaration') return left.declarations[0]?.id.start ?? left.start;
  return left.type === 'MemberExpression' ? left.property.start : left.start;
}

/** A module has no `arguments`, but the function that it becomes has: there the name means the global one. */
function hideArguments(program: acorn.Program, source: string, { edits }: ModuleTransform): void {
  for (const { start, end, kind } of findImportReferences(program, new Set(['arguments']))) {
    const isTypeof = /\btypeof\s*$/.test(source.slice(0, start));
    const value = `(0,eval)("${isTypeof ? 'globalThis.' : ''}arguments")`;
    edits.push({ start, end, text: kind === 'shorthand' ? `arguments:${value}` : value });
  }
}
