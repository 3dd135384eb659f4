import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { applyChanges } from './apply-changes.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fixpoint-apply-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function make(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}
const change = (path: string, text: string | null) => ({ path, base64: text === null ? null : btoa(text) });

test('a task folder is changed in files/, a project in itself', async () => {
  await make({ 'task.json': '{}', 'files/a.js': 'old', 'files/b.js': 'old' });
  await applyChanges(folder, [change('a.js', 'new'), change('b.js', null), change('deep/c.js', 'new')]);
  expect(await readFile(join(folder, 'files/a.js'), 'utf8')).toBe('new');
  expect((await readdir(join(folder, 'files'), { recursive: true })).sort()).toEqual(['a.js', 'deep', 'deep/c.js']);
  await rm(join(folder, 'task.json'));
  await applyChanges(folder, [change('a.js', 'project')]);
  expect(await readFile(join(folder, 'a.js'), 'utf8')).toBe('project');
});

test.each(['../outside.js', 'link/outside.js', '/tmp/outside.js'])('nothing is written for %s', async (path) => {
  await make({ 'project/package.json': '{}', 'elsewhere/x': '' });
  await symlink(join(folder, 'elsewhere'), join(folder, 'project/link'));
  const changes = [change('good.js', 'new'), change(path, 'bad')];
  await expect(applyChanges(join(folder, 'project'), changes)).rejects.toThrow(`${path} leads out of the folder`);
  expect((await readdir(join(folder, 'project'))).sort()).toEqual(['link', 'package.json']);
});
