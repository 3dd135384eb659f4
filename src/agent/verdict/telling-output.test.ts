import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { testKey } from '../test-key.ts';
import { describeVerdict } from './describe-verdict.ts';
import { withOwnFrames } from './own-frames.ts';
import { parseVerdict } from './parse-verdict.ts';
import { reportVerification } from './report-verification.ts';
import { tellingOutput } from './telling-output.ts';

const told = (output: string) => tellingOutput(output, parseVerdict(1, output));
const fixture = (name: string) => readFileSync(new URL(`./fixtures/${name}.txt`, import.meta.url), 'utf8');

test('what the program printed is left of an output, and not the tests that passed', () => {
  const tap = `TAP version 13
# parse()
ok 1 parses a string
seen: 42
ok 2 parses two
  ---
  duration_ms: 0.3
  ...
# stringify()
not ok 3 should throw
  ---
    operator: throws
    at: Test.<anonymous> (/home/project/test/a.js:3:4)
  ...
1..3
# tests 3
# pass  2
# fail  1`;
  const left = 'seen: 42';
  expect(told(tap)).toBe(left);
});

test.each(['node-spec', 'node-tap', 'tape', 'mocha', 'jest-verbose', 'vitest-verbose', 'ava'])(
  'of %s nothing is left that is told already',
  (name) => {
    const output = fixture(name);
    const left = told(output);
    const { tests } = parseVerdict(1, output);
    const isShown = ({ message }: { message?: string }) => message !== undefined && left.includes(message);
    expect(tests.filter(isShown)).toEqual([]);
    expect(left).not.toMatch(/^\s*(✔|✓|ok \d)/m);
    expect(left.length).toBeLessThan(output.length / 2);
  },
);

test('dots say nothing, and colours hide nothing', () => {
  const output = `\n  ......................!....\n  ..........\u001b[0m\n\n  2 passing (1s)\n\u001b[32m  ✔ fine\u001b[0m`;
  expect(told(output)).toBe('');
});

test('an output without a verdict stays as it is', () => {
  const output = 'ok 1\n\n\n.........\n';
  expect(tellingOutput(output, { exitCode: 1, passed: false, format: null, counts: null, tests: [] })).toBe(output);
});

test('many failures share the room for their messages', () => {
  const block = (id: number) => `not ok ${id} t${id}\n  ---\n    m: ${'x'.repeat(1400)}\n  ...`;
  const output = `TAP version 13\n${Array.from({ length: 50 }, (_, index) => block(index + 1)).join('\n')}\n1..50\n# tests 50\n# fail  50`;
  const verification = {
    attempt: 'a',
    verdict: parseVerdict(1, output),
    output,
    ended: 'exited' as const,
    seconds: 1,
    sinceStart: null,
  };
  const report = reportVerification(verification as never);
  expect(report.length).toBeLessThan(20_000);
  expect(report).toContain('FAILED: t50');
});

test('of node-tap nothing is left but what was printed, and a failure is told by its difference and its place', () => {
  const output = `TAP version 13
# Subtest: test/range.js
    # Subtest: range tests
        1..2
        ok 1 - fine
        # printed
        not ok 2 - ~1 => 1
          ---
          compare: ===
          at:
            line: 27
            column: 11
            file: test/range.js
          stack: |
            Test.<anonymous> (test/range.js:27:11)
          source: |2
              t.equal(range, 1)
            ----^
          diff: |
            -1
            +2
          ...

        # failed 1 of 2 tests
    not ok 1 - range tests # time=1.5ms

    1..1
    # time=9.1ms
not ok 1 - test/range.js # time=9.1ms
  ---
  env: {}
  exitCode: 1
  ...

1..1
# failed 1 test
# time=30.5ms
`;
  expect(told(output)).toBe('# printed');
  const [failure] = parseVerdict(1, output).tests.filter(({ status }) => status === 'failed');
  expect(failure).toMatchObject({
    name: ['test/range.js', 'range tests', '~1 => 1'],
    message: 'diff: |\n  -1\n  +2\nstack: |\n  Test.<anonymous> (test/range.js:27:11)',
  });
});

test('of two failures of AVA each has its own message, and none is told twice', () => {
  const failure = (title: string) => `  a › ${title}\n\n  test/a.js:${title.length}\n\n  › file://test/a.js:1\n`;
  const output = `
  ✘ [fail]: a › one
  ✘ [fail]: a › other
  ✔ a › fine
  ─

${failure('one')}


${failure('other')}
  ─

  2 tests failed
`;
  const messages = parseVerdict(1, output).tests.flatMap(({ message }) => message ?? []);
  expect(messages).toEqual(['test/a.js:3\n\n› file://test/a.js:1', 'test/a.js:5\n\n› file://test/a.js:1']);
  expect(told(output)).toBe('2 tests failed');
});

test('of tests that were killed what passed is left out', () => {
  const output = '✔ one (3ms)\nPASS test/a.js\nprinted\n';
  const verdict = parseVerdict(124, output);
  expect(tellingOutput(output, verdict, true)).toBe('printed');
  expect(tellingOutput(output, verdict)).toBe(output);
});

test("of jest's repeated names of files nothing is left", () => {
  const output = `FAIL test/a.test.js
  ● adds

    expect(received).toBe(expected)

      at Object.toBe (test/a.test.js:3:1)

PASS test/b.test.js
Summary of all failing tests
FAIL test/a.test.js (5.2 s)
  ● adds

    expect(received).toBe(expected)

      at Object.toBe (test/a.test.js:3:1)


Test Suites: 1 failed, 1 passed, 2 total
Tests:       1 failed, 3 passed, 4 total
Time:        1 s`;
  expect(tellingOutput(output, parseVerdict(1, output))).toBe('');
});

