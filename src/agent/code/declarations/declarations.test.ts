import { describe, expect, it } from 'vitest';
import { outlineOf } from '../outline.ts';
import { loadDeclarationReader } from './declarations.ts';

const outline = async (text: string, path = 'a.js') =>
  outlineOf((await loadDeclarationReader())(text, path)).split('\n');

describe('outlineOf', () => {
  it('tells what is overloaded, and what is only declared, by its name', async () => {
    const source =
      'export function clamp(n: number): number;\nexport function clamp(n: any) {\n  return n;\n}\nexport declare function later(): void;\nexport default function (): void;\n';
    expect(await outline(source, 'a.ts')).toEqual([
      '1: function clamp(n: number): number (exported)',
      '2-4: function clamp(n: any) (exported)',
      '5: declare function later(): void (exported)',
      expect.stringContaining('(default)'),
    ]);
  });
  it('tells a pattern that binds many names once', async () => {
    const source = `const {
  MAX,
  MIN
} = constants;
const [first, second] = list;
function f() {}
`;
    expect(await outline(source)).toEqual([
      '1-4: const { MAX, MIN } = constants',
      '5: const [first, second] = list',
      '6: function f()',
    ]);
  });
  it('tells functions, classes with members, variables and exports', async () => {
    const source = `import a from 'a';
const { b } = require('b');
const RATE = 0.2;
export class Cart extends Map {
  #items = [];
  static create(items) {
    return new Cart(items);
  }
  get total() { return 1; }
  onChange = async (event) => {
    const local = 1;
  };
}
async function* walk(node, depth = 0) {
  function inner() {}
}
const double = (x) => x * 2, half = (x) => x / 2;
export { walk as traverse };
export default double;
`;
    expect(await outline(source)).toEqual([
      '3: const RATE = 0.2',
      '4-13: class Cart extends Map (exported)',
      '  5: #items = []',
      '  6-8: static create(items)',
      '  9: get total()',
      '  10-12: onChange = async (event)',
      '14-16: async function* walk(node, depth = 0) (exported)',
      '17: const double = (x) (exported)',
      '17: half = (x)',
      '18: export traverse (from walk)',
    ]);
  });
  it('knows CommonJS, prototypes and what is assigned to functions', async () => {
    const source = `function Queue() {}
Queue.prototype.push = function (item) {
};
Queue.prototype.size = function size() { return 0; };
Queue.create = () => new Queue();
Object.defineProperty(Queue.prototype, 'empty', { get() { return true; } });
exports.run = function run(task) {
};
exports.LIMIT = 10;
exports.Queue = Queue;
module.exports.stop = stop;
function stop() {}
module.exports = { stop, go: run, wait(ms) {}, later: async () => {} };
`;
    expect(await outline(source)).toEqual([
      '1: function Queue() (exported)',
      '2-3: Queue.prototype.push = function (item)',
      '4: Queue.prototype.size = function size()',
      '5: Queue.create = ()',
      "6: Object.defineProperty(Queue.prototype, 'empty', { get() { return true; } })",
      '6: get()',
      '7-8: exports.run = function run(task)',
      '9: exports.LIMIT = 10',
      '12: function stop() (exported)',
      '13: export go (from run)',
      '13: wait(ms) (exported)',
      '13: later: async () (exported)',
    ]);
  });
  it('looks into the wrapper of a whole file', async () => {
    const filler = '    // line\n'.repeat(60);
    const source = `(function (root, factory) {\n  root.lib = factory();\n})(this, function () {\n${filler}  function helper(a) {\n  }\n  return { helper };\n});\n`;
    expect(await outline(source)).toEqual(['64-65: function helper(a)']);
  });
  it('reads TypeScript, JSX and tests', async () => {
    expect(
      await outline(
        'export interface A<T> { x: T }\ntype B = A<string>;\nenum C { D }\nabstract class E { abstract f(): void }',
        'a.ts',
      ),
    ).toEqual([
      '1: interface A<T> (exported)',
      '2: type B = A<string>',
      '3: enum C { D }',
      '4: abstract class E',
      '4: abstract f(): void',
    ]);
    expect(await outline('export const View = ({ a }) => <p>{a}</p>;')).toEqual(['1: const View = ({ a }) (exported)']);
    const tests = "describe('cart', () => {\n  it('adds', () => {\n  });\n  test.each([1])(`n`, () => {});\n});";
    expect(await outline(tests)).toEqual(["1-5: describe('cart',", "  2-3: it('adds',", '  4: test.each([1])(`n`,']);
  });
  it('makes do with patterns where a file does not parse, and says where it breaks', async () => {
    const source =
      'function good(a) {\n  return a;\n}\nclass Half {\n  run(x) {\n    x = ;\n  }\n}\nexports.late = (y) => {\n};\n';
    expect(await outline(source)).toEqual([
      'It does not parse (line 6: Unexpected token); found by patterns:',
      '1-3: function good(a)',
      '4-8: class Half',
      '  5-7: run(x)',
      '9-10: exports.late = (y)',
    ]);
  });
  it('survives names that every object has', async () => {
    expect(await outline('function constructor() {}\nexport const toString = 1;')).toHaveLength(2);
  });
});
