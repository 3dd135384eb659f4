import { type AnyNode, child, childrenOf, isFunction, nameOf, textOf, walk } from '../source.ts';
import { insertAt, type Place, type Repair, type Repairer, replaceNode, wrapped } from './repair.ts';

/** Methods taken for one another, both ways. */
const PAIRS: readonly (readonly [string, string, number])[] = [
  ['push', 'unshift', 6],
  ['shift', 'pop', 6],
  ['slice', 'splice', 6],
  ['toUpperCase', 'toLowerCase', 6],
  ['floor', 'ceil', 6],
  ['floor', 'round', 5],
  ['ceil', 'round', 5],
  ['trunc', 'floor', 5],
  ['trunc', 'round', 3],
  ['some', 'every', 7],
  ['min', 'max', 7],
  ['indexOf', 'lastIndexOf', 5],
  ['startsWith', 'endsWith', 7],
  ['replace', 'replaceAll', 7],
  ['keys', 'values', 5],
  ['values', 'entries', 3],
  ['keys', 'entries', 3],
  ['trim', 'trimEnd', 4],
  ['trim', 'trimStart', 4],
  ['trimStart', 'trimEnd', 6],
  ['find', 'filter', 4],
  ['find', 'findLast', 5],
  ['findIndex', 'findLastIndex', 5],
  ['padStart', 'padEnd', 7],
  ['add', 'delete', 3],
  ['forEach', 'map', 5],
  ['map', 'flatMap', 4],
  ['map', 'filter', 3],
  ['match', 'matchAll', 3],
  ['reduce', 'reduceRight', 4],
  ['substring', 'substr', 3],
  ['substring', 'slice', 3],
  ['substr', 'slice', 3],
  ['getMonth', 'getUTCMonth', 3],
  ['getDay', 'getDate', 6],
  ['getUTCDay', 'getUTCDate', 6],
  ['getHours', 'getUTCHours', 4],
  ['getDate', 'getUTCDate', 3],
  ['encodeURI', 'encodeURIComponent', 6],
  ['decodeURI', 'decodeURIComponent', 6],
  ['parseInt', 'parseFloat', 5],
  ['parseInt', 'Number', 4],
  ['isInteger', 'isFinite', 4],
  ['isNaN', 'isFinite', 3],
  ['race', 'all', 4],
  ['all', 'allSettled', 4],
  ['sin', 'cos', 5],
  ['sqrt', 'cbrt', 3],
  ['log', 'log2', 3],
  ['log', 'log10', 3],
  ['setTimeout', 'setImmediate', 1],
  ['has', 'get', 2],
  ['assign', 'freeze', 1],
  ['concat', 'push', 3],
  ['charAt', 'charCodeAt', 3],
  ['charCodeAt', 'codePointAt', 4],
  ['test', 'exec', 1],
  ['includes', 'startsWith', 2],
  ['includes', 'endsWith', 2],
  ['sort', 'toSorted', 5],
  ['reverse', 'toReversed', 5],
  ['keys', 'getOwnPropertyNames', 1],
];
const CASE = /^to(Upper|Lower)Case$/;

/** Other methods, other arguments, missing calls. */
export const repairCalls: Repairer = (place) => {
  if (place.node.type === 'Identifier') return rename(place);
  if (place.node.type !== 'CallExpression' && place.node.type !== 'NewExpression') return [];
  return [...swapArguments(place), ...chain(place), ...copy(place), ...unwrap(place)];
};

function rename(place: Place): Repair[] {
  const { node, parent, key, ancestors, evidence } = place;
  const isMethod = parent?.type === 'MemberExpression' && key === 'property' && parent.computed !== true;
  const isCalled = isMethod
    ? ancestors.at(-2)?.type === 'CallExpression'
    : parent?.type === 'CallExpression' && key === 'callee';
  if (!isCalled && !(isMethod && nameOf(child(parent, 'object')) === 'Math')) return [];
  const name = String(node.name);
  return PAIRS.flatMap(([a, b, weight]) => {
    const other = a === name ? b : b === name ? a : null;
    if (other === null) return [];
    const boost =
      evidence.has('letterCase') && CASE.test(name) ? 2 : evidence.has('mutation') && other.startsWith('to') ? 2 : 1;
    return [replaceNode(place, other, weight * boost)];
  });
}

