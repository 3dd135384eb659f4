import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseVerdict } from './parse-verdict.ts';
import { tellingOutput } from './telling-output.ts';

const fixture = (name: string) => readFileSync(new URL(`./fixtures/${name}.txt`, import.meta.url), 'utf8');
const outline = (name: string) => {
  const { format, counts, tests, passed } = parseVerdict(1, fixture(name));
  expect(passed).toBe(false);
  return { format, counts, tests: tests.map((test) => `${test.status}: ${test.name.join(' > ')}`) };
};
const messageOf = (name: string, title: string) =>
  parseVerdict(1, fixture(name)).tests.find((test) => test.name.at(-1) === title)?.message;

describe('captured outputs', () => {
  const cart = [
    'passed: cart > adds prices',
    'failed: cart > discount > takes ten percent',
    'todo: cart > discount > later',
    'skipped: cart > discount > never',
    'failed: compares objects',
    'failed: throws',
    'failed: outer > inner fails',
  ];
  const nodeTests = ['failed: nt/broken.test.js', ...cart];
  it('reads node:test spec', () => {
    const read = outline('node-spec');
    expect(read.format).toBe('node:test');
    expect(read.counts).toEqual({ passed: 2, failed: 6, skipped: 2 });
    expect(read.tests).toEqual([...nodeTests, 'passed: fine']);
    expect(messageOf('node-spec', 'takes ten percent')).toContain('95 !== 90');
    expect(messageOf('node-spec', 'inner fails')).toContain('assert.ok(false)');
    expect(messageOf('node-spec', 'throws')).toMatch(/^TypeError: x is not a function/);
  });
  it('reads node:test spec in colour, and of a file run alone', () => {
    expect(outline('node-spec-color').tests).toEqual(cart);
    expect(outline('node-direct').tests).toEqual(cart);
  });
  it('reads node:test TAP', () => {
    const read = outline('node-tap');
    expect(read.format).toBe('tap');
    expect(read.counts).toEqual({ passed: 2, failed: 6, skipped: 2 });
    expect(read.tests).toEqual([...nodeTests, 'passed: fine']);
    expect(messageOf('node-tap', 'takes ten percent')).toContain('95 !== 90');
  });
  it('reads tape', () => {
    const read = outline('tape');
    expect(read.counts).toEqual({ passed: 2, failed: 1, skipped: 0 });
    expect(read.tests).toEqual([
      'passed: cart adds > two',
      'failed: cart fails > should be equal',
      'passed: cart fails > fine',
    ]);
    expect(messageOf('tape', 'should be equal')).toContain('operator: equal');
  });
  it('takes a process that ends in the middle of TAP for a failure of the test that ran', () => {
    const output = `TAP version 13
# adds
ok 1 two
# fails
ok 2 fine
/home/project/a.js:3
    throw new Error('no');

Error: no
    at fails (/home/project/a.js:3:9)
`;
    const verdict = parseVerdict(1, output);
    expect(verdict.counts).toEqual({ passed: 2, failed: 1, skipped: 0 });
    expect(verdict.tests.at(-1)).toMatchObject({
      name: ['fails', 'the process ended before the tests did'],
      status: 'failed',
      message: expect.stringContaining('Error: no\n    at fails'),
    });
  });
  it('reads mocha', () => {
    const read = outline('mocha');
    expect(read.format).toBe('mocha');
    expect(read.counts).toEqual({ passed: 2, failed: 2, skipped: 1 });
    expect(read.tests).toEqual([
      'passed: root',
      'passed: cart > adds',
      'failed: cart > fails here',
      'failed: cart > nested > also fails',
      'skipped: cart > nested > skipped one',
    ]);
    expect(messageOf('mocha', 'fails here')).toContain('1 !== 2');
    expect(messageOf('mocha', 'also fails')).toMatch(/^Error: boom/);
  });
  const jestFailures = ['failed: cart > fails here', 'failed: cart > nested > also fails'];
  it('reads jest, verbose and not', () => {
    const read = outline('jest');
    expect(read.counts).toEqual({ passed: 3, failed: 2, skipped: 1 });
    expect(read.tests).toEqual(jestFailures);
    expect(messageOf('jest', 'fails here')).toContain('Received: 1');
    const verbose = outline('jest-verbose');
    expect(verbose.counts).toEqual(read.counts);
    expect(verbose.tests).toEqual(expect.arrayContaining([...jestFailures, 'passed: cart > adds', 'passed: root']));
    expect(verbose.tests).toContain('skipped: cart > nested > skipped one');
  });
  it('reads the JSON of jest and vitest', () => {
    for (const name of ['jest-json', 'vitest-json']) {
      const read = outline(name);
      expect(read.counts).toEqual({ passed: 3, failed: 2, skipped: 1 });
      expect(read.tests).toEqual(expect.arrayContaining([...jestFailures, 'passed: cart > adds', 'passed: fine']));
    }
  });
  it('reads vitest, verbose and not', () => {
    expect(outline('vitest').counts).toEqual({ passed: 3, failed: 2, skipped: 1 });
    expect(outline('vitest').tests).toEqual(jestFailures);
    expect(messageOf('vitest', 'fails here')).toContain('expected 1 to be 2');
    expect(outline('vitest-verbose').tests).toEqual(expect.arrayContaining([...jestFailures, 'passed: cart > adds']));
  });
  it('reads uvu and ava', () => {
    expect(outline('uvu')).toEqual({
      format: 'uvu',
      counts: { passed: 1, failed: 1, skipped: 1 },
      tests: ['failed: cart > fails here'],
    });
    expect(messageOf('uvu', 'fails here')).toContain('++2');
    expect(outline('ava')).toEqual({
      format: 'ava',
      counts: { passed: 1, failed: 1, skipped: 1 },
      tests: ['skipped: skipped', 'passed: adds', 'failed: fails here'],
    });
    expect(messageOf('ava', 'fails here')).toContain('Difference');
  });
});

