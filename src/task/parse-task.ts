/** The task format: a folder with `task.json` and `files/`, or any project folder. Parsed once, here. */
import { z } from 'zod';
import type { Files } from '../session/files.ts';
import type { Task, TaskDescription } from './task.ts';

/** The task cannot be used; the message says what is wrong, where, and what to do. */
export class TaskError extends Error {
  override name = 'TaskError';
}

const globs = z.array(z.string().min(1)).default([]);

const description = z.object({
  title: z.string().min(1),
  goal: z.string().min(1),
  test: z.string().min(1).default('npm test'),
  level: z.enum(['starter', 'easy', 'medium', 'hard']).default('medium'),
  editable: globs,
  protected: globs,
  hints: z.array(z.string()).default([]),
  hidden: z.string().optional(),
  solution: z.string().optional(),
});

const DESCRIPTION_FILE = 'task.json';
const FILES_FOLDER = 'files/';

/** Parses the text of a `task.json`. Throws TaskError. */
export function parseTaskDescription(text: string, place: string): TaskDescription {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new TaskError(`${place}: not valid JSON: ${(error as Error).message}`);
  }
  const result = description.safeParse(value);
  if (!result.success) throw new TaskError(`${place}: ${z.prettifyError(result.error)}`);
  const { hidden: _hidden, solution: _solution, ...task } = result.data;
  return task;
}

/** A task folder's files (with `task.json` and `files/`) or a plain project's. A goal that is given wins. Throws TaskError. */
export function taskFromFolder(name: string, folder: Files, goal: string | null): Task {
  const text = folder[DESCRIPTION_FILE];
  if (text === undefined || !Object.keys(folder).some((path) => path.startsWith(FILES_FOLDER)))
    return taskFromProject(name, folder, goal);
  if (typeof text !== 'string') throw new TaskError(`${name}/${DESCRIPTION_FILE} is not text`);
  const parsed = parseTaskDescription(text, `${name}/${DESCRIPTION_FILE}`);
  const inside = Object.entries(folder).filter(([path]) => path.startsWith(FILES_FOLDER));
  const files = Object.fromEntries(inside.map(([path, content]) => [path.slice(FILES_FOLDER.length), content]));
  return { ...parsed, ...(goal === null ? {} : { goal }), name, files };
}

function taskFromProject(name: string, files: Files, goal: string | null): Task {
  if (files['package.json'] === undefined) {
    throw new TaskError(
      `${name} has neither task.json with files/ nor package.json: it is no task. A project needs a package.json with a test script.`,
    );
  }
  return {
    name,
    title: name,
    goal: goal ?? 'Find out why the tests fail and repair the code, so that all tests pass.',
    test: 'npm test',
    level: 'medium',
    editable: [],
    protected: [],
    hints: [],
    files,
  };
}