function swapArguments(place: Place): Repair[] {
  const { node, source, evidence } = place;
  const args = childrenOf(node, 'arguments');
  const repairs: Repair[] = [];
  for (const [index, first] of args.entries()) {
    const second = args[index + 1];
    if (!second || isFunction(first) || isFunction(second)) continue;
    const swapped = `${textOf(source, second)}${source.text.slice(first.end, second.start)}${textOf(source, first)}`;
    if (swapped === source.text.slice(first.start, second.end)) continue;
    const bothNames = first.type === 'Identifier' && second.type === 'Identifier' ? 4.5 : 3;
    const weight = bothNames * (evidence.has('negated') ? 1.5 : 1);
    repairs.push({
      start: first.start,
      end: second.end,
      text: swapped,
      weight,
      label: `arguments swapped: ${swapped}`,
    });
  }
  return repairs;
}

/** What is missing before or after a method call. */
function chain(place: Place): Repair[] {
  const { node, source, evidence } = place;
  const callee = child(node, 'callee');
  const name = nameOf(callee);
  const args = childrenOf(node, 'arguments');
  const object = callee?.type === 'MemberExpression' ? child(callee, 'object') : null;
  const repairs: Repair[] = [];
  const space = evidence.has('whitespace') ? 2 : 1;
  const first = args[0];
  if (name === 'sort' && args.length === 0)
    repairs.push(
      insertAt(node.end - 1, '(a, b) => a - b', 8),
      insertAt(node.end - 1, '(a, b) => a.localeCompare(b)', 3),
    );
  if (name === 'split' && first?.type === 'Literal') {
    repairs.push(
      insertAt(node.end, '.map((part) => part.trim())', 4 * space),
      insertAt(node.end, '.filter(Boolean)', 3),
    );
    repairs.push(insertAt(node.end, ".filter((part) => part.trim() !== '')", 2.5));
    if (first.value === ' ') repairs.push(replaceNode(place, '/\\s+/', 5, first));
    if (first.value === '\n') repairs.push(replaceNode(place, '/\\r?\\n/', 5, first));
    if (object) repairs.push(insertAt(object.end, '.trim()', 3 * space));
  }
  if (object && name !== null && CASE.test(name)) repairs.push(insertAt(object.end, '.trim()', 2 * space));
  if (name === 'get' && args.length === 1) {
    const get = textOf(source, node);
    for (const value of ['0', '[]', 'null'])
      repairs.push(replaceNode(place, `(${get} ?? ${value})`, evidence.has('notANumber') ? 4 : 2));
  }
  if (name === 'reduce' && args.length === 1) {
    repairs.push(insertAt(node.end - 1, ', 0', 6), insertAt(node.end - 1, ", ''", 2), insertAt(node.end - 1, ', 1', 2));
  }
  if (/^(slice|substring|substr|at|charAt)$/.test(name ?? ''))
    for (const arg of args)
      if (arg.type === 'Identifier' || arg.type === 'MemberExpression')
        for (const end of [' - 1', ' + 1']) repairs.push(insertAt(arg.end, end, evidence.has('offByOne') ? 6 : 3));
  if (/^(slice|substring|substr|at|charAt|trim|replace|join)$/.test(name ?? '') && evidence.has('letterCase'))
    for (const method of ['.toLowerCase()', '.toUpperCase()']) repairs.push(insertAt(node.end, method, 5));
  if (name === 'parseInt' && args.length === 1) repairs.push(insertAt(node.end - 1, ', 10', 3));
  if (
    name === 'indexOf' &&
    /^(IfStatement|UnaryExpression|LogicalExpression|ConditionalExpression)$/.test(place.parent?.type ?? '') &&
    callee
  ) {
    const property = child(callee, 'property');
    if (property) repairs.push(replaceNode(place, 'includes', 6, property));
  }
  if (name === 'slice' && args.length === 1 && object)
    repairs.push(replaceNode(place, `0, ${textOf(source, args[0] ?? node)}`, 2, args[0]));
  return repairs;
}

