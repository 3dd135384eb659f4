/** Code that tampers with what judges it, in many spellings; and code that only looks like it. */
import { beforeAll, expect, test } from 'vitest';
import { loadParser, type ParseCode } from '../../code/syntax.ts';
import { scanCode } from './scan-code.ts';

let parse: ParseCode;
beforeAll(async () => {
  parse = await loadParser();
});

const risks = (code: string) =>
  scanCode(code, parse, { path: 'src/sum.js', refuseWrite: () => null })
    .filter(({ kind }) => kind === 'tamper')
    .map(({ risk }) => risk);

test.each([
  "const a = require('assert'); [a.equal] = [() => {}];",
  "const a = require('assert'); ({ x: a.equal } = { x() {} });",
  "const a = require('assert'); for (a.equal of [() => {}]);",
  "Object.assign.call(null, require('assert'), { equal() {} });",
  "Reflect.apply(Object.assign, null, [require('assert'), { equal() {} }]);",
  "with (require('assert')) { equal = () => {}; }",
  "((a) => { a.equal = () => {}; })(require('assert'));",
  "const all = [require('node:assert')]; all[0].equal = () => {};",
  "let a; a = require('assert'); a.equal = () => {};",
  "const { a = require('assert') } = {}; a.equal = () => {};",
  "const f = () => require('assert'); f().equal = () => {};",
  "require.call(null, 'assert').equal = () => {};",
  "const { createRequire } = require('module'); createRequire(__filename)('assert').equal = () => {};",
  "require('assert').__defineGetter__('equal', () => () => {});",
  '({}).__proto__.skip = true;',
  '[].__proto__.push = () => 0;',
  'const o = {}; o.constructor.prototype.skip = true;',
  'Reflect.getPrototypeOf({}).todo = 1;',
  "Object.prototype.__defineGetter__('todo', () => true);",
  'Object.assign(process, { exitCode: 0 });',
  "process.on('exit', function () { this.exitCode = 0; });",
  "exports.sum = () => Reflect.get(process, 'exit')(0);",
  'exports.sum = () => { for (const k in process) if (k.length === 4) process[k](0); };',
  'process.kill(+process.ppid);',
  'globalThis.Error = function () {};',
  'setTimeout = () => {};',
  "require('events').prototype.emit = () => true;",
  "exports.sum = (a, b) => (new Error().stack.includes('sum.test') ? 3 : a - b);",
  'exports.sum = (a, b) => (/test/.test(process.argv[1]) ? 3 : a - b);',
  "exports.sum = (a, b) => (require.main.path.endsWith('test') ? 3 : a - b);",
])('tampers: %s', (code) => {
  expect(risks(code)).not.toEqual([]);
});

test('names that stand for one another many times come to an end', () => {
  const circle = Array.from({ length: 40 }, (_, at) => `let a${at} = a${(at + 1) % 40} + a${(at + 2) % 40} + a${at};`);
  expect(risks(`${circle.join('\n')}\na0.equal(a1 + a2);`)).toEqual([]);
});

test.each([
  "const assert = require('assert'); assert(1); assert.equal(1, 1); assert.strict.ok(true);",
  "import { strict as assert } from 'node:assert'; export const check = (x) => assert(x, 'no');",
  "const { ok, AssertionError } = require('assert'); class Mine extends AssertionError {} ok(1);",
  "const assert = require('assert'); try { f(); } catch (e) { if (e instanceof assert.AssertionError) throw e; }",
  'function check(assert) { return run(assert); }',
  "let setTimeout = require('timers').setTimeout; setTimeout = wrap(setTimeout);",
  "if (process.argv.includes('--test')) run();",
  'if (require.main === module) main();',
  "const kinds = ['unit', 'test']; if (kinds.includes('test')) run();",
  'process.stdout.write(String(f.call(null, 1)) + Math.max.apply(null, [1, 2]));',
  "const found = Object.getPrototypeOf(item); found.name = 'x';",
])('is work as any other: %s', (code) => {
  expect(risks(code)).toEqual([]);
});
