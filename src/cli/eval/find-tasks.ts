import { readdir, stat } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { UsageError } from '../commands/arguments.ts';
import type { EvalTask } from './plan.ts';

/**
 * The tasks of these folders: each is one (it has a `task.json` or a `package.json`), or holds some; or it is the name of a task of the
 * gallery. Throws UsageError.
 */
export async function findTasks(places: readonly string[], gallery: string): Promise<readonly EvalTask[]> {
  const found = await Promise.all(places.map((place) => tasksOf(place, gallery)));
  const folders = [...new Set(found.flat())];
  const names = folders.map((folder) => basename(folder));
  return folders.map((folder, at) => {
    const name = names[at] ?? folder;
    const isUnique = names.filter((each) => each === name).length === 1;
    return { folder, name: isUnique ? name : relative(process.cwd(), folder) };
  });
}

async function tasksOf(place: string, gallery: string): Promise<readonly string[]> {
  const isName = !/[/\\]/.test(place) && !(await isFolder(place));
  const folder = resolve(isName ? join(gallery, place) : place);
  if (!(await isFolder(folder))) throw new UsageError(`--tasks ${place}: neither a folder nor a task of the gallery`);
  if (await isTask(folder)) return [folder];
  const children = (await readdir(folder)).sort().map((name) => join(folder, name));
  const tasks: string[] = [];
  for (const child of children) if ((await isFolder(child)) && (await isTask(child))) tasks.push(child);
  if (tasks.length === 0)
    throw new UsageError(`--tasks ${place}: neither it nor a folder in it has a task.json or a package.json`);
  return tasks;
}

const isFolder = async (path: string) => (await stat(path).catch(() => null))?.isDirectory() ?? false;

async function isTask(folder: string): Promise<boolean> {
  const names = await readdir(folder);
  return names.includes('task.json') || names.includes('package.json');
}
