import { describe, expect, it } from 'vitest';
import { testFiles } from './test-files.ts';
import { findRunner } from './test-runner.ts';

const SOURCES = {
  'lib/a.js': '',
  'lib/latest.js': '',
  'test/index.js': "require('./one.js');",
  'test/one.js': "require('assert').equal(1, 1);",
  'test/exits.cjs': 'if (1 !== 1) process.exit(1);',
  'test/fixtures/data.js': '',
  'src/b.test.ts': "import test from 'node:test';\ntest('b', () => {});",
  'src/c-test.mjs': '',
  'src/types.d.ts': '',
};
const found = (script: string) => {
  const files = { ...SOURCES, 'package.json': JSON.stringify({ scripts: { test: script } }) };
  return testFiles(files, findRunner(files, 'npm test'));
};

describe('testFiles', () => {
  it("are what Node's runner takes, whatever they hold", () => {
    expect(found('node --test')).toEqual([
      'src/b.test.ts',
      'src/c-test.mjs',
      'test/exits.cjs',
      'test/fixtures/data.js',
      'test/index.js',
      'test/one.js',
    ]);
  });
  it('are programs that check by themselves, where no runner is known', () => {
    expect(found('for f in test/*.js; do node $f; done')).toEqual(['src/b.test.ts', 'test/exits.cjs', 'test/one.js']);
    expect(found('node test/index.js && node test/one.js')).toContain('test/one.js');
  });
  it('hold tests, where a runner collects them', () => {
    expect(found('mocha')).toEqual(['src/b.test.ts']);
  });
});
