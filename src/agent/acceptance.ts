import type { LeftFailing, Verdict } from '../session/values.ts';
import type { TaskDescription } from '../task/task.ts';
import { confirmAtStart } from './left/confirm-at-start.ts';
import { type ClaimedTest, judgeClaims } from './left/judge-claims.ts';
import { hasLists, listed } from './left/left-by-task.ts';
import { PermissionDenied } from './policy/permission-denied.ts';
import { testKey } from './test-key.ts';
import { type Acceptance, type Ending, failure, type ToolContext, type ToolResult } from './tools/tool.ts';
import { summarizeCounts } from './verdict/describe-verdict.ts';
import { reportVerification } from './verdict/report-verification.ts';
import type { Verification } from './workspace/verification.ts';

interface AcceptanceOptions {
  readonly task: TaskDescription;
  /** It ends the run: what the agent says of failing tests is held against the files of the start, and shown to the person. */
  readonly isFinal: boolean;
  /** No claim is heard. */
  readonly allTests?: boolean;
}

/** The tests pass, as far as the task asks for them, or those that fail are shown to have failed before. Nothing else is asked. */
export function createAcceptance({ task, isFinal, allTests = false }: AcceptanceOptions): Acceptance {
  /** Tests whose claim was doubted once: said again, with a reason, it is the reader's to judge. */
  const doubted = new Set<string>();

  const judgeFailing = async (ending: Ending, context: ToolContext): Promise<ToolResult> => {
    const { workspace, call } = context;
    const known = workspace.verification;
    const verification = known ?? (await workspace.verify(call));
    const { verdict } = verification;
    const { left } = workspace;
    if (left === null) return passing(ending.summary, verification);
    if (typeof left !== 'string') {
      const tests = left.map(({ name }) => ({ name }));
      return solved(ending, { by: 'task', tests }, 'The tests that the task asks for pass: solved.');
    }
    const { claims = [] } = ending;
    // What the tests said of these files was told when they were run.
    const report =
      known && ending.hasRead ? describeAgain(verdict) : reportVerification(verification, workspace.outputs);
    if (hasLists(task)) return failure(`Not finished: ${left}\n${report}`);
    const advice = allTests ? '' : adviseOn(verification);
    if (claims.length === 0) return failure(`Not finished: the tests do not pass.${advice}\n${report}`);
    if (allTests) return failure(`Not finished: in this run all tests must pass, whatever makes them fail.\n${report}`);
    const judged = judgeClaims({ claims, task, before: workspace.baseline?.verdict ?? null, now: verdict });
    if (typeof judged === 'string') return failure(`Not finished: ${judged}\n${report}`);
    const isOpen = ({ test, doubt }: ClaimedTest) => doubt !== null && !ending.insists && !doubted.has(testKey(test));
    const doubtful = judged.tests.filter(isOpen);
    for (const { test } of doubtful) doubted.add(testKey(test));
    if (doubtful.length > 0) return failure(doubtClaims(doubtful));
    const found = isFinal ? await confirmAtStart(judged, workspace) : judged.tests;
    if (typeof found === 'string') return failure(`Not finished: ${found}`);
    const by = isFinal ? await askPerson(found, ending, context) : 'agent';
    const tests = found.map(({ test: { name }, reason, doubt }) => ({
      name,
      reason,
      ...(doubt === null ? {} : { doubt }),
    }));
    return solved(
      ending,
      { by, tests },
      'Ended as solved, but for the tests that failed before: they are told with your reasons.',
    );
  };

  return {
    judge: async (ending, context) => {
      const { workspace } = context;
      if (workspace.verdict?.passed) return passing(ending.summary, workspace.verification);
      try {
        return await judgeFailing(ending, context);
      } catch (error) {
        if (error instanceof PermissionDenied) return failure(`Not finished: ${error.message}`);
        throw error;
      }
    },
    suffices: (workspace) => workspace.isGood,
  };
}

const solved = ({ summary }: Ending, left: LeftFailing, result: string): ToolResult => ({
  ok: true,
  result,
  outcome: { kind: 'solved', explanation: summary, left },
});

function passing(summary: string, verification: Verification | null): ToolResult {
  const { unsteady = [] } = verification ?? {};
  const names = unsteady.map((name) => `"${name}"`).join(', ');
  const note = unsteady.length === 0 ? '' : `\n\nNot always: ${names} failed in the first of two runs on these files.`;
  return { ok: true, result: 'The tests pass: solved.', outcome: { kind: 'solved', explanation: `${summary}${note}` } };
}

function describeAgain(verdict: Verdict): string {
  const failing = verdict.tests.filter(({ status }) => status === 'failed');
  const names = failing.length === 0 ? '' : `\n${listed('fail', failing)}`;
  return `The files are as they were when the tests were run last: ${summarizeCounts(verdict)}.${names}`;
}

/** Tests may fail for reasons that no change of the project mends: then there is an honest end, too. */
function adviseOn({ sinceStart }: Verification): string {
  if (sinceStart === null || sinceStart.broken.length > 0 || sinceStart.mended === 0) return '';
  return ' What still fails failed at the start as well. Where it has to do with the goal, go on. Where no change of this project can mend it (no network, a package or a program that is not there, another version of Node), call finish with not_of_this_task: each failing test, with what makes it fail.';
}

function doubtClaims(tests: readonly ClaimedTest[]): string {
  const lines = tests.map(({ test, doubt }) => `- ${test.name.join(' > ')}: ${doubt}`);
  return `Not finished: is this really not of this task?\n${lines.join('\n')}\nRead the test and run it alone. If the code is wrong, mend it. If not, call finish again and say in the reason what you saw.`;
}

/** Who says so in the end. Rejects with PermissionDenied. */
async function askPerson(
  tests: readonly ClaimedTest[],
  { summary }: Ending,
  context: ToolContext,
): Promise<'agent' | 'person'> {
  const reasons = [
    ...(summary === '' ? [] : [summary]),
    'Not all tests pass. The agent says that these, which failed before, are not of this task:',
    ...tests.map(
      ({ test, reason, doubt }) =>
        `${test.name.join(' > ')}: ${reason}${doubt === null ? '' : ` (Doubtful: ${doubt}.)`}`,
    ),
  ];
  const what = `end as solved with ${tests.length} failing ${tests.length === 1 ? 'test' : 'tests'}`;
  return (await context.workspace.askToFinish(context.call, what, reasons)) ? 'person' : 'agent';
}
