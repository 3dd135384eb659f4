import { parse } from 'acorn';
import { describe, expect, test } from 'vitest';
import { applyEdits } from '../modules/transform/edits.ts';
import { countSource } from './count-source.ts';
import type { CounterText } from './counted-source.ts';
import { functionRanges } from './function-ranges.ts';

const TEXT: CounterText = {
  count: (counter) => `counts[${counter}]++`,
  valueOpening: 'value(',
  linkOpening: (counter) => `link(${counter},(`,
};

/** Runs a function's body, and shows what it counted: the text of each range, with its count. */
function counted(source: string): string[] {
  const program = parse(source, { ecmaVersion: 'latest', allowReturnOutsideFunction: true });
  const { functions, edits, counters } = countSource(program, source, TEXT, false);
  const counts = new Float64Array(counters);
  const link = (counter: number, value: unknown) => {
    if (value !== null && value !== undefined) counts[counter] = (counts[counter] ?? 0) + 1;
    return value;
  };
  const { code } = applyEdits(source, edits);
  expect(code.split('\n').length).toBe(source.split('\n').length);
  new Function('counts', 'value', 'link', code)(counts, (value: unknown) => value, link);
  return functionRanges(functions, counts, []).flatMap(({ functionName, ranges, isBlockCoverage }) =>
    ranges.map(({ startOffset, endOffset, count }, index) => {
      const text = source.slice(startOffset, endOffset);
      return `${index === 0 ? `${functionName}${isBlockCoverage ? '' : '?'} ` : '  '}${count}: ${text}`;
    }),
  );
}

describe('what V8 tells of these programs', () => {
  const cases: Record<string, { source: string; told: string[] }> = {
    'functions that nobody called, and those in them': {
      source: 'function a() { function b() {} }\n(function () { function c() {} })',
      told: ['1: …', 'a? 0: function a() { function b() {} }', '0: function () { function c() {} }'],
    },
    branches: {
      source: 'for (const x of [0, 1, 2]) { if (x === 1) continue; else if (x) x ? 1 : 2\n}',
      told: [
        '1: …',
        '  3: { if (x === 1) continue; else if (x) x ? 1 : 2\n}',
        '  1: continue;',
        '  2:  else if (x) x ? 1 : 2',
        '  1: x ? 1 : 2',
        '  0: : 2',
      ],
    },
    'what is behind a return, and behind an error': {
      source:
        'const f = (x) => { if (x) return 1; return 2; };\nf(1); try { f(0); throw f } catch { f(1) } finally { f(1) }',
      told: ['1: …', 'f 4: (x) => { if (x) return 1; return 2; }', '  3: return 1;', '  1:  return 2; '],
    },
    'links, alternatives and defaults': {
      source: 'const o = null; o?.a.b; [].at?.(0); const { x = 1 } = {}; o || x; x && o ?.y(); o ?? x;',
      told: ['1: …', '  0: ?.a', '  0: ?.y'],
    },
    'the initializers of a class': {
      source: 'class A { a = 1; f = () => 2; static s = 1; g() { return 1; } }\nnew A(); new A().f();',
      told: [
        '1: …',
        '<instance_members_initializer> 2: a = 1; f = () => 2',
        'f 1: () => 2',
        '<static_initializer> 1: static s = 1',
        'g? 0: g() { return 1; }',
      ],
    },
    'fields that are functions all': {
      source: 'class A { f = () => 2; g = function () {}; }\nif (new A().f.name !== "f") throw 1;',
      told: [
        '1: …',
        '  0: throw 1;',
        '<instance_members_initializer> 1: f = () => 2; g = function () {}',
        'f? 0: () => 2',
        'g? 0: function () {}',
      ],
    },
    'names that are passed on the way to a function without one': {
      source:
        "const o = {}; o.b = function () {}; o['c'] = o[1] = () => {};\nconst f = [(x) => x, [y => y]], g = f.map(() => 1, () => 2);",
      told: [
        '1: …',
        'o.b? 0: function () {}',
        'o.c.o.<computed>? 0: () => {}',
        'f? 0: (x) => x',
        'f? 0: y => y',
        '2: () => 1',
        '? 0: () => 2',
      ],
    },
    'a generator counts its calls': {
      source: 'function* g(a) { if (arguments.length > 1) throw g.length; yield a; }\ng(1); g(2).next();',
      told: [
        '1: …',
        'g 2: function* g(a) { if (arguments.length > 1) throw g.length; yield a; }',
        '  0: throw g.length;',
        '  1:  yield a;',
        '  0:  ',
      ],
    },
    'a loop whose turns have names of their own': {
      source: 'for (let i = 0; i < 3; i++) { (() => i)(); if (i == 1) break; }\n1;',
      told: ['1: …', '  2: { (() => i)(); if (i == 1) break; }', '  1: break;', '  2: \n1', ' 2: () => i'],
    },
    'no statement needs a semicolon': {
      source:
        "'use strict'\nlet a = 1\nif (a)\n  a++\nelse a--\ndo a--\nwhile (a > 0)\nl: { break l }\nswitch (a) { case 0: default: }",
      told: ['1: …', '  0: \nelse a--', '  2: a--'],
    },
  };
  for (const [name, { source, told }] of Object.entries(cases)) {
    test(name, () => {
      expect(counted(source).map((line) => (line.endsWith(`: ${source}`) ? '1: …' : line.trimStart()))).toEqual(
        told.map((line) => line.trimStart()),
      );
    });
  }
});
