import { mkdir, readdir, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { projectPrefix } from '../task/parse-task.ts';
import type { AgentEnd } from './page-api.ts';

/** Writes an attempt's changes into the project of a task's folder. Rejects before it writes anything when one leads out of it. */
export async function applyChanges(folder: string, changes: AgentEnd['changes']): Promise<void> {
  const base = await realpath(await projectFolder(folder));
  const targets = changes.map(({ path, base64 }) => ({ path, base64, target: resolve(base, path) }));
  for (const { path, target } of targets) {
    const place = await realpath(await nearestExisting(target));
    if (place !== base && !place.startsWith(base + sep))
      throw new Error(`${path} leads out of the folder: not written`);
  }
  for (const { base64, target } of targets) {
    if (base64 === null) await rm(target, { force: true });
    else {
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, Buffer.from(base64, 'base64'));
    }
  }
}

/** A task folder keeps its files in files/; a plain folder is the project itself. */
async function projectFolder(folder: string): Promise<string> {
  const names = await readdir(folder);
  const files = names.includes('files') ? await readdir(join(folder, 'files')) : [];
  return join(folder, projectPrefix([...names, ...files.map((name) => `files/${name}`)]));
}

/** The file itself, or the innermost of its folders that is there: a link on the way may lead anywhere. */
async function nearestExisting(path: string): Promise<string> {
  for (let at = path; ; at = dirname(at)) {
    const isThere = await stat(at).catch(() => null);
    if (isThere || relative(at, dirname(at)) === '') return at;
  }
}
