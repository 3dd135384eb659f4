import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runNatively } from '../conformance/native-run.test-support.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rsync-'));
  const tree =
    'mkdir -p s/d/e s/node_modules; echo a > s/a; echo c > s/d/e/c; echo n > s/node_modules/i; ln -s a s/l; chmod 755 s/a';
  spawnSync('/bin/sh', ['-c', tree], { cwd: folder });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = async (script: string) =>
  await runNatively({ argv: ['sh', '-c', script], cwd: folder, env: { PATH: '/usr/bin:/bin' } });

it('copies what is in a folder with its modes, times and links, and tells each name', async () => {
  const { stdout, status } = await run(
    "touch -d '2020-01-01' s/d/e/c; rsync -av --exclude node_modules s/ t | grep -v '^sent'; stat -c '%a %y' t/a t/d/e/c | cut -c1-14 | tail -1; readlink t/l",
  );
  expect({ stdout, status }).toEqual({
    stdout:
      'sending incremental file list\ncreated directory t\n./\na\nl -> a\nd/\nd/e/\nd/e/c\n\ntotal size is 5  speedup is 1.25\n644 2020-01-01\na\n',
    status: 0,
  });
});

it('sends only what differs, and removes what is gone but not what is excluded', async () => {
  const { stdout } = await run(
    "rsync -a s/ t; echo more >> s/a; rm s/d/e/c; touch t/own.log t/gone; rsync -ai --delete --exclude '*.log' s/ t | grep -v '^\\.d'; ls t",
  );
  expect(stdout).toBe('*deleting     gone\n*deleting     d/e/c\n>f.st...... a\na\nd\nl\nnode_modules\nown.log\n');
});

it('changes nothing when it only tries', async () => {
  expect(
    (await run('rsync -an --delete s/ t; ls t 2>&1; rsync -a nosuch t; echo $?; rsync -a s host:t; echo $?')).stdout,
  ).toBe("ls: cannot access 't': No such file or directory\n23\n12\n");
});
