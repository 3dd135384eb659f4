import { type AnyNode, child, textOf } from '../source.ts';
import { type Place, type Repair, type Repairer, replaceNode, replaceOperator, wrapped } from './repair.ts';

type Swaps = Readonly<Record<string, Readonly<Record<string, number>>>>;

const BINARY: Swaps = {
  '<': { '<=': 9, '>': 5, '>=': 3 },
  '<=': { '<': 9, '>=': 5, '>': 3 },
  '>': { '>=': 9, '<': 5, '<=': 3 },
  '>=': { '>': 9, '<=': 5, '<': 3 },
  '===': { '!==': 6 },
  '!==': { '===': 6 },
  '==': { '===': 4, '!=': 5 },
  '!=': { '!==': 3, '==': 5 },
  '+': { '-': 6, '*': 4 },
  '-': { '+': 6, '*': 2 },
  '*': { '/': 5, '+': 4, '**': 2 },
  '/': { '*': 5, '%': 4 },
  '%': { '/': 4, '*': 1 },
  '**': { '*': 3 },
  '&': { '|': 3 },
  '|': { '&': 3 },
  '<<': { '>>': 3 },
  '>>': { '<<': 3, '>>>': 3 },
};
const ASSIGNMENT: Swaps = {
  '+=': { '-=': 6, '=': 3, '*=': 3 },
  '-=': { '+=': 6, '=': 2 },
  '*=': { '/=': 5, '+=': 4 },
  '/=': { '*=': 5 },
  '=': { '+=': 4 },
  '??=': { '=': 2 },
  '||=': { '??=': 5 },
};
const RELATIONAL = /^[<>]=?$/;

/** Other operators, operands in the other order, other grouping. */
export const repairOperators: Repairer = (place) => {
  switch (place.node.type) {
    case 'BinaryExpression':
      return [...swapBinary(place), ...swapOperands(place), ...regroup(place), ...dropOne(place), ...algebra(place)];
    case 'LogicalExpression':
      return logical(place);
    case 'AssignmentExpression':
      return swap(place, ASSIGNMENT, 1);
    case 'UpdateExpression':
      return update(place);
    default:
      return [];
  }
};

function sides({ node }: Place): [AnyNode, AnyNode] | null {
  const left = child(node, 'left');
  const right = child(node, 'right');
  return left && right ? [left, right] : null;
}

function swap(place: Place, table: Swaps, boost: number): Repair[] {
  const pair = sides(place);
  const old = String(place.node.operator);
  if (!pair) return [];
  const span = { from: pair[0].end, to: pair[1].start };
  return Object.entries(table[old] ?? {}).flatMap(([to, weight]) => {
    // A plain name that is assigned once is rarely meant to be added to.
    return replaceOperator(place, span, { old, to, weight: weight * boost });
  });
}

function swapBinary(place: Place): Repair[] {
  const { evidence, node } = place;
  const operator = String(node.operator);
  const flipped =
    RELATIONAL.test(operator) && (evidence.has('flipped') || evidence.has('offByOne') || evidence.has('order'));
  return swap(place, BINARY, flipped ? 1.5 : 1);
}

function swapOperands(place: Place): Repair[] {
  const pair = sides(place);
  const operator = String(place.node.operator);
  if (!pair || !/^(-|\/|%|\*\*)$/.test(operator)) return [];
  const [left, right] = pair.map((side) => wrapped(place.source, side));
  const boost = (place.evidence.has('negated') ? 2 : 1) * (place.evidence.has('order') ? 2 : 1);
  return left === right ? [] : [replaceNode(place, `${right} ${operator} ${left}`, 4 * boost)];
}

/** (a + b) / c for a + b / c, and back. */
function regroup(place: Place): Repair[] {
  const pair = sides(place);
  if (!pair) return [];
  const { source, node } = place;
  const operator = String(node.operator);
  const [left, right] = pair;
  const inner = (side: AnyNode) => {
    const parts = side.type === 'BinaryExpression' ? [child(side, 'left'), child(side, 'right')] : [];
    const [a, b] = parts;
    return a && b ? { a: textOf(source, a), b: textOf(source, b), operator: String(side.operator) } : null;
  };
  const repairs: Repair[] = [];
  const fromRight = inner(right);
  const isWrapped = (side: AnyNode) => source.text[side.end] === ')' && source.text[side.start - 1] === '(';
  if (fromRight && !isWrapped(right) && /[+-]/.test(operator) && /^[*/%]$/.test(fromRight.operator))
    repairs.push(
      replaceNode(
        place,
        `(${textOf(source, left)} ${operator} ${fromRight.a}) ${fromRight.operator} ${fromRight.b}`,
        5,
      ),
    );
  const fromLeft = inner(left);
  if (fromLeft && !isWrapped(left) && /[+-]/.test(operator) && /^[*/%]$/.test(fromLeft.operator))
    repairs.push(
      replaceNode(place, `${fromLeft.a} ${fromLeft.operator} (${fromLeft.b} ${operator} ${textOf(source, right)})`, 3),
    );
  if (fromLeft && isWrapped(left) && /^[*/%]$/.test(operator) && /[+-]/.test(fromLeft.operator))
    repairs.push(
      replaceNode(place, `${fromLeft.a} ${fromLeft.operator} ${fromLeft.b} ${operator} ${textOf(source, right)}`, 3),
    );
  return repairs;
}

