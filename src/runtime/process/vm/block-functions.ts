/** Functions in the blocks of a sloppy script: they are variables of the script, too (ECMA-262, B.3.2.6). */
import type * as acorn from 'acorn';
import { type Edit, insertion } from '../modules/transform/edits.ts';
import {
  type AnyNode,
  declaredNames,
  forEachChild,
  isFunction,
  patternNames,
} from '../modules/transform/syntax-tree.ts';
import { VM_HOIST } from './names.ts';

export interface BlockFunctions {
  names: string[];
  /** What hands each function over where it is declared. */
  edits: Edit[];
}

/** `lexicals` are names of the script's top. */
export function blockFunctions(program: acorn.Program, lexicals: readonly string[]): BlockFunctions {
  const names = new Set<string>();
  const edits: Edit[] = [];
  /** A declaration: unlike an expression, it leaves the script's completion value alone. */
  const handOver = (name: string): string => `;let ${VM_HOIST}${edits.length}=${VM_HOIST}("${name}",${name});`;
  // `taken` are names that blocks around it declare in another way.
  const visit = (node: AnyNode, taken: ReadonlySet<string>): void => {
    if (isFunction(node) || node.type === 'ClassBody') return;
    const inner = withNames(taken, namesWithin(node));
    forEachChild(node, (child) => {
      visit(child, inner);
      if (!isPlainFunction(child) || node.type === 'Program' || node.type === 'LabeledStatement') return;
      const { name } = child.id;
      if (taken.has(name)) return;
      names.add(name);
      const isClause = node.type === 'IfStatement';
      if (isClause) edits.push(insertion(child.start, '{'));
      edits.push(insertion(child.end, isClause ? `${handOver(name)}}` : handOver(name)));
    });
  };
  visit(program, new Set(lexicals));
  return { names: [...names], edits };
}

type PlainFunction = acorn.FunctionDeclaration & { id: acorn.Identifier };

const isPlainFunction = (node: AnyNode): node is PlainFunction =>
  node.type === 'FunctionDeclaration' && !node.async && !node.generator && node.id !== null;

const withNames = (taken: ReadonlySet<string>, names: readonly string[]): ReadonlySet<string> =>
  names.length === 0 ? taken : new Set([...taken, ...names]);

/** What a statement declares for the blocks in it, but by `function` and `var`. */
function namesWithin(node: AnyNode): string[] {
  switch (node.type) {
    case 'BlockStatement':
      return node.body.flatMap(lexicalNames);
    case 'SwitchStatement':
      return node.cases.flatMap(({ consequent }) => consequent.flatMap(lexicalNames));
    case 'ForStatement':
      return node.init ? lexicalNames(node.init) : [];
    case 'ForInStatement':
    case 'ForOfStatement':
      return lexicalNames(node.left);
    case 'CatchClause':
      return node.param && node.param.type !== 'Identifier' ? patternNames(node.param) : [];
    default:
      return [];
  }
}

function lexicalNames(node: AnyNode): string[] {
  if (node.type === 'VariableDeclaration') return node.kind === 'var' ? [] : declaredNames(node);
  return node.type === 'ClassDeclaration' && node.id ? [node.id.name] : [];
}
