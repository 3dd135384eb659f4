import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
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
  const left = 'TAP version 13\nseen: 42\n  ---\n  ...\n1..3';
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
  expect(told(output)).toBe('2 passing (1s)');
});

test('an output without a verdict stays as it is', () => {
  const output = 'ok 1\n\n\n.........\n';
  expect(tellingOutput(output, { exitCode: 1, passed: false, format: null, counts: null, tests: [] })).toBe(output);
});

test('many failures share the room for their messages', () => {
  const block = (id: number) => `not ok ${id} t${id}\n  ---\n    m: ${'x'.repeat(1400)}\n  ...`;
  const output = `TAP version 13\n${Array.from({ length: 50 }, (_, index) => block(index + 1)).join('\n')}\n1..50\n# tests 50\n# fail  50`;
  const verification = { attempt: 'a', verdict: parseVerdict(1, output), output, ended: 'exited' as const };
  const report = reportVerification(verification as never);
  expect(report.length).toBeLessThan(20_000);
  expect(report).toContain('FAILED: t50');
});
