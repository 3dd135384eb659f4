import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Content } from '../session/files.ts';
import { taskFromFolder } from '../task/parse-task.ts';
import type { Task } from '../task/task.ts';

const TASKS = path.resolve(import.meta.dirname, '../../public/tasks');

/** A task of the gallery, with all its folders. */
export function readTask(name: string): Task {
  const folder = path.join(TASKS, name);
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = entries.map((entry): [string, Content] => {
    const full = path.join(entry.parentPath, entry.name);
    return [path.relative(folder, full), readFileSync(full, 'utf8')];
  });
  return taskFromFolder(name, Object.fromEntries(files), null);
}
