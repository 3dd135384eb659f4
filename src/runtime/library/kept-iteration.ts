/**
 * A program may replace or delete what iterates over arrays, maps, sets and strings (`Array.prototype[Symbol.iterator]`), and the runtime
 * around it must still work: in the runtime's own script `for … of`, spreads and destructuring ask `$iterate` for what they go through.
 */

import { type ArrayPattern, parse } from 'acorn';
import { append } from '../kernel/large-lists.ts';
import { applyEdits, type Edit, insertion } from '../process/modules/transform/edits.ts';
import { type AnyNode, forEachChild } from '../process/modules/transform/syntax-tree.ts';

const NAME = '$iterate';
/** What of the language iterates over its argument. */
const ITERATES =
  /^(new (Map|Set|WeakMap|WeakSet)|(\w+)?Array\.from|Object\.fromEntries|Promise\.(all|allSettled|race|any))$/;

/** Goes in front of a script that `keepIteration` has changed, inside of what keeps its globals. */
export const iterateDeclaration = (): string => `const ${NAME}=(${createIterate.toString()})();`;

/** The same script, in which nothing depends on the prototypes of iterators. Throws acorn's SyntaxError. */
export function keepIteration(script: string): string {
  const edits: Edit[] = [];
  const wrap = ({ start, end }: AnyNode) => {
    const space = /\w/.test(script[start - 1] ?? '') ? ' ' : '';
    edits.push(insertion(start, `${space}${NAME}(`), insertion(end, ')'));
  };
  visit(parse(script, { ecmaVersion: 'latest' }), null, (node, parent) => {
    const iterated = iteratedBy(node, parent);
    if (iterated) wrap(iterated);
    if (node.type === 'ArrayPattern' && !isOfWrapped(node, parent)) append(edits, objectPattern(node));
  });
  return applyEdits(script, edits).code;
}

/** The expression that the node iterates over. */
function iteratedBy(node: AnyNode, parent: AnyNode | null): AnyNode | null | undefined {
  switch (node.type) {
    case 'ForOfStatement':
      return node.await ? null : node.right;
    case 'SpreadElement':
      return parent?.type === 'ObjectExpression' ? null : node.argument;
    case 'YieldExpression':
      return node.delegate ? node.argument : null;
    case 'VariableDeclarator':
      return node.id.type === 'ArrayPattern' ? node.init : null;
    case 'AssignmentExpression':
      return node.left.type === 'ArrayPattern' ? node.right : null;
    case 'NewExpression':
      return node.callee.type === 'Identifier' && ITERATES.test(`new ${node.callee.name}`) ? node.arguments[0] : null;
    case 'CallExpression':
      return ITERATES.test(nameOf(node.callee)) ? node.arguments[0] : null;
    default:
      return null;
  }
}

const nameOf = (callee: AnyNode): string =>
  callee.type === 'MemberExpression' && callee.object.type === 'Identifier' && callee.property.type === 'Identifier'
    ? `${callee.object.name}.${callee.property.name}`
    : '';

const isOfWrapped = (pattern: ArrayPattern, parent: AnyNode | null): boolean =>
  (parent?.type === 'VariableDeclarator' && Boolean(parent.init)) ||
  (parent?.type === 'AssignmentExpression' && parent.left === pattern);

/** `[a, , b = 1]` as `{0: a, 2: b = 1}`: of a parameter or an entry, which is always an array. */
function objectPattern({ start, end, elements }: ArrayPattern): Edit[] {
  if (elements.some((element) => element?.type === 'RestElement')) return [];
  const edits: Edit[] = [];
  let from = start;
  let before = '{';
  for (const [index, element] of elements.entries()) {
    if (element === null) continue;
    edits.push({ start: from, end: element.start, text: `${before}${index}:` });
    from = element.end;
    before = ',';
  }
  return [...edits, { start: from, end, text: elements.some(Boolean) ? '}' : '{}' }];
}

function visit(node: AnyNode, parent: AnyNode | null, enter: (node: AnyNode, parent: AnyNode | null) => void): void {
  enter(node, parent);
  forEachChild(node, (child) => visit(child, node, enter));
}

/** Its text becomes part of the runtime's script: it uses nothing from outside but the language. */
export function createIterate(): <T>(value: T) => T {
  const { apply, getPrototypeOf } = Reflect;
  const { iterator: ITERATOR } = Symbol;
  type Prototype = Record<PropertyKey, unknown>;
  type Method = (this: unknown) => object;
  const kept = (prototype: object, sample: object) => {
    const iterators = getPrototypeOf(sample) as Prototype;
    const own = prototype as Prototype;
    return { own, iterate: own[ITERATOR] as Method, iterators, next: iterators['next'] as Method };
  };
  const iterateText = (String.prototype as unknown as Prototype)[ITERATOR] as Method;
  const arrays = kept(Array.prototype, [].values());
  const views = kept(getPrototypeOf(Uint8Array.prototype) as object, [].values());
  const maps = kept(Map.prototype, new Map().entries());
  const sets = kept(Set.prototype, new Set().values());
  const strings = kept(String.prototype, apply(iterateText, '', []));
  const matches = kept({}, ''.matchAll(/./g));
  const kinds = [arrays, views, maps, sets, strings, matches];
  const through = (iterator: object, next: Method): object => {
    const iterable: object = { __proto__: null, next: () => apply(next, iterator, []), [ITERATOR]: () => iterable };
    return iterable;
  };
  /** What gives the values of one of the language's own iterables or iterators, whatever has become of its prototype. */
  const originally = (value: unknown): unknown => {
    if (value === null || (typeof value !== 'object' && typeof value !== 'string')) return value;
    const prototype = getPrototypeOf(Object(value) as object);
    for (let i = 0; i < kinds.length; i++) {
      const { own, iterate, iterators, next } = kinds[i] as typeof arrays;
      if (prototype === iterators) return through(value as object, next);
      if (isSame(prototype, own)) return through(apply(iterate, value, []), next);
    }
    return value;
  };
  const isSame = (prototype: object | null, own: Prototype) =>
    prototype === own || (own === views.own && prototype !== null && getPrototypeOf(prototype) === own);
  // Each on its own: one function that compares all six kinds would find each of them by a search.
  return <T>(value: T): T =>
    arrays.own[ITERATOR] === arrays.iterate &&
    arrays.iterators['next'] === arrays.next &&
    maps.own[ITERATOR] === maps.iterate &&
    maps.iterators['next'] === maps.next &&
    sets.own[ITERATOR] === sets.iterate &&
    sets.iterators['next'] === sets.next &&
    strings.own[ITERATOR] === strings.iterate &&
    strings.iterators['next'] === strings.next &&
    views.own[ITERATOR] === views.iterate &&
    views.iterators['next'] === views.next &&
    matches.own[ITERATOR] === matches.iterate &&
    matches.iterators['next'] === matches.next
      ? value
      : (originally(value) as T);
}
