/** The way of whoever writes the code to say that an approved test is wrong. */
import { z } from 'zod';
import { contentAt } from '../../session/content.ts';
import type { FileChange } from '../../session/files.ts';
import type { AgentRun } from '../agent-run.ts';
import { applyEdits } from '../edit/apply-edit.ts';
import { namedBy } from '../left/is-named.ts';
import { defineTool, failure, success, type Tool, type ToolContext, type ToolResult } from '../tools/tool.ts';
import type { BookedAttempt } from '../workspace/attempt-book.ts';
import { judgeTests } from '../workspace/check-attempt.ts';
import { decideObjection, type Objection } from './decide-objection.ts';
import type { ApprovedTests } from './propose-tests.ts';
import { createTestPolicy } from './test-policy.ts';

/** Objections that were not granted, after which the run gives up: who wrote the tests and who writes the code do not agree. */
const MOST_REFUSED = 3;
const ALONE =
  'Nobody is there to decide about a test. If you are sure that no right code passes it, call object_to_test again: the run then ends with your reason. Else write the code that passes it.';

interface Approved {
  readonly tests: ApprovedTests;
  /** The new tests on the old code. */
  readonly attempt: Pick<BookedAttempt, 'id' | 'files'>;
}

/** The person decides, else the reviewer; where nobody can, saying it again ends the run with that explanation. */
export function createObjectToTest(run: AgentRun, { tests, attempt }: Approved): Tool {
  const policy = createTestPolicy(run.task, run.workspace.attempts.get(run.state.head).files);
  const refused: string[] = [];
  let isWarned = false;

  const giveUp = (result: string, { test, reason }: Objection, why: string): ToolResult => ({
    ok: false,
    result,
    outcome: {
      kind: 'gave-up',
      explanation: `The approved test "${test}" is wrong, as the one who writes the code says: ${reason}\n${why}`,
    },
  });

  const judge = async (objection: Objection, context: ToolContext): Promise<ToolResult> => {
    const decision = await decideObjection(run, objection, context);
    if (decision === null) {
      if (isWarned) return giveUp('The run ends: nobody is there to decide.', objection, 'Nobody was there to decide.');
      isWarned = true;
      return failure(ALONE);
    }
    const { granted, reason, by } = decision;
    if (granted) {
      await context.workspace.changeProtected(context.call, objection.changes, policy);
      return success(`Granted: the test is changed as you said, and protected again. ${reason}`.trim());
    }
    refused.push(reason);
    const result = `Not granted by the ${by}: ${reason}\nThe test stays as it is: write the code that passes it.`;
    return refused.length < MOST_REFUSED
      ? failure(result)
      : giveUp(result, objection, `The ${by} did not agree, ${refused.length} times. At last: ${reason}`);
  };

  return defineTool({
    name: 'object_to_test',
    description:
      'Says that one of the new, approved tests is wrong: it contradicts the goal or itself, so that no right code passes it. The person or a reviewer decides about the correction that you propose. Not for tests that are merely hard.',
    schema: z.object({
      test: z.string().min(1).describe('Its name.'),
      path: z.string().describe('The file that it is in.'),
      reason: z.string().min(1).describe('What it demands, what the goal says instead, and where.'),
      find: z.string().min(1).describe('The lines of the test that are wrong, as they are; they occur exactly once.'),
      replace: z.string().describe('What they should be.'),
    }),
    file: { key: 'path', exists: true },
    phase: 'plan',
    run: async ({ test, path, reason, find, replace }, context) => {
      const { workspace } = context;
      if (!tests.files.includes(path))
        return failure(`"${path}" is none of the new tests; these can be objected to: ${tests.files.join(', ')}.`);
      const known = [...tests.proof.failing, ...tests.proof.passing];
      if (!known.some((each) => namedBy([test], each)))
        return failure(
          `There is no new test "${test}". There are: ${known.map(({ name }) => name.at(-1)).join('; ')}.`,
        );
      const edits = [{ format: 'replace', replacements: [{ path, find, replace }] } as const];
      const edited = applyEdits(workspace.files, edits, policy.refuseWrite);
      if (!edited.ok) return failure(edited.error);
      const problem = await provesNothing(edited.changes, attempt, context);
      if (problem !== null) return failure(problem);
      const before = contentAt(workspace.files, path) ?? null;
      return judge({ test, reason, changes: edited.changes, before }, context);
    },
  });
}

/** Tests that pass on the old code are no tests of what is new. */
async function provesNothing(
  changes: readonly FileChange[],
  attempt: Approved['attempt'],
  { workspace, signal }: ToolContext,
): Promise<string | null> {
  const over = Object.fromEntries(changes.flatMap(({ path, content }) => (content === null ? [] : [[path, content]])));
  const work = { check: 'start', command: workspace.testCommand, over, judge: judgeTests, signal } as const;
  const found = await workspace.check(attempt, work);
  signal.throwIfAborted();
  return found?.passed
    ? 'With this correction all tests pass on the code as it was before your work, so they would prove nothing. Correct what is wrong in the test, and leave what it is there for.'
    : null;
}
