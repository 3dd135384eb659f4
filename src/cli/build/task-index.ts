/** `tasks/index.json`: what is in the gallery, so that a static host can serve it: folder, title, level and the files' paths. */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** JSON text: `[{name, title, level, files: ["files/package.json", …]}]`, easiest first. */
export async function indexTasks(folder: string): Promise<string> {
  const entries = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const tasks = await Promise.all(entries.map((entry) => describeTask(folder, entry.name)));
  const levels = ['starter', 'easy', 'medium', 'hard'];
  tasks.sort((a, b) => levels.indexOf(a.level) - levels.indexOf(b.level) || a.name.localeCompare(b.name));
  return `${JSON.stringify(tasks, null, 1)}\n`;
}

async function describeTask(folder: string, name: string) {
  const path = join(folder, name);
  const { title, level } = JSON.parse(await readFile(join(path, 'task.json'), 'utf8')) as {
    title: string;
    level: string;
  };
  const found = await readdir(path, { recursive: true, withFileTypes: true });
  const files = found
    .filter((entry) => entry.isFile() && entry.name !== 'task.json')
    .map((entry) => relative(path, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
  return { name, title, level, files };
}
