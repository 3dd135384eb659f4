/** The tasks that are served with the app, below /tasks. */
import { z } from 'zod';
import { bytesToContent } from '../session/content.ts';
import type { Content } from '../session/files.ts';
import { TaskError, taskFromFolder } from './parse-task.ts';
import type { Task } from './task.ts';

const entry = z.object({
  name: z.string(),
  title: z.string(),
  level: z.enum(['starter', 'easy', 'medium', 'hard']),
  files: z.array(z.string()),
});

export type GalleryEntry = z.infer<typeof entry>;

/** What is there, the easiest first. Rejects with TaskError. */
export async function loadGallery(): Promise<readonly GalleryEntry[]> {
  const response = await request('/tasks/index.json');
  return z.array(entry).parse(await response.json());
}

/** One task with all its files. Rejects with TaskError when it is unknown or cannot be loaded. */
export async function loadTask(name: string): Promise<Task> {
  const gallery = await loadGallery();
  const found = gallery.find((candidate) => candidate.name === name);
  if (!found)
    throw new TaskError(`There is no task "${name}"; there are ${gallery.map((task) => task.name).join(', ')}.`);
  const folder = await Promise.all(
    ['task.json', ...found.files].map(async (path): Promise<[string, Content]> => {
      const response = await request(`/tasks/${name}/${path.split('/').map(encodeURIComponent).join('/')}`);
      return [path, bytesToContent(new Uint8Array(await response.arrayBuffer()))];
    }),
  );
  return taskFromFolder(name, Object.fromEntries(folder), null);
}

async function request(path: string): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path);
  } catch (error) {
    throw new TaskError(
      `${path} could not be loaded: ${(error as Error).message}. Check the connection and try again.`,
      { cause: error },
    );
  }
  if (!response.ok) throw new TaskError(`${path} could not be loaded: HTTP ${response.status}.`);
  return response;
}
