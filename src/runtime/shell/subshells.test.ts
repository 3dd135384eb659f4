import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runNatively } from './conformance/native-run.test-support.ts';

let cwd: string;

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'subshells-'));
  writeFileSync(join(cwd, 'runs'), 'sh ./runs');
  writeFileSync(join(cwd, 'passes'), 'echo x | xargs -n 1 bash ./passes');
  writeFileSync(join(cwd, 'sources'), '. ./sources');
});

afterAll(() => {
  rmSync(cwd, { recursive: true, force: true });
});

describe('a script without end that', () => {
  // What dash and bash say, and how they end, where the system refuses them another process, or more memory.
  it.each([
    ['starts itself', 'sh', 'sh ./runs', /^sh: 1: Cannot fork\n$/, 2],
    ['starts itself by xargs', 'bash', '. ./passes', /: fork: Resource temporarily unavailable\n/, 123],
    ['reads itself', 'sh', '. ./sources', /^sh: 1: maximum nesting level of scripts exceeded \(1000\)\n$/, 1],
    [
      'evaluates itself',
      'bash',
      'x=\'eval "$x"\'; eval "$x"',
      /maximum nesting level of scripts exceeded \(1000\)\n$/,
      1,
    ],
    ['substitutes itself', 'bash', 'f() { : $(f); }; f', /maximum nesting level of scripts exceeded/, 0],
    [
      'has words without end',
      'bash',
      'echo {1..1000000000}',
      /brace expansion: failed to allocate memory for 1000000000 elements\n$/,
      2,
    ],
    [
      'has words of words',
      'bash',
      `echo ${'{a,b}'.repeat(64)}`,
      /brace expansion: failed to allocate memory for \d+ elements\n$/,
      2,
    ],
  ])(
    '%s',
    async (_, shell, script, stderr, status) => {
      const result = await runNatively({ argv: [shell, '-c', script], cwd, env: { PATH: '/usr/bin:/bin' } });
      expect(result).toEqual({ stdout: '', stderr: expect.stringMatching(stderr), status, leaked: 0 });
    },
    60_000,
  );
});
