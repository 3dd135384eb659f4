import { type AnyNode, child, childrenOf, isFunction, textOf, walk } from '../source.ts';
import { insertAt, type Place, type Repair, type Repairer, replaceNode } from './repair.ts';

/** Missing and superfluous statements, wrong results. */
export const repairStatements: Repairer = (place) => {
  const { node } = place;
  if (isFunction(node)) return missingReturn(place);
  switch (node.type) {
    case 'IfStatement':
      return conditional(place);
    case 'ConditionalExpression':
      return swapBranches(place);
    case 'SwitchCase':
      return missingBreak(place);
    case 'ReturnStatement':
      return result(place);
    case 'ExpressionStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
      return [
        replaceNode(
          place,
          place.parent?.type === 'BlockStatement' ? '' : ';',
          node.type === 'ExpressionStatement' ? 1.2 : 3,
        ),
      ];
    case 'MemberExpression':
      return index(place);
    case 'VariableDeclarator':
      return copied(place);
    default:
      return [];
  }
};

function missingReturn(place: Place): Repair[] {
  const { node, evidence } = place;
  const body = child(node, 'body');
  if (body?.type !== 'BlockStatement') return [];
  let returns = false;
  walk(body, ({ node: inner, ancestors }) => {
    if (inner.type === 'ReturnStatement' && !ancestors.some(isFunction)) returns = true;
  });
  const last = childrenOf(body, 'body').at(-1);
  if (returns || !last) return [];
  const boost = evidence.has('undefined') ? 2 : 1;
  if (last.type === 'ExpressionStatement') return [insertAt(last.start, 'return ', 6 * boost)];
  const locals = [...localNames(node)].slice(-3);
  return locals.map((name) => insertAt(body.end - 1, `return ${name};\n`, 4 * boost));
}

function conditional(place: Place): Repair[] {
  const { node, source } = place;
  const consequent = child(node, 'consequent');
  if (!consequent) return [];
  const only = consequent.type === 'BlockStatement' ? childrenOf(consequent, 'body').at(-1) : consequent;
  const repairs: Repair[] = [];
  if (only?.type === 'ExpressionStatement') repairs.push(insertAt(only.start, 'return ', 2.5));
  const alternate = child(node, 'alternate');
  if (!alternate) repairs.push(replaceNode(place, textOf(source, consequent), 1.2), replaceNode(place, '', 1.5));
  return repairs;
}

function swapBranches(place: Place): Repair[] {
  const { node, source } = place;
  const [test, yes, no] = ['test', 'consequent', 'alternate'].map((key) => child(node, key));
  if (!test || !yes || !no) return [];
  const swapped = `${textOf(source, test)} ? ${textOf(source, no)} : ${textOf(source, yes)}`;
  return [
    replaceNode(place, swapped, 4),
    replaceNode(place, textOf(source, yes), 1),
    replaceNode(place, textOf(source, no), 1),
  ];
}

function missingBreak({ node }: Place): Repair[] {
  const last = childrenOf(node, 'consequent').at(-1);
  if (!last || /^(Break|Return|Throw|Continue)Statement$/.test(last.type)) return [];
  return [insertAt(last.end, ' break;', 6)];
}

/** Another variable in scope, a copy, a rounded number. */
function result(place: Place): Repair[] {
  const { node, source, ancestors, evidence } = place;
  const argument = child(node, 'argument');
  if (!argument) return [];
  const written = textOf(source, argument);
  const repairs: Repair[] = [];
  const around = ancestors.findLast(isFunction);
  if (argument.type === 'Identifier' && around) {
    for (const name of localNames(around)) if (name !== written) repairs.push(replaceNode(place, name, 3.5, argument));
  }
  const copies = evidence.has('mutation') ? 9 : 2;
  if (/^(Identifier|MemberExpression)$/.test(argument.type))
    repairs.push(
      replaceNode(place, `[...${written}]`, copies, argument),
      replaceNode(place, `{ ...${written} }`, copies, argument),
    );
  if (evidence.has('rounding')) {
    repairs.push(
      replaceNode(place, `Math.round((${written}) * 100) / 100`, 6, argument),
      replaceNode(place, `Math.round(${written})`, 4, argument),
    );
    repairs.push(replaceNode(place, `Math.floor(${written})`, 4, argument));
  }
  if (evidence.has('textForNumber')) repairs.push(replaceNode(place, `Number(${written})`, 6, argument));
  if (evidence.has('whitespace')) repairs.push(replaceNode(place, `(${written}).trim()`, 3, argument));
  if (evidence.has('letterCase')) repairs.push(replaceNode(place, `(${written}).toLowerCase()`, 2, argument));
  if (evidence.has('order')) repairs.push(replaceNode(place, `(${written}).reverse()`, 2, argument));
  return repairs;
}

/** a[i - 1] and a[i + 1] for a[i], a[a.length - 1] for a[a.length]. */
function index(place: Place): Repair[] {
  const { node, source, evidence } = place;
  const property = child(node, 'property');
  const object = child(node, 'object');
  if (!property || !object) return [];
  const message = evidence.messages;
  const isReached = place.parent?.type !== 'AssignmentExpression' || place.key !== 'left';
  const optional =
    isReached &&
    /Cannot read properties of (undefined|null)/.test(message) &&
    node.optional !== true &&
    node.computed !== true
      ? [
          replaceNode(
            place,
            `${textOf(source, object)}?.${textOf(source, property)}`,
            message.includes(`reading '${textOf(source, property)}'`) ? 5 : 1,
          ),
        ]
      : [];
  if (node.computed !== true || property.type === 'Literal') return optional;
  const written = textOf(source, property);
  const boost = evidence.has('offByOne') || evidence.has('undefined') ? 1.5 : 1;
  const isLength = /\.length$/.test(written);
  return [
    ...optional,
    insertAt(property.end, ' - 1', (isLength ? 8 : 2.5) * boost),
    insertAt(property.end, ' + 1', 2.5 * boost),
    ...(isReached ? [replaceNode(place, `(${textOf(source, node)} ?? 0)`, evidence.has('notANumber') ? 6 : 1.5)] : []),
  ];
}

/** const copy = original, which is no copy. */
function copied(place: Place): Repair[] {
  const { node, source, evidence } = place;
  const init = child(node, 'init');
  if (!init || !/^(Identifier|MemberExpression)$/.test(init.type)) return [];
  const weight = evidence.has('mutation') ? 9 : 1.5;
  const written = textOf(source, init);
  return [`[...${written}]`, `{ ...${written} }`, `structuredClone(${written})`].map((text) =>
    replaceNode(place, text, weight, init),
  );
}

/** Parameters and variables of a function, in order; without those of functions inside. */
export function localNames(fn: AnyNode): Set<string> {
  const names = new Set<string>();
  for (const parameter of childrenOf(fn, 'params'))
    if (parameter.type === 'Identifier') names.add(String(parameter.name));
  const body = child(fn, 'body');
  if (body)
    walk(body, ({ node, ancestors }) => {
      const id = node.type === 'VariableDeclarator' ? child(node, 'id') : null;
      if (id?.type === 'Identifier' && !ancestors.some(isFunction)) names.add(String(id.name));
    });
  return names;
}
