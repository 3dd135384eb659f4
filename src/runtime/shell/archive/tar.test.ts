import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runNatively } from '../conformance/native-run.test-support.ts';

describe('compressors that are not here', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tar-'));
  writeFileSync(join(folder, 'f'), 'text');
  writeFileSync(join(folder, 'given.tar.bz2'), 'BZh91AY&SY');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ['tar cJf a.tar.xz f', 'xz'],
    ['tar caf a.tar.bz2 f', 'bzip2'],
    ['tar caf a.tzst f', 'zstd'],
    ['tar xf given.tar.bz2', 'bzip2'],
    ['tar xaf given.tar.bz2', 'bzip2'],
  ])('%s says so, and leaves nothing behind', async (command, program) => {
    const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', TZ: 'UTC' };
    const { stdout } = await runNatively({ argv: ['sh', '-c', `${command} 2>&1; echo "[$?]"`], cwd: folder, env });
    expect(stdout).toBe(
      `tar: ${program}: Cannot exec: this sandbox compresses with gzip alone (-z)\ntar: Error is not recoverable: exiting now\n[2]\n`,
    );
    expect(readdirSync(folder).sort()).toEqual(['f', 'given.tar.bz2']);
  });
});