test('many failures that are as at the start are told by name', () => {
  const tests = Array.from({ length: 8 }, (_, id) => `not ok ${id + 1} t${id}\n  ---\n  m: why ${id}\n  ...`);
  const output = `TAP version 13\n${tests.join('\n')}\n1..8\n# fail  8`;
  const verdict = parseVerdict(1, output);
  const asAtStart = new Set(verdict.tests.slice(1).map(testKey));
  const sinceStart = { broken: [], mended: 1, left: 8 };
  const report = reportVerification({
    attempt: 'a',
    verdict,
    output,
    ended: 'exited',
    seconds: 1,
    sinceStart,
    asAtStart,
  });
  expect(report).toContain('FAILED: t0\n    m: why 0');
  expect(report).not.toContain('why 3');
  expect(report).toContain(
    'FAILED as at the start, with the same message (run_test tells it again), 7:\n  t1; t2; t3; t4 and 3 more',
  );
});

test('vitest groups the failures of one error; of its output nothing is left', () => {
  const output = `
 RUN  v2.1.9 /p

 ❯ test/M.test.ts (190 tests | 1 failed) 83ms
   × magic > changed > is false 10ms
     → expected false to be truthy
 ❯ test/a.test.ts (0 test)
 ❯ test/b.test.ts (0 test)

⎯⎯⎯⎯⎯⎯ Failed Suites 2 ⎯⎯⎯⎯⎯⎯⎯

 FAIL  test/a.test.ts [ test/a.test.ts ]
 FAIL  test/b.test.ts [ test/b.test.ts ]
Error: Failed to resolve entry for package "p".
 ❯ packageEntryFailure node_modules/vite/dist/x.js:1:15
 ❯ tryNodeResolve node_modules/vite/dist/x.js:2:16
 ❯ other node_modules/vite/dist/x.js:3:16
⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯[1/3]⎯

⎯⎯⎯⎯⎯⎯⎯ Failed Tests 1 ⎯⎯⎯⎯⎯⎯⎯

 FAIL  test/M.test.ts > magic > changed > is false
AssertionError: expected false to be truthy
 ❯ test/M.test.ts:1916:14
⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯[2/3]⎯

 Test Files  3 failed (3)
      Tests  1 failed | 189 passed (190)
   Start at  19:51:50
   Duration  1.52s
`;
  const verdict = parseVerdict(1, output);
  const error =
    'Error: Failed to resolve entry for package "p".\n ❯ packageEntryFailure node_modules/vite/dist/x.js:1:15\n ❯ tryNodeResolve node_modules/vite/dist/x.js:2:16';
  expect(verdict.tests.slice(0, 2).map(({ message }) => withOwnFrames(message ?? ''))).toEqual([error, error]);
  expect(tellingOutput(output, verdict)).toBe('');
});

test('stubs fail for one reason each: it is told once, also where jest shows the code', () => {
  const block = (name: string, line: number, file: string) => `  ● ${name}

    not implemented

      1 | function merge() {
    > ${line} |   throw new Error('not implemented');
        |         ^

      at merge (src/${file}.js:${line}:9)
      at Object.<anonymous> (test/${file}.test.js:8:73)
`;
  const names = Array.from({ length: 25 }, (_, id) => `a${id}`);
  const output = `FAIL test/a.test.js
${names.map((name) => block(name, 2, 'a')).join('\n')}
${block('last', 5, 'b')}

Test Suites: 1 failed, 1 total
Tests:       26 failed, 26 total
`;
  const report = describeVerdict(parseVerdict(1, output));
  expect(report.split('\n').filter((line) => line.includes('at merge'))).toHaveLength(2);
  expect(report).toContain(
    '\nFAILED: a24 (test/a.test.js): not implemented (at the same place as above)\nFAILED: last',
  );
});

test("a coverage table is no part of jest's last failure, and is told where a threshold alone fails", () => {
  const table = `-------------|---------|----------|---------|---------|-------------------
File         | % Stmts | % Branch | % Funcs | % Lines | Uncovered Line #s
-------------|---------|----------|---------|---------|-------------------
All files    |   69.23 |      100 |   55.55 |   63.63 |
 lru.js      |   33.33 |      100 |      20 |   33.33 | 9-21
-------------|---------|----------|---------|---------|-------------------
Jest: "global" coverage threshold for lines (90%) not met: 63.63%
`;
  const failing = `FAIL test/a.test.js
  ✕ adds (1 ms)
  ● adds

    not implemented

      at Object.<anonymous> (test/a.test.js:8:73)

${table}Test Suites: 1 failed, 1 total
Tests:       1 failed, 1 total
`;
  const verdict = parseVerdict(1, failing);
  expect(verdict.tests.filter(({ status, message }) => status === 'failed' && message?.includes('Stmts'))).toEqual([]);
  expect(tellingOutput(failing, verdict)).toBe('Jest: "global" coverage threshold for lines (90%) not met: 63.63%');
  const passing = `PASS test/a.test.js\n${table}Test Suites: 1 passed, 1 total\nTests:       1 passed, 1 total\n`;
  expect(tellingOutput(passing, parseVerdict(1, passing))).toContain('lru.js      |   33.33');
  const quiet = passing.replace(/^Jest: .*\n/m, '');
  expect(tellingOutput(quiet, parseVerdict(0, quiet))).toBe('');
});
