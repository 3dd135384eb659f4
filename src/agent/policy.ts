import picomatch from 'picomatch';
import type { TaskDescription } from '../task/task.ts';

/** What is protected when a task names nothing: the tests. */
export const DEFAULT_PROTECTED: readonly string[] = [
  '**/*.{test,spec}.*',
  '**/{test,tests,__tests__}/**',
  '**/test.{js,mjs,cjs,ts,mts,cts}',
];

/** What the agent may read and change. A refusal is a sentence for the model; null means allowed. */
export interface Policy {
  refuseRead(path: string): string | null;
  refuseWrite(path: string): string | null;
}

const SECRET = /(^|\/)\.env[^/]*$/i;
const GIT = /(^|\/)\.git(\/|$)/i;

export function createPolicy(task: Pick<TaskDescription, 'editable' | 'protected'>): Policy {
  const options = { dot: true };
  const protectedGlobs = task.protected.length > 0 ? task.protected : DEFAULT_PROTECTED;
  const isProtected = picomatch([...protectedGlobs], options);
  const isEditable = task.editable.length > 0 ? picomatch([...task.editable], options) : () => true;

  const refuseRead = (path: string): string | null => {
    if (/^([/\\]|[a-z]:)/i.test(path)) return `"${path}" is absolute: give a path relative to the project's folder.`;
    if (path.split(/[/\\]/).includes('..')) return `"${path}" leaves the project: paths with ".." are refused.`;
    if (path === '' || path.includes('\0')) return 'The path is empty or malformed.';
    if (SECRET.test(path)) return `"${path}" may hold secrets and is out of reach.`;
    if (GIT.test(path)) return `"${path}" belongs to git and is out of reach.`;
    return null;
  };
  const refuseWrite = (path: string): string | null => {
    const refusal = refuseRead(path);
    if (refusal !== null) return refusal;
    if (/(^|\/)node_modules\//.test(path)) return `"${path}" is installed code and may not be changed.`;
    // It says what the test command is: whoever may change it can turn any test green.
    if (path === 'package.json' && !task.editable.includes(path))
      return 'package.json is protected, because it says how the tests are run (a task may list it in `editable`).';
    if (isProtected(path))
      return `"${path}" is protected (tests are never changed): change the code under test instead.`;
    if (!isEditable(path)) return `"${path}" is not editable in this task; editable: ${task.editable.join(', ')}.`;
    return null;
  };
  return { refuseRead, refuseWrite };
}

/** "./src//a.js" -> "src/a.js". Leaves what a policy refuses as it is. */
export function normalizePath(path: string): string {
  return path
    .trim()
    .replace(/^(\.\/+)+/, '')
    .replace(/(?<=.)\/{2,}/g, '/')
    .replace(/\/\.(?=\/)/g, '');
}
