import type { TestReport } from './report.ts';
import { child, childrenOf, nameOf, walk } from './source.ts';
import type { TestCase } from './tests.ts';

/** What the failures say about the kind of defect. */
export interface Evidence {
  /** Numbers and texts in failing tests: what code may have wrong. */
  readonly numbers: readonly number[];
  readonly texts: readonly string[];
  /** Property and function names in all tests. */
  readonly names: ReadonlySet<string>;
  /** Expected values that are plain ("0", "''", "[]", "null"). */
  readonly expected: readonly string[];
  readonly thrown: readonly Thrown[];
  readonly messages: string;
  has(sign: Sign): boolean;
}

export interface Thrown {
  readonly error: string;
  readonly message: string;
}

export type Sign =
  | 'offByOne'
  | 'negated'
  | 'flipped'
  | 'letterCase'
  | 'whitespace'
  | 'order'
  | 'mutation'
  | 'promise'
  | 'undefined'
  | 'notANumber'
  | 'textForNumber'
  | 'rounding'
  | 'noException'
  | 'emptyInput';

const PLAIN = /^(-?\d+(\.\d+)?|''|""|\[\]|\{\}|null|true|false|undefined|'[^'\n]{0,30}')$/;

export function readEvidence(report: TestReport, tests: readonly TestCase[]): Evidence {
  const failing = tests.filter((test) => test.failing);
  const messages = report.failures.map(({ message }) => message).join('\n') || report.output;
  const titles = report.failures.map(({ title }) => title).join('\n');
  const signs = new Set<Sign>(report.failures.flatMap(({ actual, expected }) => signsOf(actual, expected)));
  if (/Promise \{|\[object Promise\]|unhandled/i.test(messages)) signs.add('promise');
  if (/\bNaN\b/.test(messages)) signs.add('notANumber');
  if (/Missing expected (exception|rejection)|to throw/.test(messages)) signs.add('noException');
  if (/mutat|original|untouched|unchanged|copy|copies|immutab|not change|not modif|does not alter/i.test(titles))
    signs.add('mutation');
  if (/empty|nothing|zero|missing|blank|no items/i.test(titles)) signs.add('emptyInput');
  if (/case|upper|lower/i.test(titles)) signs.add('letterCase');
  if (/space|trim|blank|whitespace/i.test(titles)) signs.add('whitespace');
  if (/sort|order|revers|ascend|descend/i.test(titles)) signs.add('order');
  const expected = report.failures.flatMap(({ expected: value }) =>
    value !== null && PLAIN.test(value) ? [value] : [],
  );
  return {
    ...literalsOf(failing),
    names: new Set(tests.flatMap(({ mentions }) => [...mentions])),
    expected: [...new Set(expected)],
    thrown: failing.flatMap(thrownIn),
    messages,
    has: (sign) => signs.has(sign),
  };
}

function signsOf(actual: string | null, expected: string | null): Sign[] {
  if (actual === null || expected === null) return [];
  const signs: Sign[] = [];
  const [is, wanted] = [Number(actual), Number(expected)];
  if (actual === 'undefined') signs.push('undefined');
  if (Number.isFinite(is) && Number.isFinite(wanted)) {
    if (Math.abs(is - wanted) === 1) signs.push('offByOne');
    else if (is === -wanted) signs.push('negated');
    else if (Math.abs(is - wanted) < 0.01 || Math.abs(is - wanted) < 1) signs.push('rounding');
  }
  if (/^(true|false)$/.test(actual) && /^(true|false)$/.test(expected)) signs.push('flipped');
  if (/^['"]/.test(actual) && /^-?\d/.test(expected)) signs.push('textForNumber');
  if (/^['"]/.test(actual) && /^['"]/.test(expected)) {
    if (actual.toLowerCase() === expected.toLowerCase()) signs.push('letterCase');
    if (Math.abs(actual.length - expected.length) === 1) signs.push('offByOne');
    if (actual.replace(/\s|\\[nt]/g, '') === expected.replace(/\s|\\[nt]/g, '')) signs.push('whitespace');
  }
  const parts = (text: string) =>
    text
      .replace(/[[\]\s]/g, '')
      .split(',')
      .sort()
      .join();
  if (/^\[/.test(actual) && parts(actual) === parts(expected)) signs.push('order');
  return signs;
}

function literalsOf(failing: readonly TestCase[]): { numbers: number[]; texts: string[] } {
  const numbers = new Set<number>();
  const texts = new Set<string>();
  for (const test of failing) {
    walk(test.node, ({ node }) => {
      const value = node.value;
      if (node.type !== 'Literal' || value === test.title) return;
      if (typeof value === 'number') numbers.add(value);
      if (typeof value === 'string' && value.length <= 40) texts.add(value);
    });
  }
  return { numbers: [...numbers], texts: [...texts] };
}

/** What `assert.throws(…, RangeError)` and its like ask for. */
function thrownIn(test: TestCase): Thrown[] {
  const found: Thrown[] = [];
  walk(test.node, ({ node }) => {
    if (node.type !== 'CallExpression') return;
    const method = nameOf(child(node, 'callee')) ?? '';
    if (!/^(throws|rejects|toThrow|toThrowError)$/.test(method)) return;
    const args = childrenOf(node, 'arguments');
    const wanted = method.startsWith('to') ? args[0] : args[1];
    found.push(wantedError(wanted ?? null));
  });
  return found;
}

function wantedError(node: ReturnType<typeof child>): Thrown {
  if (node?.type === 'Identifier') return { error: String(node.name), message: 'invalid argument' };
  const fields = node?.type === 'ObjectExpression' ? childrenOf(node, 'properties') : [];
  const field = (key: string) => {
    const found = fields.find((property) => nameOf(child(property, 'key')) === key);
    return found ? child(found, 'value') : null;
  };
  const message = node?.type === 'Literal' ? node : field('message');
  return { error: nameOf(field('name')) ?? 'Error', message: patternText(message) ?? 'invalid argument' };
}

/** The text of a literal, or a text that a simple pattern matches. */
function patternText(node: ReturnType<typeof child>): string | null {
  const regex: unknown = node?.regex;
  if (typeof regex === 'object' && regex !== null && 'pattern' in regex) {
    return (
      String(regex.pattern)
        .replace(/^\^|\$$/g, '')
        .replace(/\\(.)/g, '$1')
        .replace(/\.[*+]/g, ' ')
        .split('|')[0] ?? null
    );
  }
  return nameOf(node);
}
