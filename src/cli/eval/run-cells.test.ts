import { describe, expect, it } from 'vitest';
import type { OpenPage } from '../browser/command-page.ts';
import type { AgentEnd, AgentRequest } from '../page-api.ts';
import { planCells } from './plan.ts';
import type { EvalRow } from './results.ts';
import { type CellRun, runCells } from './run-cells.ts';

const END: AgentEnd = {
  session: '{}',
  link: '',
  outcome: 'solved',
  explanation: 'done',
  left: null,
  proof: null,
  best: '1',
  scorecards: [
    {
      attempt: '1',
      parent: '0',
      run: 'run-1',
      passed: true,
      tests: { passed: 2, failed: 0, skipped: 0 },
      newFailures: [],
      hidden: { passed: false, tests: null },
      lint: null,
      types: { passed: true, problems: 0, added: 0 },
      diff: { files: 1, linesAdded: 2, linesRemoved: 1, testFiles: 0 },
      steps: 3,
      inputTokens: 1,
      outputTokens: 1,
      cost: null,
      milliseconds: 5,
    },
  ],
  spent: { steps: 4, attempts: 1, milliseconds: 1500, inputTokens: 10, outputTokens: 2, cost: null },
  hidden: false,
  changes: [],
};
const tasks = ['a', 'b', 'c', 'd'].map((name) => ({ name, folder: `/${name}` }));
const cells = planCells({ tasks, models: ['solver'], strategies: ['loop'], repeat: 1 });

/** The page does as `call` says; each page that is opened is counted. */
async function evaluate(call: (task: string) => Promise<AgentEnd>, over: Partial<CellRun> = {}) {
  const rows: EvalRow[] = [];
  let pages = 0;
  await runCells({
    cells,
    concurrency: 1,
    patience: 60,
    stop: new AbortController().signal,
    withPage: (work) => {
      pages += 1;
      return work({} as OpenPage);
    },
    request: async (_, { task }) => ({ task: { name: task.name } }) as AgentRequest,
    call: (_, { task }) => call(task.name),
    fingerprintOf: async () => 'f',
    keepSession: async ({ task }) => `runs/${task.name}.json`,
    onRow: async (row) => {
      rows.push(row);
    },
    ...over,
  });
  return { rows, pages, lines: rows.map(({ task, outcome, error }) => `${task}: ${error ?? outcome}`) };
}

describe('runCells', () => {
  it('makes a row of each run, in one page', async () => {
    const { rows, pages } = await evaluate(async () => END);
    expect(pages).toBe(1);
    expect(rows).toHaveLength(4);
    expect(rows[0]).toMatchObject({
      task: 'a',
      outcome: 'solved',
      solved: true,
      hidden: false,
      success: false,
      types: true,
      lint: null,
      cost: null,
      seconds: 1.5,
      session: 'runs/a.json',
    });
  });

  it('goes on after a run that fails, in the same page', async () => {
    const { lines, pages } = await evaluate(async (task) => {
      if (task === 'b') throw new Error('no boot');
      return END;
    });
    expect(lines).toEqual(['a: solved', 'b: no boot', 'c: solved', 'd: solved']);
    expect(pages).toBe(1);
  });

  it('goes on in another page after one that died, and after one that does not answer', async () => {
    const died = Promise.withResolvers<never>();
    died.promise.catch(() => undefined);
    const { lines, pages } = await evaluate(
      async (task) => {
        if (task === 'b') died.reject(new Error('the browser ended'));
        return task === 'b' ? new Promise(() => undefined) : END;
      },
      { withPage: (work) => Promise.race([work({} as OpenPage), died.promise]) },
    );
    expect([lines[0], lines[1]]).toEqual(['a: solved', 'b: the browser ended']);
    expect(pages).toBe(0);
    const hung = await evaluate(async (task) => (task === 'c' ? new Promise(() => undefined) : END), {
      patience: 0.01,
    });
    expect(hung.lines).toEqual([
      'a: solved',
      'b: solved',
      expect.stringMatching(/^c: The run has not ended/),
      'd: solved',
    ]);
    expect(hung.pages).toBe(2);
  });

  it('ends although no page can be opened: each run has its error', async () => {
    const { lines } = await evaluate(async () => END, { withPage: () => Promise.reject(new Error('no Chromium')) });
    expect(lines).toEqual(['a', 'b', 'c', 'd'].map((task) => `${task}: no Chromium`));
  });

  it('works in several pages at once, and begins nothing after a stop', async () => {
    const stop = new AbortController();
    const { lines, pages } = await evaluate(
      async () => {
        stop.abort();
        return { ...END, outcome: 'stopped' };
      },
      { concurrency: 2, stop: stop.signal },
    );
    expect(lines).toEqual(['a: stopped', 'b: stopped']);
    expect(pages).toBe(2);
  });
});