/** A copy before a call that changes what it is called on. */
function copy(place: Place): Repair[] {
  const { node, source, evidence } = place;
  const callee = child(node, 'callee');
  const object = callee?.type === 'MemberExpression' ? child(callee, 'object') : null;
  const name = nameOf(callee);
  const boost = evidence.has('mutation') ? 3 : 1;
  if (object && /^(sort|reverse|splice)$/.test(name ?? '') && /^(Identifier|MemberExpression)$/.test(object.type))
    return [replaceNode(place, `[...${textOf(source, object)}]`, 4 * boost, object)];
  const [target] = childrenOf(node, 'arguments');
  if (name === 'assign' && target && target.type !== 'ObjectExpression')
    return [insertAt(target.start, '{}, ', 5 * boost)];
  return [];
}

/** f(x) -> x, x.f() -> x: a call too many. */
function unwrap(place: Place): Repair[] {
  const { node, source, parent } = place;
  const callee = child(node, 'callee');
  const args = childrenOf(node, 'arguments');
  if (node.type === 'NewExpression' || parent?.type === 'ExpressionStatement' || !callee) return [];
  const object = callee.type === 'MemberExpression' ? child(callee, 'object') : null;
  const owner = nameOf(object);
  const [only] = args;
  if (owner === 'Math' && /^(min|max)$/.test(nameOf(callee) ?? '')) return swapBounds(place);
  if (owner === 'Math' && args.length === 1 && only) return [replaceNode(place, wrapped(source, only), 2)];
  if (object && args.length === 0) return [replaceNode(place, textOf(source, object), 1.5)];
  return [];
}

/** Math.min(Math.max(…), …) for Math.max(Math.min(…), …). */
function swapBounds(place: Place): Repair[] {
  const written = textOf(place.source, place.node);
  if (!/Math\.min\b/.test(written) || !/Math\.max\b/.test(written)) return [];
  const swapped = written.replace(/\bMath\.(min|max)\b/g, (_, name) => `Math.${name === 'min' ? 'max' : 'min'}`);
  return [replaceNode(place, swapped, 6)];
}

/** Missing await, in functions that may await. */
export const repairAwait: Repairer = (place) => {
  const { node, parent, ancestors, source, evidence, asyncNames } = place;
  if (node.type !== 'CallExpression' || parent?.type === 'AwaitExpression') return [];
  const around = ancestors.findLast(isFunction);
  if (around?.async !== true) return [];
  const name = nameOf(child(node, 'callee')) ?? '';
  const known =
    asyncNames.has(name) ||
    /^(json|text|arrayBuffer|fetch|readFile|writeFile|allSettled)$/.test(name) ||
    (name === 'all' && nameOf(child(child(node, 'callee') ?? node, 'object')) === 'Promise');
  const weight = (known ? 8 : 1) * (evidence.has('promise') ? 3 : 1);
  const inChain = parent?.type === 'MemberExpression' || parent?.type === 'ChainExpression';
  return [replaceNode(place, inChain ? `(await ${textOf(source, node)})` : `await ${textOf(source, node)}`, weight)];
};

/** Names of the project's async functions. */
export function asyncNamesIn(root: AnyNode): string[] {
  const names: string[] = [];
  walk(root, ({ node, parent }) => {
    if (!isFunction(node) || node.async !== true) return;
    const name = nameOf(child(node, 'id')) ?? nameOf(parent ? (child(parent, 'key') ?? child(parent, 'id')) : null);
    if (name !== null) names.push(name);
  });
  return names;
}
