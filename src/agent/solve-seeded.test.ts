import { afterAll, describe, expect, it } from 'vitest';
import { SEEDED_MODULES, type SeededModule } from '../model/solver/seeded-modules.test-support.ts';
import { createSolver } from '../model/solver/solver.ts';
import type { Files } from '../session/files.ts';
import { createLog } from '../session/log.ts';
import { foldEvents } from '../session/state/reducer.ts';
import { hashTree } from '../session/tree.ts';
import { DEFAULT_LIMITS } from './limits/limits.ts';
import { NativeSandbox } from './native-sandbox.test-support.ts';
import { runAgent } from './run-agent.ts';

/** All defects take minutes: `SEEDED=all npx vitest run src/agent/solve-seeded.test.ts`. Otherwise a sample. */
const EVERY = process.env.SEEDED === 'all' ? 1 : 25;
/** Share of the planted defects that must be repaired, at least. */
const SHARE = 0.75;

const task = {
  name: 'seeded',
  title: 'Seeded',
  goal: 'Make the tests pass.',
  test: 'npm test',
  level: 'easy',
  editable: [],
  protected: ['test/**'],
  hints: [],
} as const;

function filesOf({ name, source, tests, esm }: SeededModule, [find, replace]: readonly [string, string]): Files {
  const head = esm
    ? "import test from 'node:test';\nimport assert from 'node:assert/strict';\n"
    : "const test = require('node:test');\nconst assert = require('node:assert/strict');\n";
  const planted = source.replace(find, () => replace);
  if (planted === source) throw new Error(`"${find}" is not in ${name}`);
  return {
    'package.json': JSON.stringify({
      type: esm ? 'module' : 'commonjs',
      scripts: { test: `node test/${name}.test.js` },
    }),
    [`src/${name}.js`]: planted,
    [`test/${name}.test.js`]: head + tests,
  };
}

async function solve(files: Files) {
  const sandbox = await NativeSandbox.create(files);
  const log = createLog({ now: Date.now });
  // npm itself takes most of a trial natively; the command is what matters.
  const test = /"test":"([^"]+)"/.exec(String(files['package.json']))?.[1] ?? task.test;
  const own = { ...task, test };
  log.append({ type: 'session-started', task: own, files, tree: hashTree(files), attempt: '0' });
  const state = foldEvents('s', log.events);
  const { signal } = new AbortController();
  const model = createSolver();
  const outcome = await runAgent({
    task: own,
    log,
    state,
    sandbox,
    model,
    strategy: 'loop',
    limits: DEFAULT_LIMITS,
    signal,
  });
  sandbox.dispose();
  const verdicts = log.events.filter(({ type }) => type === 'verdict-reached').length;
  return { outcome, trials: verdicts - 1, startsGreen: verdicts === 1 && outcome.kind === 'solved' };
}

describe('the solver on planted defects', () => {
  const all = SEEDED_MODULES.flatMap((module) => module.defects.map((defect) => ({ module, defect })));
  const cases = all.filter((_, index) => index % EVERY === 0);
  const results: { name: string; solved: boolean; trials: number }[] = [];
  it.each(cases)('$module.name: $defect', async ({ module, defect }) => {
    const { outcome, trials, startsGreen } = await solve(filesOf(module, defect));
    expect(startsGreen, 'the tests notice the defect').toBe(false);
    expect(['solved', 'gave-up']).toContain(outcome.kind);
    results.push({ name: `${module.name}: ${defect.join(' -> ')}`, solved: outcome.kind === 'solved', trials });
  });
  afterAll(() => {
    const solved = results.filter((result) => result.solved);
    const trials = solved.map((result) => result.trials).sort((a, b) => a - b);
    if (process.env.SEEDED) {
      const unsolved = results.filter((result) => !result.solved).map(({ name }) => name);
      const slow = solved.filter((result) => result.trials > 8).map((result) => `${result.trials} ${result.name}`);
      console.info(`${solved.length} of ${results.length} repaired; median trials ${trials[trials.length >> 1]}`, {
        unsolved,
        slow,
      });
    }
    expect(solved.length / results.length).toBeGreaterThanOrEqual(SHARE);
  });
});
