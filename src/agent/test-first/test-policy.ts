import picomatch from 'picomatch';
import type { Files } from '../../session/files.ts';
import type { TaskDescription } from '../../task/task.ts';
import { createPolicy, type Policy } from '../policy/policy.ts';
import { DEFAULT_PROTECTED } from '../policy/protected.ts';

/** While tests are written: new files where tests are, and nothing else. */
export function createTestPolicy(task: Pick<TaskDescription, 'editable' | 'protected'>, before: Files): Policy {
  // What holds at every place of a project, tests or not.
  const base = createPolicy({ editable: [], protected: ['\0'] });
  const globs = [...task.protected, ...DEFAULT_PROTECTED];
  const isTest = picomatch(globs, { dot: true });
  const refuseWrite = (path: string): string | null => {
    const refusal = base.refuseWrite(path);
    if (refusal !== null) return refusal;
    if (!isTest(path))
      return `Only tests are written now: "${path}" is no test's place; tests go to ${globs.join(', ')}.`;
    if (Object.hasOwn(before, path)) return `"${path}" was there before: write new tests into a new file.`;
    return null;
  };
  return { refuseRead: base.refuseRead, refuseWrite, refuseChange: ({ path }) => refuseWrite(path) };
}

/** While code is written: as ever, and the new tests stay as they are. */
export function createCodePolicy(
  task: Pick<TaskDescription, 'editable' | 'protected'>,
  tests: readonly string[],
): Policy {
  const known = task.protected.length > 0 ? task.protected : DEFAULT_PROTECTED;
  const literal = (path: string) => path.replace(/[^\w./-]/g, (character) => `\\${character}`);
  return createPolicy({ editable: task.editable, protected: [...known, ...tests.map(literal)] });
}