describe('the rule', () => {
  const summary = (pass: number, fail: number) => `✔ a (1ms)\nℹ tests ${pass + fail}\nℹ pass ${pass}\nℹ fail ${fail}\n`;
  it('passes on exit code 0 with tests that ran', () => {
    expect(parseVerdict(0, summary(1, 0)).passed).toBe(true);
  });
  it('fails on a non-zero exit code, whatever the output says', () => {
    expect(parseVerdict(1, summary(1, 0)).passed).toBe(false);
  });
  it('fails on a failed test, whatever the exit code says', () => {
    expect(parseVerdict(0, summary(1, 1)).passed).toBe(false);
  });
  it('fails when no test ran', () => {
    const verdict = parseVerdict(0, summary(0, 0));
    expect(verdict.passed).toBe(false);
    expect(verdict.counts).toEqual({ passed: 0, failed: 0, skipped: 0 });
    expect(parseVerdict(0, 'TAP version 13\n1..0\n').passed).toBe(false);
  });
  it('goes by the exit code alone where nothing can be read', () => {
    expect(parseVerdict(0, 'all fine')).toEqual({ exitCode: 0, passed: true, format: null, counts: null, tests: [] });
    expect(parseVerdict(3, '').passed).toBe(false);
  });
});

it('reads the failures that mocha lists at the end where its reporter names no test', () => {
  const output = `
  ....!.

  5 passing (1s)
  1 failing

  1) extglobs
       negation
         should support stars:

      AssertionError [ERR_ASSERTION]: falsy
      at Context.<anonymous> (test/extglobs.js:75:7)
`;
  const { tests, counts } = parseVerdict(1, output);
  expect(counts).toEqual({ passed: 5, failed: 1, skipped: 0 });
  expect(tests).toEqual([
    {
      name: ['extglobs', 'negation', 'should support stars'],
      status: 'failed',
      message: expect.stringMatching(/^AssertionError \[ERR_ASSERTION\]: falsy\nat Context/),
    },
  ]);
});

it('the tests of several packages, run one after the other, are all counted and named', () => {
  const run = (name: string, failing: boolean) => `
> ${name}@1.0.0 test
> mocha

  ${name}
    ✔ adds
${failing ? '    1) takes away\n' : ''}    - divides

  1 passing (6ms)
${failing ? `  1 failing\n\n  1) ${name}\n       takes away:\n     Error: no ${name}\n` : ''}
`;
  const output = `
> test
> npm run test --workspaces
${run('a', false)}${run('b', true)}npm error code 1
${run('c', true)}`;
  const { counts, tests } = parseVerdict(1, output);
  expect(counts).toEqual({ passed: 3, failed: 2, skipped: 0 });
  expect(tellingOutput(output, parseVerdict(1, output))).not.toContain('divides');
  expect(
    tests.filter(({ status }) => status !== 'skipped').map(({ name, status }) => `${name.join(' ')}: ${status}`),
  ).toEqual(['a adds: passed', 'b adds: passed', 'b takes away: failed', 'c adds: passed', 'c takes away: failed']);
  expect(tests.filter(({ status }) => status === 'failed').map(({ message }) => message)).toEqual([
    'Error: no b',
    'Error: no c',
  ]);
  const jest = (name: string) => `
> ${name}@1.0.0 test
> jest

PASS ./a.test.js
Test Suites: 1 passed, 1 total
Tests:       2 passed, 2 total
`;
  expect(parseVerdict(0, jest('a') + jest('b')).counts).toMatchObject({ passed: 4 });
});
