import type { AgentRun } from '../agent-run.ts';
import { briefOf } from '../brief.ts';
import { openConversation } from '../conversation/conversation.ts';
import { converse } from '../conversation/converse.ts';
import { ownStep } from '../own-step.ts';
import { describeApproved, TEST_WRITER_NUDGE, TEST_WRITER_SYSTEM } from '../prompts/test-first.ts';
import { createObjectToTest } from '../test-first/object-to-test.ts';
import { type ApprovedTests, createProposeTests } from '../test-first/propose-tests.ts';
import { createCodePolicy, createTestPolicy } from '../test-first/test-policy.ts';
import { giveUp } from '../tools/give-up.ts';
import { EDITING, READING } from '../tools/index.ts';
import { reportVerification } from '../verdict/report-verification.ts';
import { loop } from './loop.ts';
import type { Strategy } from './strategy.ts';

/** The goal becomes tests, which a person approves; then the code is written until they pass. */
export const testFirst: Strategy = {
  name: 'test-first',
  description: 'Tests for the goal first, shown for approval; then the code until they pass.',
  reviewed: false,
  pursue: async (run) => {
    const { workspace, task } = run;
    const brief = await briefOf(run);
    const start = { files: workspace.files, verdict: workspace.verdict, goal: `${task.title}\n${task.goal}` };
    let approved: ApprovedTests | null = null;
    workspace.adopt({ policy: createTestPolicy(task, start.files) });
    const propose = createProposeTests(start, (tests) => {
      approved = tests;
    });
    const outcome = await converse(run, writerOf(run, brief, propose));
    if (outcome) return outcome;
    const tests: ApprovedTests | null = approved;
    if (!tests) return { kind: 'gave-up', explanation: 'No tests were proposed.' };
    return loop.pursue(await withTests(run, tests));
  },
};

function writerOf(run: AgentRun, brief: string, propose: ReturnType<typeof createProposeTests>) {
  return openConversation(run, {
    role: 'test-writer',
    tools: [...READING, ...EDITING, propose, giveUp],
    nudge: TEST_WRITER_NUDGE,
    messages: [
      { role: 'system', content: TEST_WRITER_SYSTEM },
      { role: 'user', content: brief },
    ],
  });
}

/** The run from here on: the tests are protected, and count. */
async function withTests(run: AgentRun, tests: ApprovedTests): Promise<AgentRun> {
  const { workspace, task } = run;
  const test = tests.proof.testCommand ?? task.test;
  workspace.adopt({ policy: createCodePolicy(task, tests.files), testCommand: test });
  // The old files pass tests that are not there: whatever follows must be better than the new tests on the old code.
  workspace.attempts.beginAt(workspace.keep());
  const focus = [run.focus ?? '', describeApproved(tests)].join('\n\n').trim();
  // The verdict on these files was that of the old command.
  if (test !== task.test) await verifyAlone(run);
  // The focus names the new ones; what is protected without a word of the task is in no list.
  const guarded = task.protected.length > 0 ? [...task.protected, ...tests.files] : [];
  const changed = { ...run, task: { ...task, test, protected: guarded }, focus };
  const object = createObjectToTest(changed, { tests, attempt: workspace.attempts.base });
  return { ...changed, moreTools: [...run.moreTools, object] };
}

const verifyAlone = (run: AgentRun) =>
  ownStep(run, { role: 'verifier', tool: 'run_tests', phase: 'verify' }, async ({ workspace, call }) => {
    return { ok: true, result: reportVerification(await workspace.verify(call), workspace.outputs) };
  });
