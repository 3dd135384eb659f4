import { describe, expect, it } from 'vitest';
import { createScriptedModel } from '../../model/scripted.ts';
import { fix, type RunSetup, replayDifferences, runScript, type Script, spoil } from '../run.test-support.ts';

async function run(plans: Script, steps: Script, setup: RunSetup = {}) {
  const executor = createScriptedModel(steps);
  const ran = await runScript(plans, { strategy: 'plan', models: { executor }, ...setup });
  return { ...ran, executor };
}
const makePlan = (...steps: string[]) => ({ calls: [['make_plan', { steps }] as const] });
const done = (summary: string) => ['step_done', { summary }] as const;

describe('plan', () => {
  it('has steps made by the planner and done by the executor, each in a conversation of its own', async () => {
    const ran = await run(
      [{ calls: [['read_file', { path: 'src/sum.js' }]] }, makePlan('Look at sum.', 'Make sum add.')],
      [{ calls: [done('It subtracts.')] }, { calls: [fix, done('It adds.')] }],
    );
    expect(ran.outcome).toEqual({ kind: 'solved', explanation: '- It subtracts.\n- It adds.' });
    expect(ran.lines.filter((line) => /^(step|plan|run|verdict)/.test(line))).toEqual([
      'run by scripted from 0',
      'verdict on 0: 2 failed',
      'step 1 planner',
      'step 2 planner',
      'plan Look at sum.: active; Make sum add.: pending',
      'step 3 executor',
      'plan Look at sum.: done; Make sum add.: pending',
      'plan Look at sum.: done; Make sum add.: active',
      'step 4 executor',
      'plan Look at sum.: done; Make sum add.: done',
      'step 5 verifier',
      'verdict on 1: passed',
      'run solved, best 1',
    ]);
    const second = ran.executor.requests[1]?.messages ?? [];
    expect(second).toHaveLength(2);
    expect(second[1]?.content).toContain('Done so far:\n- It subtracts.');
    expect(second[1]?.content).toContain('Your step, number 2: Make sum add.');
    expect(ran.state.runs[0]?.plan.map(({ status }) => status)).toEqual(['done', 'done']);
    expect(await replayDifferences(ran)).toEqual([]);
  });

  it('goes back to the planner when a step fails, and when the tests do in the end', async () => {
    const ran = await run(
      [makePlan('Edit lib/sum.js.', 'Test.'), makePlan('Multiply.'), makePlan('Add.')],
      [
        { calls: [['step_failed', { reason: 'There is no lib/sum.js.' }]] },
        { calls: [spoil('a * b'), done('It multiplies.')] },
        { calls: [spoil('a + b', 'a * b'), done('It adds.')] },
      ],
    );
    expect(ran.outcome.kind).toBe('solved');
    const told = ran.model.requests.map(({ messages }) => messages.at(-1)?.content ?? '');
    expect(told[1]).toContain('1. [!] Edit lib/sum.js.\n2. [ ] Test.');
    expect(told[1]).toContain('Step 1 (Edit lib/sum.js.) failed: There is no lib/sum.js.');
    expect(told[2]).toContain('Not finished: the tests do not pass.\nTests FAIL: 2 failed');
  });

  it('does not take a step for done whose edits were all refused, unless it is said again', async () => {
    const ran = await run(
      [makePlan('Add.')],
      [{ calls: [spoil('a + b', 'a ^ b'), done('It adds.')] }, { calls: [fix, done('It adds.')] }],
    );
    expect(ran.outcome.kind).toBe('solved');
    expect(ran.results).toContainEqual(expect.stringMatching(/^Not done yet: no file has changed in this step/));
    const insisting = await run(
      [makePlan('Look.', 'Add.')],
      [
        { calls: [spoil('a + b', 'a ^ b'), done('Seen.')] },
        { calls: [done('Seen.')] },
        { calls: [fix, done('It adds.')] },
      ],
    );
    expect(insisting.outcome.kind).toBe('solved');
  });

  it('ends after five plans', async () => {
    const failing = { calls: [['step_failed', { reason: 'It cannot be.' }] as const] };
    const ran = await run(
      Array.from({ length: 9 }, () => makePlan('Do it.')),
      Array.from({ length: 9 }, () => failing),
    );
    expect(ran.outcome.kind).toBe('gave-up');
    expect(ran.outcome.explanation).toContain(
      '5 plans did not lead to the goal. Step 1 (Do it.) failed: It cannot be.',
    );
  });

  it('ends when the planner gives up, and fails when a model does', async () => {
    const ran = await run([{ calls: [['give_up', { explanation: 'Impossible.' }]] }], []);
    expect(ran.outcome).toMatchObject({ kind: 'gave-up', explanation: expect.stringContaining('Impossible.') });
    const broken = await run([makePlan('Do it.')], []);
    expect(broken.outcome.kind).toBe('failed');
    expect(broken.lines.at(-1)).toBe('run failed, best 0');
  });
});
