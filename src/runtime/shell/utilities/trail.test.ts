import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runNatively } from '../conformance/native-run.test-support.ts';

let cwd: string;

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'trail-'));
  mkdirSync(join(cwd, 'l/m'), { recursive: true });
  writeFileSync(join(cwd, 'l/f'), 'x\n');
  // Two links that lead back: followed, they would be a binary tree of forty levels.
  symlinkSync('..', join(cwd, 'l/m/up'));
  symlinkSync('.', join(cwd, 'l/m/self'));
});

afterAll(() => {
  rmSync(cwd, { recursive: true, force: true });
});

// What find, grep, ls and cp do is compared with the machine's own, in the fixture `tools.txt`.
describe('links to folders around them are not followed', () => {
  it.each([
    [
      'tar chf x.tar l; tar tf x.tar',
      'l/\nl/f\nl/m/\n',
      'tar: l/m/self: recursive directory loop; not dumped\ntar: l/m/up: recursive directory loop; not dumped\n',
    ],
    ['zip -qr x.zip l; unzip -Z1 x.zip', 'l/\nl/f\nl/m/\nl/m/self/\nl/m/up/\n', ''],
    [
      'tree -l l',
      'l\n├── f\n└── m\n    ├── self -> .  [recursive, not followed]\n    └── up -> ..  [recursive, not followed]\n\n4 directories, 1 file\n',
      '',
    ],
    [
      'rsync -aL l/ r/; ls r r/m',
      'r:\nf\nm\n\nr/m:\n',
      'rsync: [sender] l/m/self: recursive directory loop\nrsync: [sender] l/m/up: recursive directory loop\nrsync error: some files/attrs were not transferred (see previous errors) (code 23)\n',
    ],
  ])('%s', async (script, stdout, stderr) => {
    const env = { PATH: '/usr/bin:/bin' };
    const run = await runNatively({ argv: ['sh', '-c', script], cwd, env });
    expect({ stdout: run.stdout, stderr: run.stderr }).toEqual({ stdout, stderr });
  });
});
