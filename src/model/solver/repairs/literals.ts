import { child, textOf } from '../source.ts';
import { type Place, type Repair, type Repairer, replaceNode } from './repair.ts';

const UNITS = [10, 12, 24, 60, 100, 365, 1000, 1024, 3600];

/** Other constants, patterns and negations. */
export const repairLiterals: Repairer = (place) => {
  const { node, parent, key } = place;
  if (node.type === 'TemplateElement') return [];
  if (node.type === 'UnaryExpression') return unary(place);
  if (node.type === 'Literal') {
    if (/^(Import|Export)/.test(parent?.type ?? '') || isRequired(place)) return [];
    if (node.regex) return pattern(place);
    const value = node.value;
    if (typeof value === 'number') return number(place, value);
    if (typeof value === 'boolean') return [replaceNode(place, String(!value), 7)];
    if (typeof value === 'string' && parent?.type !== 'ExpressionStatement' && key !== 'key') return text(place, value);
  }
  if (/^(IfStatement|ConditionalExpression|WhileStatement)$/.test(parent?.type ?? '') && key === 'test')
    return negate(place);
  return [];
};

function isRequired({ ancestors }: Place): boolean {
  const call = ancestors.at(-1);
  const callee = call?.type === 'CallExpression' ? child(call, 'callee') : null;
  return callee?.type === 'Identifier' && callee.name === 'require';
}

function number(place: Place, value: number): Repair[] {
  const { evidence } = place;
  const near = evidence.has('offByOne') ? 7 : 4;
  const weights = new Map<number, number>();
  const offer = (other: number, weight: number) => {
    if (other !== value && Number.isFinite(other)) weights.set(other, Math.max(weights.get(other) ?? 0, weight));
  };
  if (Number.isInteger(value)) {
    offer(value + 1, near);
    offer(value - 1, near);
  }
  if (value === 0) offer(1, near + 1);
  if (value === 1) offer(0, near + 1);
  if (UNITS.includes(value)) for (const unit of UNITS) offer(unit, 1.5);
  if (value !== 0) {
    for (const factor of [10, 100, 0.1, 0.01]) offer(Number((value * factor).toPrecision(12)), 1.2);
    offer(-value, 1.5);
  }
  const ofTests = evidence.numbers.length > 12 ? [] : evidence.numbers;
  for (const other of ofTests) offer(other, 1.5);
  return [...weights].map(([other, weight]) => replaceNode(place, other < 0 ? `(${other})` : String(other), weight));
}

function text(place: Place, value: string): Repair[] {
  const quote = textOf(place.source, place.node)[0] === '"' ? '"' : "'";
  const written = (other: string) =>
    quote +
    other
      .replace(/[\\'"]/g, '\\$&')
      .replace(/\n/g, '\\n')
      .replace(/\t/g, '\\t') +
    quote;
  const weights = new Map<string, number>();
  const offer = (other: string, weight: number) => {
    if (other !== value) weights.set(other, Math.max(weights.get(other) ?? 0, weight));
  };
  if (value === '') offer(' ', 4);
  if (value === ' ') offer('', 4);
  if (value.trim() !== value) offer(value.trim(), 3);
  if (/^[,;:]$/.test(value)) offer(`${value} `, 3);
  if (/^[-_ ,;:.|/]$/.test(value))
    for (const other of ['-', '_', ' ', ',', ';', ':', '.', '|', '/', '']) offer(other, 1.2);
  if (/^\w+$/.test(value) && value !== '') {
    for (const other of place.evidence.texts) if (distance(value, other) <= 2) offer(other, 5);
    for (const other of place.vocabulary.keys()) if (distance(value, other) === 1 && value.length > 3) offer(other, 3);
    if (value.toLowerCase() !== value) offer(value.toLowerCase(), 2);
  }
  return [...weights].map(([other, weight]) => replaceNode(place, written(other), weight));
}

function pattern(place: Place): Repair[] {
  const { node, source, evidence } = place;
  const written = textOf(source, node);
  const end = written.lastIndexOf('/');
  const [body, flags] = [written.slice(1, end), written.slice(end + 1)];
  const repairs: Repair[] = [];
  const offer = (newBody: string, newFlags: string, weight: number) => {
    if (newBody !== '') repairs.push(replaceNode(place, `/${newBody}/${newFlags}`, weight));
  };
  const toggle = (flag: string) => (flags.includes(flag) ? flags.replace(flag, '') : flags + flag);
  offer(body, toggle('g'), flags.includes('g') ? 3 : 7);
  offer(body, toggle('i'), evidence.has('letterCase') ? 8 : 3);
  offer(body, toggle('m'), 1.5);
  if (/u|s/.test(flags)) offer(body, flags.replace(/[us]/g, ''), 1);
  if (!body.startsWith('^')) offer(`^${body}`, flags, 2.5);
  else offer(body.slice(1), flags, 2.5);
  if (!body.endsWith('$')) offer(`${body}$`, flags, 2.5);
  else offer(body.slice(0, -1), flags, 2.5);
  if (!body.startsWith('^') && !body.endsWith('$')) offer(`^${body}$`, flags, 2.5);
  for (const match of body.matchAll(/(?<!\\)[*+]\??/g)) {
    const other = match[0].startsWith('*') ? match[0].replace('*', '+') : match[0].replace('+', '*');
    const replaced = (to: string) => body.slice(0, match.index) + to + body.slice(match.index + match[0].length);
    offer(replaced(other), flags, 4);
    offer(replaced(match[0].endsWith('?') ? match[0].slice(0, -1) : `${match[0]}?`), flags, 2);
  }
  for (const match of body.matchAll(/(\\[wdsS]|\]|[^\\^$|([{*+?})])(?![*+?{])/g)) {
    if (!/^(\\[wdsS]|\])$/.test(match[0]) && match[0] !== ' ' && match[0] !== '-') continue;
    const at = match.index + match[0].length;
    offer(`${body.slice(0, at)}+${body.slice(at)}`, flags, 4);
  }
  for (const match of body.matchAll(/(?<!\\)\.(?![*+])/g))
    offer(`${body.slice(0, match.index)}\\${body.slice(match.index)}`, flags, 4);
  return repairs;
}

function unary(place: Place): Repair[] {
  const argument = child(place.node, 'argument');
  const operator = String(place.node.operator);
  if (!argument) return [];
  if (operator === '!') return [replaceNode(place, textOf(place.source, argument), 6)];
  if (operator === '-')
    return [replaceNode(place, textOf(place.source, argument), place.evidence.has('negated') ? 8 : 4)];
  return [];
}

function negate(place: Place): Repair[] {
  const { node, source } = place;
  // Comparisons and connectives have their own other form.
  if (/^(BinaryExpression|UnaryExpression)$/.test(node.type)) return [];
  const inner = textOf(source, node);
  return [
    replaceNode(
      place,
      /^(Identifier|CallExpression|MemberExpression)$/.test(node.type) ? `!${inner}` : `!(${inner})`,
      5,
    ),
  ];
}

/** Levenshtein's distance; 99 where the lengths alone differ by more than two. */
export function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 99;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      next.push(Math.min((row[j] ?? 99) + 1, (next[j - 1] ?? 99) + 1, (row[j - 1] ?? 99) + cost));
    }
    row = next;
  }
  return row[b.length] ?? 99;
}
