import { type AnyNode, child, childrenOf, isFunction, nameOf, namesIn, textOf } from '../source.ts';
import { insertAt, type Place, type Repair, type Repairer } from './repair.ts';

/** A guard at the head of a function: a result or an error that the failing tests expect for a special input. */
export const repairGuards: Repairer = (place) => {
  const { node, evidence } = place;
  const body = isFunction(node) ? child(node, 'body') : null;
  if (body?.type !== 'BlockStatement') return [];
  const names = parameterNames(place, node).slice(0, 2);
  const first = childrenOf(body, 'body').find((statement) => statement.directive === undefined);
  const at = first?.start ?? body.start + 1;
  const own = nameOf(child(node, 'id'));
  const recursion = /Maximum call stack/.test(evidence.messages) || (own !== null && namesIn(body).has(own));
  const repairs: Repair[] = [];
  const offer = (condition: string, action: string, weight: number) =>
    repairs.push(insertAt(at, `if (${condition}) ${action}\n  `, weight));
  const results = recursion ? ['1', '0', ...names, ...evidence.expected] : evidence.expected;
  const empty = evidence.has('emptyInput') || evidence.has('notANumber') ? 2.5 : 1;
  for (const name of names) {
    for (const value of results) {
      const weight = recursion ? 14 : 1.3 * empty;
      offer(`!${name} || ${name}.length === 0`, `return ${value};`, weight);
      offer(`${name} === 0`, `return ${value};`, weight * 0.8);
      offer(`${name} <= 1`, `return ${value};`, weight * (recursion ? 1 : 0.5));
      offer(`${name} < 0`, `return ${value};`, weight * 0.5);
    }
    if (!evidence.has('noException')) continue;
    for (const { error, message } of evidence.thrown) {
      const action = `throw new ${error}('${message.replace(/['\\]/g, '')}');`;
      offer(`!(${name} >= 0)`, action, 5);
      offer(`typeof ${name} !== 'number' || !Number.isFinite(${name})`, action, 4.5);
      offer(`${name} === 0`, action, 4.5);
      offer(`!${name} || ${name}.length === 0`, action, 4);
      offer(`!Number.isInteger(${name})`, action, 3.5);
      offer(`typeof ${name} !== 'string'`, action, 3);
      offer(`!(${name} > 0)`, action, 3);
    }
  }
  if (evidence.has('noException') && place.ancestors.some(({ type }) => /^Class/.test(type)))
    for (const { error, message } of evidence.thrown) {
      const action = `throw new ${error}('${message.replace(/['\\]/g, '')}');`;
      for (const field of fieldsOf(place)) offer(`this.${field}.length === 0`, action, 2.5);
    }
  return repairs;
};

function parameterNames({ source }: Place, fn: AnyNode): string[] {
  return childrenOf(fn, 'params').flatMap((parameter) => {
    const target = parameter.type === 'AssignmentPattern' ? child(parameter, 'left') : parameter;
    return target?.type === 'Identifier' ? [textOf(source, target)] : [];
  });
}

function fieldsOf({ source, ancestors }: Place): string[] {
  const around = ancestors.findLast(({ type }) => /^Class/.test(type));
  const text = around ? textOf(source, around) : '';
  return [
    ...new Set([...text.matchAll(/this\.(#?\w+)\.(?:length|push|pop|shift)/g)].map(([, name]) => name ?? '')),
  ].slice(0, 2);
}