/** n for n - 1 and n + 1, and n - 1, n + 1 for the bound of a comparison. */
function dropOne(place: Place): Repair[] {
  const pair = sides(place);
  if (!pair) return [];
  const { source, node, evidence } = place;
  const [left, right] = pair;
  const operator = String(node.operator);
  const boost = evidence.has('offByOne') ? 2 : 1;
  const one = right.type === 'Literal' && right.value === 1;
  if (/[+-]/.test(operator) && one) return [replaceNode(place, textOf(source, left), 5 * boost)];
  if (!RELATIONAL.test(operator) || right.type === 'Literal') return [];
  return ['- 1', '+ 1'].map((end) => replaceNode(place, `${wrapped(source, right)} ${end}`, 2.5 * boost, right));
}

const SHARE = /rate|percent|pct|discount|tax|ratio|factor|share|interest|margin|vat|tip|off\b/i;

/** Percentages: a - b where a * (1 - b) or a * (1 - b / 100) is meant, and their like. */
function algebra(place: Place): Repair[] {
  const pair = sides(place);
  const operator = String(place.node.operator);
  if (!pair || !/^[-+*/]$/.test(operator)) return [];
  const [left, right] = pair.map((side) => wrapped(place.source, side));
  const boost = SHARE.test(right ?? '') ? 1 : 0.12;
  const inParentheses = place.parent?.type === 'BinaryExpression';
  const form = (text: string, weight: number) => replaceNode(place, inParentheses ? `(${text})` : text, weight * boost);
  if (operator === '-' || operator === '+')
    return [
      form(`${left} * (1 ${operator} ${right})`, 12),
      form(`${left} * (1 ${operator} ${right} / 100)`, 11),
      form(`${left} ${operator} ${left} * ${right}`, 2),
    ];
  if (operator === '*')
    return [
      form(`${left} * ${right} / 100`, 5),
      form(`${left} * (1 - ${right})`, 7),
      form(`${left} * (1 + ${right})`, 6),
    ];
  return [form(`${left} * ${right} / 100`, 4)];
}

function logical(place: Place): Repair[] {
  const pair = sides(place);
  if (!pair) return [];
  const { source, node } = place;
  const [left, right] = pair;
  const operator = String(node.operator);
  const span = { from: left.end, to: right.start };
  const others: Record<string, number> =
    operator === '&&' ? { '||': 7 } : operator === '||' ? { '&&': 7, '??': 6 } : { '||': 3 };
  const swaps = Object.entries(others).flatMap(([to, weight]) => {
    // a ?? b must not stand beside || or && without parentheses.
    const mixed = to === '??' && [left.type, right.type, place.parent?.type].includes('LogicalExpression');
    return mixed ? [] : replaceOperator(place, span, { old: operator, to, weight });
  });
  const regrouped =
    operator === '||' && right.type === 'LogicalExpression' && right.operator === '&&'
      ? [groupLeft(place, left, right)].filter((repair) => repair !== null)
      : [];
  return [
    ...swaps,
    ...regrouped,
    replaceNode(place, textOf(source, left), 2),
    replaceNode(place, textOf(source, right), 2),
  ];
}

function groupLeft(place: Place, left: AnyNode, right: AnyNode): Repair | null {
  const [a, b] = [child(right, 'left'), child(right, 'right')];
  if (!a || !b) return null;
  const { source } = place;
  return replaceNode(place, `(${textOf(source, left)} || ${textOf(source, a)}) && ${textOf(source, b)}`, 4);
}

function update(place: Place): Repair[] {
  const { node, source, parent } = place;
  const argument = child(node, 'argument');
  if (!argument) return [];
  const name = textOf(source, argument);
  const operator = String(node.operator);
  const other = operator === '++' ? '--' : '++';
  const prefix = node.prefix === true;
  const repairs = [replaceNode(place, prefix ? other + name : name + other, 5)];
  const isUsed = parent?.type !== 'ExpressionStatement' && parent?.type !== 'ForStatement';
  if (isUsed) repairs.push(replaceNode(place, prefix ? name + operator : operator + name, 4));
  return repairs;
}
