import { expect, test } from 'vitest';
import { setMode } from './attributes.ts';
import { writeWhole } from './contents.ts';
import { link, removeTree, rename, unlink } from './entries.ts';
import { FileSystem } from './file-system.ts';
import { layOut } from './layout.ts';
import { find, type Place } from './lookup.ts';

const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'done';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
};

test('what belongs to the system stays where it is and as it is; what others put beside it goes', () => {
  const fs = new FileSystem();
  layOut(fs, ['sh', 'ls', 'npm'], '/home/project');
  const place: Place = { root: fs.root, cwd: fs.root, umask: 0 };
  const data = new TextEncoder().encode('x');
  writeWhole(fs, place, '/usr/local/bin/mine', { data });
  link(fs, place, '/bin/sh', '/tmp/sh');
  const codes = {
    unlink: codeOf(() => unlink(fs, place, '/bin/sh')),
    write: codeOf(() => writeWhole(fs, place, '/usr/local/bin/node', { data })),
    linked: codeOf(() => writeWhole(fs, place, '/tmp/sh', { data })),
    away: codeOf(() => rename(fs, place, '/usr/bin', '/tmp/bin')),
    over: codeOf(() => rename(fs, place, '/usr/local/bin/mine', '/usr/local/bin/node')),
    mode: codeOf(() => setMode(fs, { inode: find(place, '/bin/sh', true) }, 0)),
    tree: codeOf(() => removeTree(fs, place, '/usr', true)),
    project: codeOf(() => removeTree(fs, place, '/home/project', true)),
  };
  expect(codes).toEqual({
    unlink: 'EBUSY',
    write: 'ETXTBSY',
    linked: 'ETXTBSY',
    away: 'EBUSY',
    over: 'EBUSY',
    mode: 'EPERM',
    tree: 'EBUSY',
    project: 'EBUSY',
  });
  expect(codeOf(() => find(place, '/usr/local/bin/mine', true))).toBe('ENOENT');
  for (const path of ['/bin/sh', '/usr/bin/ls', '/usr/local/bin/node', '/home/project', '/dev/null'])
    expect(codeOf(() => find(place, path, true))).toBe('done');
});
