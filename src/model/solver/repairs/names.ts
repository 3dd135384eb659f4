import { child, isFunction, nameOf, namesIn, walk } from '../source.ts';
import { distance } from './literals.ts';
import { type Place, type Repair, type Repairer, replaceNode } from './repair.ts';
import { localNames } from './statements.ts';

/** Another name: of a variable in scope, or of a property that the project or its tests know. */
export const repairNames: Repairer = (place) => {
  const { node, parent, key } = place;
  if (node.type !== 'Identifier' || parent === null) return [];
  const isProperty =
    (parent.type === 'MemberExpression' && key === 'property' && parent.computed !== true) ||
    (key === 'key' && parent.shorthand !== true);
  return isProperty ? property(place) : variable(place);
};

function property(place: Place): Repair[] {
  const { node, parent, vocabulary, evidence } = place;
  const name = String(node.name);
  const owner = parent?.type === 'MemberExpression' ? child(parent, 'object') : null;
  if (nameOf(owner) === 'Math' || nameOf(owner) === 'module') return [];
  const rare = (vocabulary.get(name) ?? 0) <= 1 ? 2 : 1;
  const blamed = evidence.messages.includes(`'${name}'`) || evidence.messages.includes(`${name} is not`) ? 2 : 1;
  const repairs: Repair[] = [];
  for (const other of vocabulary.keys()) {
    if (other === name || other.length < 3) continue;
    if (distance(name, other) <= 2 && name.length > 3) repairs.push(replaceNode(place, other, 3 * rare * blamed));
    else if (other.toLowerCase().includes(name.toLowerCase()) || name.toLowerCase().includes(other.toLowerCase()))
      repairs.push(replaceNode(place, other, 1.2 * rare));
  }
  return repairs.concat(owner?.type === 'ThisExpression' ? ofSameObject(place, name) : []);
}

/** this.a for this.b. */
function ofSameObject(place: Place, name: string): Repair[] {
  const others = new Set<string>();
  const around = place.ancestors.findLast(({ type }) => /^Class/.test(type)) ?? place.source.program;
  walk(around, ({ node }) => {
    const property =
      node.type === 'MemberExpression' && child(node, 'object')?.type === 'ThisExpression'
        ? child(node, 'property')
        : null;
    if (property?.type === 'Identifier') others.add(String(property.name));
  });
  others.delete(name);
  return [...others].map((other) => replaceNode(place, other, 2));
}

const DECLARING = /^(id|params|param|local|imported|exported|key|label)$/;

function variable(place: Place): Repair[] {
  const { node, parent, key, ancestors, evidence, vocabulary } = place;
  if (
    DECLARING.test(key) ||
    /^(Import|Export)/.test(parent?.type ?? '') ||
    (key === 'callee' && parent?.type === 'CallExpression')
  )
    return undefinedName(place);
  if (parent?.type === 'Property' && parent.shorthand === true) return [];
  const around = ancestors.findLast(isFunction);
  if (!around) return [];
  const name = String(node.name);
  const body = child(around, 'body');
  const used = body ? countUses(body) : new Map<string, number>();
  const repairs: Repair[] = [];
  for (const fn of ancestors.filter(isFunction)) {
    for (const other of localNames(fn)) {
      if (other === name) continue;
      const unused = (used.get(other) ?? 0) === 0 && fn === around;
      repairs.push(replaceNode(place, other, unused ? 7 : 1.6));
    }
  }
  if (evidence.messages.includes(`${name} is not defined`))
    for (const other of vocabulary.keys())
      if (distance(name, other) <= 2 && other !== name) repairs.push(replaceNode(place, other, 9));
  return repairs;
}

/** A call of something that does not exist: the nearest name that does. */
function undefinedName(place: Place): Repair[] {
  const name = String(place.node.name);
  if (place.key !== 'callee' || !place.evidence.messages.includes(`${name} is not`)) return [];
  const others = [...namesIn(place.source.program)].filter((other) => other !== name && distance(name, other) <= 3);
  return others.map((other) => replaceNode(place, other, 9));
}

function countUses(body: Parameters<typeof walk>[0]): Map<string, number> {
  const uses = new Map<string, number>();
  walk(body, ({ node, key }) => {
    const name = node.type === 'Identifier' && key !== 'id' ? String(node.name) : null;
    if (name !== null) uses.set(name, (uses.get(name) ?? 0) + 1);
  });
  return uses;
}
