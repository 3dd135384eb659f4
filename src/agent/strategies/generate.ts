import type { Files } from '../../session/files.ts';
import type { Outcome } from '../../session/values.ts';
import type { AgentRun } from '../agent-run.ts';
import { briefOf } from '../brief.ts';
import { openConversation } from '../conversation/conversation.ts';
import { think } from '../conversation/think.ts';
import { chooseFiles } from '../generate/choose-files.ts';
import { ownStep } from '../own-step.ts';
import { describeFiles, GENERATE_SYSTEM } from '../prompts/generate.ts';
import { applyPatch } from '../tools/apply-patch.ts';
import type { Strategy } from './strategy.ts';

/** Characters of files that one prompt holds, at most. */
const MOST_ROOM = 200_000;
/** Of a model's window: about half of it, at four characters a token. */
const ROOM_A_TOKEN = 2;

/** One prompt, one answer, verified once: what a generator of code does, for comparison. */
export const generate: Strategy = {
  name: 'generate',
  description: 'One prompt with the files that matter, one answer, verified once: the baseline.',
  reviewed: false,
  pursue: async (run) => {
    const answer = await answerOnce(run);
    if (answer.trim() === '') return { kind: 'gave-up', explanation: 'The one answer of the model was empty.' };
    const role = 'verifier';
    const applied = await ownStep(run, { role, tool: 'apply_patch', phase: 'edit' }, (context) =>
      applyPatch.call(JSON.stringify({ patch: answer }), context),
    );
    if (!applied.ok) return { kind: 'gave-up', explanation: `The answer could not be applied. ${applied.result}` };
    const judged = await ownStep(run, { role, tool: 'finish', phase: 'verify' }, (context) =>
      run.acceptance.judge({ summary: summaryOf(answer) }, context),
    );
    return judged.outcome ?? failed(judged.result);
  },
};

async function answerOnce(run: AgentRun): Promise<string> {
  const brief = await briefOf(run);
  const { task, workspace } = run;
  const verification = workspace.verification ?? (await workspace.verify(run.callId('start')));
  const model = run.modelFor('agent');
  const window = await model.contextWindow?.(lengthOf(workspace.files) / ROOM_A_TOKEN);
  const room = window ? Math.min(MOST_ROOM, window.tokens * ROOM_A_TOKEN) : MOST_ROOM;
  const refuse = (path: string) => workspace.policy.refuseRead(path);
  const files = await chooseFiles(workspace.files, { goal: `${task.title}\n${task.goal}`, verification, room, refuse });
  const conversation = openConversation(run, {
    role: 'agent',
    tools: [],
    messages: [
      { role: 'system', content: GENERATE_SYSTEM },
      { role: 'user', content: `${brief}\n\nThe files:\n\n${describeFiles(files)}` },
    ],
  });
  const { message } = await think(run, conversation);
  return message.content;
}

const lengthOf = (files: Files): number =>
  Object.values(files).reduce((sum, content) => sum + (typeof content === 'string' ? content.length : 0), 0);

/** What the model said before its first block of code and the path above it. */
function summaryOf(answer: string): string {
  const [said = ''] = answer.split(/^(?:```|<{5,}|\*{3} Begin|--- )/m);
  return said.replace(/(^|\n)\S+\s*$/, '').trim() || 'The answer was applied.';
}

const failed = (result: string): Outcome => ({
  kind: 'gave-up',
  explanation: `The one answer does not reach the goal. ${result.split('\n').slice(0, 2).join(' ')}`,
});
