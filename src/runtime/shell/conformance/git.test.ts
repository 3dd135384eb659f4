import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareWithNative, readSnippets } from './against-native.test-support.ts';
import { runNatively } from './native-run.test-support.ts';

const who = Object.fromEntries(
  ['AUTHOR', 'COMMITTER'].flatMap((role) => [
    [`GIT_${role}_NAME`, 'A U Thor'],
    [`GIT_${role}_EMAIL`, 'author@example.org'],
    [`GIT_${role}_DATE`, '1700000000 +0100'],
  ]),
);
const env = {
  ...who,
  PATH: '/usr/bin:/bin',
  HOME: '/root',
  LC_ALL: 'C.UTF-8',
  TZ: 'UTC',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
};

// To compile the part takes longer than a test may where the machine has much to do.
beforeAll(async () => await import('../parts/git.ts'));

describe('as git', () => compareWithNative('sh', readSnippets('git.txt'), '', { ...who, GIT_CONFIG_NOSYSTEM: '1' }));

describe.each(['git-remotes.txt', 'git-patches.txt', 'git-choosing.txt', 'git-search.txt'])('as git: %s', (name) =>
  compareWithNative('sh', readSnippets(name), '', { ...who, GIT_CONFIG_NOSYSTEM: '1' }),
);

describe('one repository, two gits', () => {
  const folder = mkdtempSync(join(tmpdir(), 'git-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const native = (script: string) => spawnSync('/bin/sh', ['-c', script], { cwd: folder, env, encoding: 'utf8' });
  const mine = async (script: string) => await runNatively({ argv: ['sh', '-c', script], cwd: folder, env });

  it('reads what git packed, and writes what git accepts', async () => {
    native(
      'git init -q -b main; seq 100 > a; mkdir d; echo x > d/b; git add .; git commit -qm one; echo y >> d/b; git commit -qam two; git gc -q; git tag -a v1 -m tagged',
    );
    const question = 'git log --stat; git status; git ls-files -s; git show v1:d/b; git rev-parse v1^{} HEAD~1';
    expect((await mine(question)).stdout).toBe(native(question).stdout);
    await mine(
      'echo three > c; git add c; git rm -q d/b; git commit -qm three; git checkout -q -b side; echo z >> a; git stash -q',
    );
    expect(native('git fsck --strict 2>&1; git status --porcelain; git stash list; git log --oneline').stdout).toBe(
      (await mine('git log --oneline')).stdout.replace(
        /^/,
        'stash@{0}: WIP on side: '.concat(native('git rev-parse --short HEAD').stdout.trim(), ' three\n'),
      ),
    );
    expect(native('git stash pop -q && git diff --stat').status).toBe(0);
    expect((await mine('git diff')).stdout).toBe(native('git diff').stdout);
  });

  it('exchanges commits with what git packed, and what it clones and pushes git accepts', async () => {
    native('git init -q --bare -b main hub.git; git push -q hub.git HEAD:main v1; git --git-dir=hub.git gc -q');
    await mine(
      'git clone -q hub.git copy; cd copy; echo more > more; git add more; git commit -qm more; git tag -a v2 -m v2; git push -q origin main v2',
    );
    native('git clone -q hub.git other; cd other; echo theirs > theirs; git add .; git commit -qm theirs; git push -q');
    const pulled = await mine('cd copy; git pull -q; git log --oneline --decorate; git status -sb');
    expect(pulled.stdout).toBe(native('cd other; git log --oneline --decorate; git status -sb').stdout);
    for (const gitdir of ['hub.git', 'copy/.git'])
      expect(native(`git --git-dir=${gitdir} fsck --strict 2>&1; git --git-dir=${gitdir} tag`).stdout).toBe('v1\nv2\n');
  });
});
