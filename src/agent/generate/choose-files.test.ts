import { describe, expect, it } from 'vitest';
import type { TestResult } from '../../session/values.ts';
import { chooseFiles } from './choose-files.ts';

const FILES = {
  'package.json': '{}',
  'lib/index.js': "exports.parse = require('./parse.js');",
  'lib/parse.js': "module.exports = require('./deep/token.js');",
  'lib/deep/token.js': 'module.exports = 1;',
  'lib/other.js': `// ${'x'.repeat(300)}`,
  'test/parse.test.js': "const { parse } = require('../lib/index.js');\ntest('keeps the order', () => {});",
  'test/other.test.js': "require('../lib/other.js');\ntest('does other things', () => {});",
};
const failing: TestResult = { name: ['parse', 'keeps the order'], status: 'failed' };
const verification = (output: string, tests: readonly TestResult[] = [failing]) => ({
  attempt: '0',
  verdict: { exitCode: 1, passed: false, format: null, counts: null, tests },
  output,
  ended: 'exited' as const,
  seconds: 1,
  sinceStart: null,
});
const chosen = async (options: Partial<Parameters<typeof chooseFiles>[1]>) => {
  const all = { goal: 'Repair it.', verification: verification(''), room: 100_000, refuse: () => null, ...options };
  return (await chooseFiles(FILES, all)).shown.map(({ path }) => path);
};

describe('chooseFiles', () => {
  it('begins with the failing test and what it reaches', async () => {
    expect((await chosen({})).slice(0, 4)).toEqual([
      'test/parse.test.js',
      'lib/index.js',
      'lib/parse.js',
      'lib/deep/token.js',
    ]);
    expect(await chosen({})).toHaveLength(7);
  });

  it('puts what the output or the goal names before it', async () => {
    expect((await chosen({ verification: verification('at f (lib/deep/token.js:1:1)') }))[0]).toBe('lib/deep/token.js');
    expect((await chosen({ goal: 'lib/other.js is wrong' }))[0]).toBe('lib/other.js');
  });

  it('keeps to its room and names what was left', async () => {
    const { shown, left } = await chooseFiles(FILES, {
      goal: '',
      verification: verification(''),
      room: 250,
      refuse: () => null,
    });
    expect(shown.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThanOrEqual(250);
    expect(left).toContain('lib/other.js');
  });

  it('shows nothing that may not be read', async () => {
    expect(await chosen({ refuse: (path) => (path.startsWith('lib/') ? 'No.' : null) })).not.toContain('lib/index.js');
  });
});
