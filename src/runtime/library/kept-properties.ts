/**
 * A program may define what it likes on Object.prototype (`get`, `value`, or a name that every `for … in` meets), and the runtime around it
 * must still work: in its scripts the literals that describe properties, handle a proxy or list a module's exports inherit nothing.
 */
import { type ObjectExpression, parse } from 'acorn';
import { applyEdits, type Edit, insertion } from '../process/modules/transform/edits.ts';
import { type AnyNode, forEachChild } from '../process/modules/transform/syntax-tree.ts';

/** What takes such a literal (esbuild numbers names that it met before), and where. */
const TAKERS: readonly { name: RegExp; argument: number /** One of such literals. */; isMap?: boolean }[] = [
  { name: /^(?:defineProperty|__defProp)\d*$/, argument: 2 },
  { name: /^(?:__export\d*|Proxy)$/, argument: 1 },
  { name: /^(?:defineProperties|create)\d*$/, argument: 1, isMap: true },
];

/** Throws acorn's SyntaxError. */
export function keepProperties(script: string): string {
  const edits: Edit[] = [];
  const visit = (node: AnyNode): void => {
    for (const { start, properties } of literalsTakenBy(node)) {
      if (properties.some(isPrototype)) continue;
      edits.push(insertion(start + 1, `__proto__:null${properties.length > 0 ? ',' : ''}`));
    }
    forEachChild(node, visit);
  };
  visit(parse(script, { ecmaVersion: 'latest' }));
  return applyEdits(script, edits).code;
}

function literalsTakenBy(node: AnyNode): ObjectExpression[] {
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return [];
  const { callee } = node;
  const called = callee.type === 'MemberExpression' ? callee.property : callee;
  const taker = called.type === 'Identifier' ? TAKERS.find(({ name }) => name.test(called.name)) : undefined;
  const argument = taker && node.arguments[taker.argument];
  if (argument?.type !== 'ObjectExpression') return [];
  if (!taker?.isMap) return [argument];
  return argument.properties
    .map((property) => (property.type === 'Property' ? property.value : property.argument))
    .filter((value) => value.type === 'ObjectExpression');
}

const isPrototype = (property: ObjectExpression['properties'][number]): boolean =>
  property.type === 'Property' && property.key.type === 'Identifier' && property.key.name === '__proto__';
