import { describe, expect, it } from 'vitest';
import { compileLinePattern, repetitionsIn } from './line-pattern.ts';

describe('compileLinePattern', () => {
  it.each([
    ['(a+)+$', `${'a'.repeat(5000)}b`],
    ['(a|aa)*c', 'a'.repeat(5000)],
    ['(?:a*)*b', 'a'.repeat(5000)],
    ['.*.*.*.*=x', 'a='.repeat(4000)],
    ['(\\w+\\s?)*!', 'word '.repeat(3000)],
  ])('%s ends soon', async (source, line) => {
    const pattern = await compileLinePattern(source, false);
    expect(pattern.ok && pattern.find(line)).toBe(-1);
  });
  it.each([
    ['b+', 'aabb', 2],
    ['(foo|bar)+baz', 'x foobarbaz', 2],
    ['(?<=a)b', 'ab', 1],
    ['^\\s*const (\\w+) = require\\((.+)\\)', "const a = require('a')", 0],
    ['TOTAL', 'the total', 4],
  ])('%s finds in %s', async (source, line, at) => {
    const pattern = await compileLinePattern(source, true);
    expect(pattern.ok && pattern.find(line)).toBe(at);
  });
  it('refuses what neither engine can do safely, and what is no pattern', async () => {
    expect(await compileLinePattern('(a+)+(?=b)', false)).toMatchObject({ ok: false });
    expect(await compileLinePattern('(a+)+\\1', false)).toMatchObject({ ok: false });
    expect(await compileLinePattern('[', false)).toMatchObject({ ok: false });
  });
});

describe('repetitionsIn', () => {
  it.each([
    ['a+b*', { nested: false, repetitions: 2 }],
    ['(a+)+', { nested: true, repetitions: 2 }],
    ['(a|b)*', { nested: true, repetitions: 1 }],
    ['(ab)*', { nested: false, repetitions: 1 }],
    ['((a?)b){2,}', { nested: true, repetitions: 1 }],
    ['[+*]+\\+', { nested: false, repetitions: 1 }],
    ['a{3}b{2,4}', { nested: false, repetitions: 0 }],
  ])('%s', (source, expected) => {
    expect(repetitionsIn(source)).toEqual(expected);
  });
});
