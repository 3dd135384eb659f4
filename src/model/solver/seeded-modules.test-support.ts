/** Small correct modules with their tests, and defects to plant in them: what a person would plausibly get wrong, chosen without regard to what the solver can repair. */
export interface SeededModule {
  readonly name: string;
  readonly esm?: boolean;
  readonly source: string;
  readonly tests: string;
  readonly defects: readonly (readonly [find: string, replace: string])[];
}

export const SEEDED_MODULES: readonly SeededModule[] = [
  {
    name: 'stack',
    source: `class Stack {
  #items = [];
  push(item) { this.#items.push(item); return this.#items.length; }
  pop() {
    if (this.#items.length === 0) throw new RangeError('the stack is empty');
    return this.#items.pop();
  }
  peek() { return this.#items[this.#items.length - 1]; }
  get size() { return this.#items.length; }
  isEmpty() { return this.size === 0; }
  toArray() { return [...this.#items]; }
}
module.exports = { Stack };
`,
    tests: `const { Stack } = require('../src/stack.js');
test('pops in reverse order', () => { const s = new Stack(); s.push(1); s.push(2); assert.equal(s.pop(), 2); assert.equal(s.pop(), 1); });
test('peeks at the top', () => { const s = new Stack(); s.push(1); s.push(5); assert.equal(s.peek(), 5); assert.equal(s.size, 2); });
test('throws on an empty stack', () => { assert.throws(() => new Stack().pop(), RangeError); });
test('knows when it is empty', () => { const s = new Stack(); assert.equal(s.isEmpty(), true); s.push(1); assert.equal(s.isEmpty(), false); });
test('gives a copy', () => { const s = new Stack(); s.push(1); s.toArray().push(2); assert.equal(s.size, 1); });`,
    defects: [
      ['return this.#items.pop();', 'return this.#items.shift();'],
      ['this.#items.length - 1]', 'this.#items.length]'],
      ['this.size === 0', 'this.size !== 0'],
      ['return [...this.#items];', 'return this.#items;'],
      ["    if (this.#items.length === 0) throw new RangeError('the stack is empty');\n", ''],
      ['this.#items.push(item); return', 'this.#items.unshift(item); return'],
    ],
  },
  {
    name: 'mathematics',
    esm: true,
    source: `export function factorial(n) {
  if (n < 0) throw new RangeError('negative');
  if (n <= 1) return 1;
  return n * factorial(n - 1);
}
export function gcd(a, b) {
  while (b !== 0) [a, b] = [b, a % b];
  return Math.abs(a);
}
export const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
export function isPrime(n) {
  if (n < 2) return false;
  for (let i = 2; i * i <= n; i++) if (n % i === 0) return false;
  return true;
}
export function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}
export function fibonacci(n) {
  let [a, b] = [0, 1];
  for (let i = 0; i < n; i++) [a, b] = [b, a + b];
  return a;
}
`,
    tests: `import { factorial, gcd, mean, isPrime, clamp, fibonacci } from '../src/mathematics.js';
test('factorial', () => { assert.equal(factorial(0), 1); assert.equal(factorial(5), 120); });
test('factorial of a negative number', () => { assert.throws(() => factorial(-1), RangeError); });
test('gcd', () => { assert.equal(gcd(12, 18), 6); assert.equal(gcd(4, -6), 2); });
test('mean', () => { assert.equal(mean([1, 2, 6]), 3); });
test('primes', () => { assert.deepEqual([1, 2, 3, 4, 9, 25, 29].filter(isPrime), [2, 3, 29]); });
test('clamp', () => { assert.equal(clamp(5, 0, 3), 3); assert.equal(clamp(-5, 0, 3), 0); assert.equal(clamp(2, 0, 3), 2); });
test('fibonacci', () => { assert.deepEqual([0, 1, 2, 3, 10].map(fibonacci), [0, 1, 1, 2, 55]); });`,
    defects: [
      ['n * factorial(n - 1)', 'n + factorial(n - 1)'],
      ['  if (n <= 1) return 1;\n', ''],
      ["  if (n < 0) throw new RangeError('negative');\n", ''],
      ['[b, a % b]', '[b, a / b]'],
      ['Math.abs(a)', 'a'],
      ['/ values.length', '/ (values.length - 1)'],
      ['i * i <= n', 'i * i < n'],
      ['n % i === 0', 'n % i !== 0'],
      ['Math.min(Math.max(value, low), high)', 'Math.max(Math.min(value, low), high)'],
      ['[0, 1];', '[1, 1];'],
      ['n < 2', 'n < 1'],
    ],
  },
  {
    name: 'text',
    source: `function capitalize(text) {
  return text.charAt(0).toUpperCase() + text.slice(1).toLowerCase();
}
function slug(text) {
  return text.trim().toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
}
function truncate(text, length) {
  if (text.length <= length) return text;
  return text.slice(0, length - 1) + '…';
}
function countWords(text) {
  return text.split(/\\s+/).filter(Boolean).length;
}
function isPalindrome(text) {
  const letters = text.toLowerCase().replace(/[^a-z]/g, '');
  return letters === [...letters].reverse().join('');
}
function initials(name) {
  return name.split(' ').map((part) => part[0].toUpperCase()).join('');
}
module.exports = { capitalize, slug, truncate, countWords, isPalindrome, initials };
`,
    tests: `const { capitalize, slug, truncate, countWords, isPalindrome, initials } = require('../src/text.js');
test('capitalize', () => { assert.equal(capitalize('hELLO'), 'Hello'); });
test('slug', () => { assert.equal(slug('  Hello, big World!'), 'hello-big-world'); });
test('truncate', () => { assert.equal(truncate('abcdef', 4), 'abc…'); assert.equal(truncate('abcd', 4), 'abcd'); });
test('counts words', () => { assert.equal(countWords(' one  two three '), 3); assert.equal(countWords(''), 0); });
test('palindromes ignore case and punctuation', () => { assert.equal(isPalindrome('A man, a plan, a canal: Panama'), true); assert.equal(isPalindrome('abc'), false); });
test('initials', () => { assert.equal(initials('ada lovelace'), 'AL'); });`,
    defects: [
      ['slice(1).toLowerCase()', 'slice(1)'],
      ['text.charAt(0).toUpperCase()', 'text.charAt(0).toLowerCase()'],
      ['+/g,', '+/,'],
      ['text.length <= length', 'text.length < length'],
      ['length - 1)', 'length)'],
      ['.filter(Boolean).length', '.length'],
      ['text.toLowerCase().replace(/[^a-z]/g', 'text.replace(/[^a-z]/g'],
      [".join('');\n}\nmodule", ".join(' ');\n}\nmodule"],
      ['part[0]', 'part[1]'],
      ['letters === [', 'letters !== ['],
    ],
  },
  {
    name: 'cart',
    source: `const TAX = 0.2;
class Cart {
  constructor() { this.lines = []; this.coupon = null; }
  add(name, price, quantity = 1) {
    const line = this.lines.find((other) => other.name === name);
    if (line) line.quantity += quantity;
    else this.lines.push({ name, price, quantity });
  }
  remove(name) { this.lines = this.lines.filter((line) => line.name !== name); }
  subtotal() { return this.lines.reduce((sum, line) => sum + line.price * line.quantity, 0); }
  discounted() { return this.coupon ? this.subtotal() * (1 - this.coupon.rate) : this.subtotal(); }
  total() { return Math.round(this.discounted() * (1 + TAX) * 100) / 100; }
  freeShipping(limit = 50) { return this.subtotal() >= limit; }
}
module.exports = { Cart, TAX };
`,
    tests: `const { Cart } = require('../src/cart.js');
const filled = () => { const c = new Cart(); c.add('pen', 2, 5); c.add('book', 40); return c; };
test('subtotal', () => { assert.equal(filled().subtotal(), 50); });
test('adds the same thing twice', () => { const c = filled(); c.add('pen', 2, 3); assert.equal(c.lines.length, 2); assert.equal(c.subtotal(), 56); });
test('removes', () => { const c = filled(); c.remove('book'); assert.deepEqual(c.lines.map((l) => l.name), ['pen']); });
test('coupon', () => { const c = filled(); c.coupon = { rate: 0.1 }; assert.equal(c.discounted(), 45); });
test('total with tax', () => { assert.equal(filled().total(), 60); });
test('free shipping from the limit on', () => { assert.equal(filled().freeShipping(), true); assert.equal(filled().freeShipping(51), false); });`,
    defects: [
      ['const TAX = 0.2;', 'const TAX = 0.02;'],
      ['line.price * line.quantity', 'line.price + line.quantity'],
      ['line.quantity += quantity', 'line.quantity = quantity'],
      ['line.name !== name', 'line.name === name'],
      ['* (1 - this.coupon.rate)', '- this.coupon.rate'],
      ['(1 + TAX)', 'TAX'],
      ['>= limit', '> limit'],
      ['quantity = 1', 'quantity = 0'],
      ['line.price * line.quantity', 'line.price'],
    ],
  },
  {
    name: 'collections',
    esm: true,
    source: `export function chunk(list, size) {
  const chunks = [];
  for (let i = 0; i < list.length; i += size) chunks.push(list.slice(i, i + size));
  return chunks;
}
export function groupBy(list, key) {
  const groups = {};
  for (const item of list) {
    const name = key(item);
    groups[name] = groups[name] ?? [];
    groups[name].push(item);
  }
  return groups;
}
export function sortBy(list, key) {
  return [...list].sort((a, b) => key(a) - key(b));
}
export function unique(list) {
  return list.filter((item, index) => list.indexOf(item) === index);
}
export function count(list) {
  const counts = new Map();
  for (const item of list) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}
export function last(list, fallback) {
  return list.length > 0 ? list[list.length - 1] : fallback;
}
export const partition = (list, test) => [list.filter(test), list.filter((item) => !test(item))];
`,
    tests: `import { chunk, groupBy, sortBy, unique, count, last, partition } from '../src/collections.js';
test('chunk', () => { assert.deepEqual(chunk([1, 2, 3, 4, 5], 2), [[1, 2], [3, 4], [5]]); });
test('groupBy', () => { assert.deepEqual(groupBy([1, 2, 3], (n) => (n % 2 ? 'odd' : 'even')), { odd: [1, 3], even: [2] }); });
test('sortBy ascending', () => { assert.deepEqual(sortBy([10, 9, 1], (n) => n), [1, 9, 10]); });
test('sortBy leaves the original unchanged', () => { const list = [3, 1]; sortBy(list, (n) => n); assert.deepEqual(list, [3, 1]); });
test('unique', () => { assert.deepEqual(unique([1, 2, 1]), [1, 2]); });
test('count', () => { assert.equal(count(['a', 'b', 'a']).get('a'), 2); });
test('last', () => { assert.equal(last([1, 2]), 2); assert.equal(last([], 7), 7); });
test('partition', () => { assert.deepEqual(partition([1, 2, 3], (n) => n > 1), [[2, 3], [1]]); });`,
    defects: [
      ['list.slice(i, i + size)', 'list.slice(i, size)'],
      ['i += size', 'i++'],
      ['groups[name] ?? []', '[]'],
      ['key(a) - key(b)', 'key(b) - key(a)'],
      ['[...list].sort', 'list.sort'],
      ['=== index', '!== index'],
      ['(counts.get(item) ?? 0) + 1', 'counts.get(item) + 1'],
      ['list[list.length - 1]', 'list[list.length]'],
      ['!test(item)', 'test(item)'],
      ['list.length > 0', 'list.length > 1'],
      ['  return chunks;\n', ''],
    ],
  },
  {
    name: 'config',
    source: `function parseConfig(text) {
  const result = {};
  for (const line of text.split('\\n')) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const at = trimmed.indexOf('=');
    if (at === -1) throw new SyntaxError('no value: ' + trimmed);
    result[trimmed.slice(0, at).trim()] = convert(trimmed.slice(at + 1).trim());
  }
  return result;
}
function convert(value) {
  if (value === 'true' || value === 'false') return value === 'true';
  if (/^-?\\d+(\\.\\d+)?$/.test(value)) return Number(value);
  return value;
}
function withDefaults(config, defaults) {
  return { ...defaults, ...config };
}
function getPort(config) {
  return config.port ?? 8080;
}
module.exports = { parseConfig, withDefaults, getPort };
`,
    tests: `const { parseConfig, withDefaults, getPort } = require('../src/config.js');
test('reads keys and values', () => { assert.deepEqual(parseConfig('a = x\\nb=y=z'), { a: 'x', b: 'y=z' }); });
test('skips comments and blank lines', () => { assert.deepEqual(parseConfig('# note\\n\\na=x'), { a: 'x' }); });
test('converts numbers', () => { assert.deepEqual(parseConfig('n=-1.5\\nm=10'), { n: -1.5, m: 10 }); });
test('converts booleans', () => { assert.deepEqual(parseConfig('t=true\\nf=false'), { t: true, f: false }); });
test('refuses lines without a value', () => { assert.throws(() => parseConfig('oops'), SyntaxError); });
test('own values win over defaults', () => { assert.deepEqual(withDefaults({ a: 1 }, { a: 0, b: 2 }), { a: 1, b: 2 }); });
test('port zero is a port', () => { assert.equal(getPort({ port: 0 }), 0); assert.equal(getPort({}), 8080); });`,
    defects: [
      ["startsWith('#')", "endsWith('#')"],
      ["indexOf('=')", "lastIndexOf('=')"],
      ['at === -1', 'at === 0'],
      ['slice(at + 1).trim()', 'slice(at).trim()'],
      ["return value === 'true';", "return value !== 'true';"],
      ['return Number(value)', 'return value'],
      ['{ ...defaults, ...config }', '{ ...config, ...defaults }'],
      ['config.port ?? 8080', 'config.port || 8080'],
      ['slice(0, at).trim()', 'slice(0, at)'],
      ["trimmed === '' || trimmed", "trimmed === '' && trimmed"],
      ['const trimmed = line.trim();', 'const trimmed = line;'],
    ],
  },
  {
    name: 'inventory',
    esm: true,
    source: `import { EventEmitter } from 'node:events';
export class Inventory extends EventEmitter {
  #stock = new Map();
  async load(source) {
    const rows = await source.fetch();
    for (const { sku, amount } of rows) this.#stock.set(sku, amount);
    return rows.length;
  }
  amount(sku) { return this.#stock.get(sku) ?? 0; }
  take(sku, wanted) {
    const have = this.amount(sku);
    if (wanted > have) return false;
    this.#stock.set(sku, have - wanted);
    if (have - wanted === 0) this.emit('empty', sku);
    return true;
  }
  low(limit) {
    return [...this.#stock.entries()].filter(([, amount]) => amount < limit).map(([sku]) => sku).sort();
  }
}
`,
    tests: `import { Inventory } from '../src/inventory.js';
const load = async () => { const i = new Inventory(); await i.load({ fetch: async () => [{ sku: 'b', amount: 2 }, { sku: 'a', amount: 1 }, { sku: 'c', amount: 9 }] }); return i; };
test('loads', async () => { assert.equal((await load()).amount('c'), 9); });
test('tells how many rows it loaded', async () => { assert.equal(await new Inventory().load({ fetch: async () => [] }), 0); });
test('unknown things are not there', async () => { assert.equal((await load()).amount('x'), 0); });
test('takes what is there', async () => { const i = await load(); assert.equal(i.take('b', 2), true); assert.equal(i.amount('b'), 0); });
test('does not take what is not there', async () => { const i = await load(); assert.equal(i.take('b', 3), false); assert.equal(i.amount('b'), 2); });
test('says when something is empty', async () => { const i = await load(); const e = []; i.on('empty', (s) => e.push(s)); i.take('c', 1); i.take('a', 1); assert.deepEqual(e, ['a']); });
test('lists what is low', async () => { assert.deepEqual((await load()).low(2), ['a']); assert.deepEqual((await load()).low(3), ['a', 'b']); });`,
    defects: [
      ['await source.fetch()', 'source.fetch()'],
      ['?? 0', '?? 1'],
      ['wanted > have', 'wanted >= have'],
      ['this.#stock.set(sku, have - wanted);', 'this.#stock.set(sku, have + wanted);'],
      ['have - wanted === 0', 'have === 0'],
      ['amount < limit', 'amount <= limit'],
      ['.map(([sku]) => sku).sort()', '.map(([sku]) => sku)'],
      ["emit('empty', sku)", "emit('empty', wanted)"],
      ['    return true;\n', ''],
      ['this.#stock.set(sku, amount)', 'this.#stock.set(amount, sku)'],
    ],
  },
  {
    name: 'dates',
    source: `const DAY = 24 * 60 * 60 * 1000;
function isLeap(year) {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}
function daysBetween(from, to) {
  return Math.round((to - from) / DAY);
}
function format(date) {
  const pad = (n) => String(n).padStart(2, '0');
  return date.getUTCFullYear() + '-' + pad(date.getUTCMonth() + 1) + '-' + pad(date.getUTCDate());
}
function isWeekend(date) {
  const day = date.getUTCDay();
  return day === 0 || day === 6;
}
function duration(seconds) {
  const minutes = Math.floor(seconds / 60);
  return minutes + ':' + String(seconds % 60).padStart(2, '0');
}
module.exports = { isLeap, daysBetween, format, isWeekend, duration };
`,
    tests: `const { isLeap, daysBetween, format, isWeekend, duration } = require('../src/dates.js');
test('leap years', () => { assert.deepEqual([1900, 2000, 2023, 2024].map(isLeap), [false, true, false, true]); });
test('days between', () => { assert.equal(daysBetween(new Date('2024-02-28'), new Date('2024-03-01')), 2); });
test('format', () => { assert.equal(format(new Date('2024-03-05T00:00:00Z')), '2024-03-05'); });
test('weekend', () => { assert.equal(isWeekend(new Date('2024-03-09')), true); assert.equal(isWeekend(new Date('2024-03-10')), true); assert.equal(isWeekend(new Date('2024-03-11')), false); });
test('duration', () => { assert.equal(duration(125), '2:05'); assert.equal(duration(59), '0:59'); });`,
    defects: [
      ['24 * 60 * 60 * 1000', '24 * 60 * 1000'],
      ['year % 100 !== 0', 'year % 100 === 0'],
      ['|| year % 400 === 0', '&& year % 400 === 0'],
      ['(to - from)', '(from - to)'],
      ['date.getUTCMonth() + 1', 'date.getUTCMonth()'],
      ['date.getUTCDate()', 'date.getUTCDay()'],
      ['day === 6', 'day === 5'],
      ['Math.floor(seconds / 60)', 'Math.round(seconds / 60)'],
      ["String(seconds % 60).padStart(2, '0')", "String(seconds % 60).padEnd(2, '0')"],
      ['seconds % 60)', 'seconds / 60)'],
    ],
  },
];
