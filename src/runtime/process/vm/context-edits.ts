/** What the Proxy behind a context's names cannot do: `typeof` of a name that is not there, `this`, indirect `eval`, strict functions' assignments. */
import type * as acorn from 'acorn';
import { type Edit, insertion } from '../modules/transform/edits.ts';
import { findImportReferences } from '../modules/transform/import-references.ts';
import { type AnyNode, forEachChild, isFunction } from '../modules/transform/syntax-tree.ts';
import {
  VM_ASSIGNS,
  VM_EVAL,
  VM_HAS,
  VM_PROCESS_GLOBAL,
  VM_SCOPE,
  VM_STRICT_SCOPE,
  VM_STRICT_THIS_OF,
  VM_THIS,
  VM_THIS_OF,
  VM_TYPEOF,
} from './names.ts';

interface Surroundings {
  strict: boolean;
  /** Names that the text itself declares at its top, or that are the function's parameters. */
  declared: readonly string[];
  /** The text is the body of a function. */
  isFunctionBody?: boolean;
}

/** What makes code strict. */
type StrictBy = 'text' | 'class' | 'function' | null;
type ThisKind = 'sloppy' | 'strict' | 'as it is';

/** A function that is called by a name of the context gets the scope behind it; a strict text keeps its functions to itself. */
const thisIn = (strictBy: StrictBy): ThisKind =>
  strictBy === null ? 'sloppy' : strictBy === 'function' ? 'strict' : 'as it is';

/** The edits of a script, or of a function's body. */
export function contextEdits(
  program: acorn.Program,
  { strict, declared, isFunctionBody = false }: Surroundings,
): Edit[] {
  const edits: Edit[] = [];
  const typeofs = new Map<number, acorn.UnaryExpression>();
  const assignments = new Map<number, acorn.AssignmentExpression>();
  const candidates = new Set<string>();
  // A bracket there would be the arguments of a call when the line before has no semicolon.
  const statements = new Set<number>();
  const visit = (node: AnyNode, thisKind: ThisKind, strictBy: StrictBy): void => {
    let [kind, reason] = [thisKind, strictBy];
    if (node.type === 'ExpressionStatement') statements.add(node.start);
    if (node.type === 'ThisExpression' && kind === 'sloppy') {
      edits.push({ ...placeOf(node), text: statements.has(node.start) ? `${VM_THIS_OF}(this)` : CONTEXT_THIS });
    } else if (node.type === 'ThisExpression' && kind === 'strict') {
      edits.push({ ...placeOf(node), text: `${VM_STRICT_THIS_OF}(this)` });
    } else if (node.type === 'UnaryExpression' && node.operator === 'typeof' && node.argument.type === 'Identifier') {
      typeofs.set(node.argument.start, node);
      candidates.add(node.argument.name);
    } else if (isStrictAssignment(node, reason)) {
      assignments.set(node.left.start, node);
      candidates.add(node.left.name);
    } else if (node.type === 'Identifier' && node.name === 'eval') candidates.add('eval');
    else if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression') {
      reason ??= 'class';
      kind = 'as it is';
    } else if (isFunction(node)) {
      if (node.body.type === 'BlockStatement' && hasUseStrict(node.body.body)) reason ??= 'function';
      if (node.type !== 'ArrowFunctionExpression') kind = thisIn(reason);
    }
    forEachChild(node, (child) => visit(child, kind, reason));
  };
  visit(program, isFunctionBody && !strict ? 'sloppy' : 'as it is', strict ? 'text' : null);
  for (const name of declared) candidates.delete(name);
  for (const reference of findImportReferences(program, candidates)) {
    const check = typeofs.get(reference.start);
    const assignment = reference.kind === 'write' ? assignments.get(reference.start) : undefined;
    if (assignment) {
      edits.push(insertion(assignment.start, `${VM_ASSIGNS}("${reference.name}")&&(`), insertion(assignment.end, ')'));
    } else if (check) edits.push({ ...placeOf(check), text: typeofText(reference.name, statements.has(check.start)) });
    else if (reference.name !== 'eval') continue;
    else if (reference.kind === 'read') edits.push({ ...placeOf(reference), text: VM_EVAL });
    else if (reference.kind === 'shorthand') edits.push({ ...placeOf(reference), text: `eval:${VM_EVAL}` });
  }
  return edits;
}

const typeofText = (name: string, startsStatement: boolean): string =>
  startsStatement ? `${VM_TYPEOF}("${name}",()=>typeof ${name})` : `(${VM_HAS}("${name}")?typeof ${name}:"undefined")`;

const CONTEXT_THIS = `(this===${VM_PROCESS_GLOBAL}||this===${VM_SCOPE}||this===${VM_STRICT_SCOPE}?${VM_THIS}:this)`;

type NameAssignment = acorn.AssignmentExpression & { left: acorn.Identifier };

/** A strict text has a scope that knows; every other operator reads the name first. */
const isStrictAssignment = (node: AnyNode, strictBy: StrictBy): node is NameAssignment =>
  node.type === 'AssignmentExpression' &&
  node.operator === '=' &&
  node.left.type === 'Identifier' &&
  (strictBy === 'function' || strictBy === 'class');

const placeOf = ({ start, end }: { start: number; end: number }) => ({ start, end });

const hasUseStrict = (body: readonly AnyNode[]): boolean =>
  body.some((node) => 'directive' in node && node.directive === 'use strict');
