/** The task format: a folder with `task.json` and `files/`, or any project folder. Parsed once, here. */
import { z } from 'zod';
import type { Content, Files } from '../session/files.ts';
import type { Task, TaskDescription } from './task.ts';

/** The task cannot be used; the message says what is wrong, where, and what to do. */
export class TaskError extends Error {
  override name = 'TaskError';
}

const globs = z.array(z.string().min(1)).default([]);

const command = z.string().min(1);

const folder = z
  .string()
  .transform((path) => path.replace(/^(\.\/)+|\/+$/g, ''))
  .refine((path) => path.split('/').every((part) => part !== '' && part !== '.' && part !== '..'), {
    error: 'is not a folder inside the task',
  });

const patterns = z.array(z.string().min(1));

const description = z.object({
  title: z.string().min(1),
  goal: z.string().min(1),
  test: command.default('npm test'),
  level: z.enum(['starter', 'easy', 'medium', 'hard']).default('medium'),
  editable: globs,
  protected: globs,
  hints: z.array(z.string()).default([]),
  review: z.array(z.string().min(1)).exactOptional(),
  checks: z
    .object({ lint: command.exactOptional(), types: command.exactOptional(), hidden: command.exactOptional() })
    .exactOptional(),
  commands: z
    .object({ allow: patterns.exactOptional(), ask: patterns.exactOptional(), deny: patterns.exactOptional() })
    .exactOptional(),
  secrets: z.boolean().exactOptional(),
  target: patterns.exactOptional(),
  known: patterns.exactOptional(),
  hidden: folder.optional(),
  solution: folder.optional(),
});

const DESCRIPTION_FILE = 'task.json';
const FILES_FOLDER = 'files';
/** Where held-out tests and the solution are when the task does not say; they need not be there. */
const HIDDEN_FOLDER = 'hidden';
const SOLUTION_FOLDER = 'solution';

/** What a `task.json` says: the description, and the folders that it names. */
interface TaskFile {
  readonly description: TaskDescription;
  readonly hidden: string | null;
  readonly solution: string | null;
}

/** Parses the text of a `task.json`. Throws TaskError. */
export function parseTaskFile(text: string, place: string): TaskFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new TaskError(`${place}: not valid JSON: ${(error as Error).message}`);
  }
  const result = description.safeParse(value);
  if (!result.success) throw new TaskError(`${place}: ${z.prettifyError(result.error)}`);
  const { hidden = null, solution = null, ...task } = result.data;
  return { description: task, hidden, solution };
}

/** Where a folder keeps its project: in `files/` beside `task.json`, or it is the project itself (""). */
export const projectPrefix = (paths: readonly string[]): string =>
  paths.includes(DESCRIPTION_FILE) && paths.some((path) => path.startsWith(`${FILES_FOLDER}/`))
    ? `${FILES_FOLDER}/`
    : '';

/**
 * A task folder's files (with `task.json` and `files/`) or a plain project's; a project may have its `task.json` beside its own files.
 * A goal that is given wins. Throws TaskError.
 */
export function taskFromFolder(name: string, folder: Files, goal: string | null): Task {
  const text = folder[DESCRIPTION_FILE];
  const hasFiles = projectPrefix(Object.keys(folder)) !== '';
  const place = `${name}/${DESCRIPTION_FILE}`;
  const isProject = folder['package.json'] !== undefined;
  const isTask = hasFiles || (text !== undefined && (isDescription(text) || !isProject));
  if (text === undefined || !isTask) return taskFromProject(name, folder, goal);
  if (typeof text !== 'string') throw new TaskError(`${place} is not text`);
  const { description: parsed, ...named } = parseTaskFile(text, place);
  const hidden = beside(folder, { place, field: 'hidden', named: named.hidden, usual: HIDDEN_FOLDER });
  const solution = beside(folder, { place, field: 'solution', named: named.solution, usual: SOLUTION_FOLDER });
  const apart = [named.hidden ?? HIDDEN_FOLDER, named.solution ?? SOLUTION_FOLDER];
  const isApart = (path: string) => path === DESCRIPTION_FILE || apart.some((each) => path.startsWith(`${each}/`));
  const visible = Object.fromEntries(Object.entries(folder).filter(([path]) => !isApart(path)));
  return {
    ...parsed,
    ...(goal === null ? {} : { goal }),
    name,
    files: hasFiles ? filesBelow(visible, FILES_FOLDER) : visible,
    ...(hidden ? { hidden } : {}),
    ...(solution ? { solution } : {}),
  };
}

/** Whether a project's `task.json` is one of ours. */
function isDescription(text: Content): boolean {
  try {
    return typeof text === 'string' && description.safeParse(JSON.parse(text)).success;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

function filesBelow(files: Files, folder: string): Files {
  const inside = Object.entries(files).filter(([path]) => path.startsWith(`${folder}/`));
  return Object.fromEntries(inside.map(([path, content]) => [path.slice(folder.length + 1), content]));
}

interface Beside {
  readonly place: string;
  readonly field: string;
  readonly named: string | null;
  readonly usual: string;
}

/** The files of a folder beside `files/`, null when there is none. One that is named must be there. */
function beside(folder: Files, { place, field, named, usual }: Beside): Files | null {
  const files = filesBelow(folder, named ?? usual);
  if (Object.keys(files).length > 0) return files;
  if (named !== null) throw new TaskError(`${place}: ${field}: there is no file in the folder "${named}".`);
  return null;
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
