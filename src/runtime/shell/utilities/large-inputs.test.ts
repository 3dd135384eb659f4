import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runNatively } from '../conformance/native-run.test-support.ts';
import { inColumns, inEqualColumns } from './ls-columns.ts';

// More lines than a call takes arguments.
const LINES = 200_000;
const numbers = Array.from({ length: LINES }, (_, index) => `${index + 1}\n`).join('');
let cwd: string;

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'large-'));
  writeFileSync(join(cwd, 'numbers'), numbers);
});

afterAll(() => {
  rmSync(cwd, { recursive: true, force: true });
});

const run = async (script: string) =>
  await runNatively({
    argv: ['sh', '-c', script],
    cwd,
    env: { PATH: `${dirname(process.execPath)}:/usr/bin:/bin`, LANG: 'C.UTF-8' },
  });

describe(`${LINES} lines`, () => {
  it.each([
    [
      'tail -n +199999 numbers; cat numbers | tail -n 2; tail -c 4 numbers; tail -c +1288890 numbers',
      '199999\n200000\n199999\n200000\n000\n00000\n',
    ],
    [
      'for n in 0 1 2 3; do printf "a\\nb\\nc" | tail -n $n; echo .; printf "a\\nb\\n" | tail -n +$n; done',
      '.\na\nb\nc.\na\nb\nb\nc.\nb\na\nb\nc.\n',
    ],
    ['column numbers | head -1 | cut -f 1', '1\n'],
    ['set -- $(cat numbers); echo $#', `${LINES}\n`],
    ["IFS=,; x=$(tr '\\n' , < numbers); set -- $x; echo $#", `${LINES}\n`],
  ])('%s', async (script, stdout) => {
    expect(await run(script)).toMatchObject({ stdout, stderr: '', status: 0 });
  });

  it('are patched', async () => {
    writeFileSync(join(cwd, 'change'), '--- numbers\n+++ numbers\n@@ -100000 +100000 @@\n-100000\n+here\n');
    expect(await run('patch numbers change')).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(join(cwd, 'numbers'), 'utf8')).toBe(numbers.replace('\n100000\n', '\nhere\n'));
  });

  it('are one long line', async () => {
    const { stdout, stderr } = await run("head -c 30000000 /dev/zero | tr '\\0' x | grep -c x");
    expect({ stdout, stderr }).toEqual({ stdout: '1\n', stderr: '' });
  });

  it('are set in columns', () => {
    const names = numbers.trimEnd().split('\n');
    expect(inEqualColumns(names, 80)[0]).toBe(
      '1      18183  36365  54547  72729  90911  109093 127275 145457 163639 181821',
    );
    expect(inColumns(names, 80)).toHaveLength(LINES / 10);
  });
});
