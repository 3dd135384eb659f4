import { chmod, mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { decodePack, packFolder } from './pack.ts';

it('carries text, bytes, empty folders, links and odd names', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pack-'));
  await mkdir(join(folder, 'a/empty'), { recursive: true });
  await writeFile(join(folder, 'a/__proto__'), 'proto');
  await writeFile(join(folder, 'ünï.bin'), new Uint8Array([0, 255, 128]));
  await symlink('a/__proto__', join(folder, 'link'));
  const files = decodePack(await packFolder(folder));
  expect(files.map((file) => (file.type === 'file' ? [file.path, [...file.bytes]] : file))).toEqual([
    { path: 'a', type: 'directory' },
    ['a/__proto__', [...new TextEncoder().encode('proto')]],
    { path: 'a/empty', type: 'directory' },
    { path: 'link', type: 'link', target: 'a/__proto__' },
    ['ünï.bin', [0, 255, 128]],
  ]);
});

it('tells which files are executable', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pack-'));
  await writeFile(join(folder, 'plain'), '');
  await writeFile(join(folder, 'run'), 'echo');
  await chmod(join(folder, 'run'), 0o755);
  const files = decodePack(await packFolder(folder));
  expect(files.map((file) => file.type === 'file' && file.executable)).toEqual([undefined, true]);
});
