/** `var` at the top of a strict script: in an `eval` it would be a local variable. */
import type * as acorn from 'acorn';
import { type Edit, insertion } from '../modules/transform/edits.ts';
import { type AnyNode, forEachChild, isFunction } from '../modules/transform/syntax-tree.ts';

/**
 * Turns the declarations into assignments: `var a = 1, b` into `var __vmVar0=(a = 1), __vmVar1`, which has no completion
 * value either; `for (var x of y)` into `for (x of y)`.
 */
export function strictVarEdits(program: acorn.Program): Edit[] {
  const edits: Edit[] = [];
  let count = 0;
  const declare = (declaration: acorn.VariableDeclaration): void => {
    for (const { id, init, start, end } of declaration.declarations) {
      const name = `__vmVar${count++}`;
      if (init) edits.push(insertion(start, `${name}=(`), insertion(end, ')'));
      else edits.push({ start: id.start, end: id.end, text: name });
    }
  };
  const visit = (node: AnyNode): void => {
    if (isFunction(node) || node.type === 'ClassBody') return;
    if (node.type === 'VariableDeclaration' && node.kind === 'var') declare(node);
    if ((node.type === 'ForInStatement' || node.type === 'ForOfStatement') && isVar(node.left)) {
      edits.push({ start: node.left.start, end: node.left.start + 'var'.length, text: '' });
      for (const child of [node.right, node.body]) visit(child);
      return;
    }
    forEachChild(node, visit);
  };
  visit(program);
  return edits;
}

const isVar = (node: AnyNode): boolean => node.type === 'VariableDeclaration' && node.kind === 'var';
