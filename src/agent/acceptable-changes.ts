import { contentAt } from '../session/content.ts';
import type { FileChange } from '../session/files.ts';
import { changesBetween } from '../session/state/selectors.ts';
import type { SessionState } from '../session/state/session-state.ts';
import type { AttemptId } from '../session/values.ts';
import type { Task } from '../task/task.ts';
import { createPolicy } from './policy/policy.ts';
import { createTestPolicy } from './test-first/test-policy.ts';

/**
 * What an attempt changes against the session's start, for whoever writes it into a project of their own: without anything at a
 * protected place or at the place of a held-out test, whatever the log says.
 */
export function acceptableChanges(
  state: SessionState,
  attempt: AttemptId,
  task: Pick<Task, 'editable' | 'protected' | 'hidden'>,
): readonly FileChange[] {
  const policy = createPolicy(task);
  // Tests that a person approved are part of the work: new ones, at a test's place.
  const isTestFirst = state.runs.some(({ strategy }) => strategy.split('+').includes('test-first'));
  const tests = isTestFirst ? createTestPolicy(task, state.files) : null;
  const [start = attempt] = state.order;
  return changesBetween(state, start, attempt).filter((change) => {
    const before = contentAt(state.files, change.path) ?? null;
    const isAllowed = [policy, tests].some((each) => each?.refuseChange(change, before) === null);
    return isAllowed && !Object.hasOwn(task.hidden ?? {}, change.path);
  });
}
