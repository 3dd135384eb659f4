/** Each strategy on the task that shows what it is for; the log alone tells which one ran, and what each step cost. */
import { describe, expect, it } from 'vitest';
import type { Model } from '../../model/model.ts';
import { createScriptedModel, type ScriptedReply } from '../../model/scripted.ts';
import type { SessionEvent } from '../../session/events.ts';
import { costsOf } from '../../session/state/step-costs.ts';
import { createCast } from '../cast.test-support.ts';
import { replayDifferences, runScript } from '../run.test-support.ts';
import { readTask } from '../task-folder.test-support.ts';

const usage = { inputTokens: 100, outputTokens: 10 };
const write = (path: string, content: unknown) => ['write_file', { path, content }] as const;
const edit = (path: string, find: string, replace: string) =>
  ['edit_file', { path, edits: [{ find, replace }] }] as const;
const reply = (...calls: NonNullable<ScriptedReply['calls']>): ScriptedReply => ({ calls, usage, cost: 0.01 });
const finish = (summary = 'Done.') => reply(['finish', { summary }]);
const RUN_TESTS = ['run_tests', {}] as const;

async function solve(
  name: string,
  setup: { strategy: string; script?: ScriptedReply[]; model?: Model; reviewer?: Model },
) {
  const task = { ...readTask(name), test: 'node --test' };
  const { strategy, script = [], model, reviewer } = setup;
  const ran = await runScript(script, {
    task,
    files: task.files,
    strategy,
    ...(model ? { model } : {}),
    ...(reviewer ? { models: { reviewer } } : {}),
  });
  ran.sandbox.dispose();
  expect(ran.outcome.kind, ran.outcome.explanation).toBe('solved');
  expect(await replayDifferences(ran)).toEqual([]);
  const start = { type: 'session-started', task, files: task.files, tree: '', attempt: '0', seq: 0, at: 0 } as const;
  const events: readonly SessionEvent[] = [start, ...ran.events];
  const [costs] = costsOf(events);
  if (!costs) throw new Error('The log has no run');
  // The parts are the whole.
  const { spent } = ran.state.runs[0] ?? { spent: null };
  const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
  expect(total(costs.roles.map(({ inputTokens }) => inputTokens))).toBe(spent?.inputTokens);
  expect(total(costs.roles.map(({ cost }) => cost ?? Number.NaN))).toBeCloseTo(spent?.cost ?? -1, 10);
  return { ran, costs };
}
const solutionOf = (name: string, path: string) => readTask(name).solution?.[path];
const told = ({ costs }: Awaited<ReturnType<typeof solve>>) =>
  costs.roles.map(({ role, inputTokens, cost }) => [role, inputTokens, Number(cost?.toFixed(2))]);

describe('showcases', () => {
  it('generate: a starter task in one answer', async () => {
    const text = `src/discount.js\n\`\`\`js\n${solutionOf('discount', 'src/discount.js')}\`\`\`\n`;
    const done = await solve('discount', { strategy: 'generate', script: [{ text, usage, cost: 0.01 }] });
    expect(done.costs.strategy).toBe('generate');
    expect(told(done)).toEqual([
      ['agent', 100, 0.01],
      ['verifier', 0, 0],
    ]);
  });

  it('loop: a defect that is found by looking at what failed', async () => {
    const script = [
      reply(['read_file', { path: 'src/heap.js' }]),
      reply(write('src/heap.js', solutionOf('priority-queue', 'src/heap.js')), RUN_TESTS),
      finish(),
    ];
    const done = await solve('priority-queue', { strategy: 'loop', script });
    expect(done.costs.steps.map(({ tools }) => tools)).toEqual([
      ['read_file'],
      ['write_file', 'run_tests'],
      ['finish'],
    ]);
    expect(told(done)).toEqual([['agent', 300, 0.03]]);
  });

  it('plan: two missing parts, a step for each', async () => {
    const parts = ['src/request.js', 'src/catalogue.js'];
    const script = [
      reply(['make_plan', { steps: ['Try again when the server is busy.', 'Read all pages.'] }]),
      ...parts.map((path) => reply(write(path, solutionOf('api-client', path)), ['step_done', { summary: path }])),
    ];
    const done = await solve('api-client', { strategy: 'plan', script });
    expect(told(done)).toEqual([
      ['planner', 100, 0.01],
      ['executor', 200, 0.02],
      ['verifier', 0, 0],
    ]);
    expect(done.ran.state.runs[0]?.plan.map(({ status }) => status)).toEqual(['done', 'done']);
  });

  it('tree: several explanations that are equally likely, tried at once', async () => {
    const giveUp = reply(['give_up', { explanation: 'It is not this.' }]);
    const dates = 'src/dates.js';
    const model = createCast({
      'round-1-candidate-1': [
        reply(edit('src/weeks.js', '(before + daysIn', '(before + 1 + daysIn'), RUN_TESTS),
        giveUp,
      ],
      'round-1-candidate-2': [
        reply(edit(dates, '- dateOf(year, month)) / DAY', '- dateOf(year, month, 0)) / DAY'), RUN_TESTS),
        giveUp,
      ],
      'round-1-candidate-3': [
        reply(write(dates, solutionOf('calendar', dates)), RUN_TESTS),
        finish('Sundays are the seventh day.'),
      ],
    });
    const done = await solve('calendar', { strategy: 'tree', model });
    expect(done.costs.strategy).toBe('tree');
    expect(new Set(done.costs.steps.map(({ branch }) => branch))).toEqual(
      new Set(['round-1-candidate-1', 'round-1-candidate-2', 'round-1-candidate-3', null]),
    );
    expect(done.ran.state.runs[0]?.branches.map(({ kept }) => kept)).toEqual([false, false, true]);
  });

  it('review: a change that passes the tests and is not good enough', async () => {
    const path = 'src/ranks.js';
    const reviews = [false, true].map((approved) =>
      reply(['give_review', { approved, comments: approved ? 'Right.' : 'It makes numbers of numbers.' }]),
    );
    const script = [
      reply(edit(path, '[...values].sort()', '[...values].sort((a, b) => Number(a) - Number(b)).map(Number)')),
      finish(),
      reply(write(path, solutionOf('statistics', path))),
      finish(),
    ];
    const done = await solve('statistics', { strategy: 'review', script, reviewer: createScriptedModel(reviews) });
    expect(done.ran.state.runs[0]?.reviews.map(({ approved }) => approved)).toEqual([false, true]);
    expect(told(done)).toEqual([
      ['agent', 400, 0.04],
      ['reviewer', 200, 0.02],
    ]);
  });

  it('test-first: a requirement that no test knows of yet', async () => {
    const task = readTask('durations');
    const script = [
      reply(...Object.entries(task.hidden ?? {}).map(([path, content]) => write(path, content))),
      reply(['propose_tests', { summary: 'Weeks and days.' }]),
      reply(...Object.entries(task.solution ?? {}).map(([path, content]) => write(path, content))),
      finish(),
    ];
    const done = await solve('durations', { strategy: 'test-first', script });
    expect(told(done)).toEqual([
      ['test-writer', 200, 0.02],
      ['agent', 200, 0.02],
    ]);
  });

  it('incremental: many missing parts, one after another', async () => {
    const script = ['src/blocks.js', 'src/inline.js'].flatMap((path) => [
      reply(write(path, solutionOf('markdown', path))),
      finish(path),
    ]);
    const done = await solve('markdown', { strategy: 'incremental', script });
    expect(done.costs.strategy).toBe('loop+incremental');
    expect(told(done)).toEqual([
      ['verifier', 0, 0],
      ['agent', 400, 0.04],
    ]);
  });
});
