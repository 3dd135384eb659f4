/** What the agent may read and change, whatever the model says. */
import picomatch from 'picomatch';
import type { Content, FileChange } from '../../session/files.ts';
import type { TaskDescription } from '../../task/task.ts';
import { canonicalPath, isGitPath, isInstalledPath, isSecretPath, refuseSpelling } from './paths.ts';
import { isPackageFile, refusePackageChange } from './project-file.ts';
import { DEFAULT_PROTECTED, RUNNER_SETTINGS } from './protected.ts';

/** A refusal is a sentence for the model; null means allowed. */
export interface Policy {
  refuseRead(path: string): string | null;
  /** By its path alone. */
  refuseWrite(path: string): string | null;
  /** By its path and by what it would become. `before` null: it is not there yet. */
  refuseChange(change: FileChange, before: Content | null): string | null;
}

export function createPolicy(task: Pick<TaskDescription, 'editable' | 'protected'>): Policy {
  const matches = (globs: readonly string[]) => {
    const match = picomatch(
      globs.map((glob) => glob.normalize('NFKC')),
      { dot: true, nocase: true },
    );
    return (path: string) => match(canonicalPath(path));
  };
  const isProtected = matches(task.protected.length > 0 ? task.protected : DEFAULT_PROTECTED);
  const isRunnerSetting = matches(RUNNER_SETTINGS);
  const isNamedEditable = picomatch([...task.editable], { dot: true });
  const isEditable = (path: string) => task.editable.length === 0 || isNamedEditable(path);
  const isFreed = (path: string) => task.editable.length > 0 && isNamedEditable(path);

  const refuseRead = (path: string): string | null => {
    const refusal = refuseSpelling(path);
    if (refusal !== null) return refusal;
    if (isSecretPath(path)) return `"${path}" may hold secrets and is out of reach.`;
    if (isGitPath(path)) return `"${path}" belongs to git and is out of reach.`;
    return null;
  };
  const refuseWrite = (path: string): string | null => {
    const refusal = refuseRead(path);
    if (refusal !== null) return refusal;
    if (isInstalledPath(path)) return `"${path}" is installed code and may not be changed.`;
    if (isProtected(path))
      return `"${path}" is protected (tests are never changed): change the code under test instead.`;
    if (isRunnerSetting(path) && !isFreed(path))
      return `"${path}" is protected, because it decides how the tests run, or which files are seen (a task may list it in \`editable\`).`;
    if (!isEditable(path)) return `"${path}" is not editable in this task; editable: ${task.editable.join(', ')}.`;
    return null;
  };
  const refuseChange = ({ path, content }: FileChange, before: Content | null): string | null => {
    const refusal = refuseWrite(path);
    if (refusal !== null || !isPackageFile(path) || isFreed(path)) return refusal;
    return refusePackageChange(before, content);
  };
  return { refuseRead, refuseWrite, refuseChange };
}
