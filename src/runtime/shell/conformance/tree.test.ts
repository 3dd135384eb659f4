/** tree is not on every machine: what version 2.1.0 prints lies in the fixture, a command line behind each `$ `. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runNatively } from './native-run.test-support.ts';

const SET_UP =
  "umask 022; mkdir -p d/sub .hid; printf 'b 2\\na 10\\nc 1\\na 10\\n' > f; printf 'one\\ntwo\\nthree\\n' > g; echo x > d/x.js; echo y > d/sub/y.ts; touch .dot 'sp ace'; echo hid > .hid/z; ln -s d l";

const cases = readFileSync(join(import.meta.dirname, 'fixtures/tree.txt'), 'utf8')
  .split(/^\$ /m)
  .slice(1)
  .map((text): [string, string] => [text.slice(0, text.indexOf('\n')), text.slice(text.indexOf('\n') + 1)]);

describe('as tree 2.1.0', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tree-'));
  spawnSync('/bin/sh', ['-c', SET_UP], { cwd: folder });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(cases)('%s', async (command, expected) => {
    const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', TZ: 'UTC' };
    const run = await runNatively({ argv: ['sh', '-c', `set -f; ${command} 2>&1; echo "[$?]"`], cwd: folder, env });
    expect(run.stdout).toBe(expected);
  });
});
