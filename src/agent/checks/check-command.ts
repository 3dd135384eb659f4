import { z } from 'zod';
import type { Files } from '../../session/files.ts';
import type { CheckName } from '../../session/values.ts';
import type { TaskDescription } from '../../task/task.ts';

/** The checks that look at the code and not at what it does. */
export type CodeCheck = Exclude<CheckName, 'hidden' | 'start'>;

export const CODE_CHECKS: readonly CodeCheck[] = ['lint', 'types'];

/** Scripts of package.json that are taken for the check, the first that is there. */
const SCRIPTS: Readonly<Record<CodeCheck, readonly string[]>> = {
  lint: ['lint'],
  types: ['typecheck', 'type-check', 'types', 'check:types', 'check-types', 'tsc'],
};

const packageFile = z.object({ scripts: z.record(z.string(), z.string()) });

/** The command of a check: the task's, else a script of the project's package.json; null when there is neither. */
export function checkCommand(task: Pick<TaskDescription, 'checks'>, files: Files, check: CodeCheck): string | null {
  const named = task.checks?.[check];
  if (named !== undefined) return named;
  const scripts = scriptsOf(files);
  const script = SCRIPTS[check].find((name) => Object.hasOwn(scripts, name));
  return script === undefined ? null : `npm run ${script}`;
}

function scriptsOf(files: Files): Readonly<Record<string, string>> {
  const text = files['package.json'];
  if (typeof text !== 'string') return {};
  try {
    return packageFile.safeParse(JSON.parse(text)).data?.scripts ?? {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
