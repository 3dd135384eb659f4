import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { parseSessionText } from '../src/session/format/parse-session.ts';
import { foldEvents } from '../src/session/state/reducer.ts';
import { fixpoint, makeFolder } from './support/command.ts';

test('plan+review: the log tells who made each step, in the real sandbox, and replays', async () => {
  await using folder = await makeFolder({});
  const log = join(folder.path, 'session.json');
  const strategy = ['--strategy', 'plan+review'];
  const run = await fixpoint(['agent', '--task', 'discount', '--model', 'solver', ...strategy, '--out', log]);
  expect(run.stdout).toMatch(/^solved: /);
  const { events } = parseSessionText(await readFile(log, 'utf8'));
  const [state] = foldEvents('s', events).runs;
  expect(state?.strategy).toBe('plan+review');
  expect(new Set(state?.steps.map(({ role }) => role))).toEqual(
    new Set(['planner', 'executor', 'verifier', 'reviewer']),
  );
  expect(state?.plan.map(({ status }) => status)).toEqual(['done']);
  expect(state?.reviews).toMatchObject([{ attempt: '1', approved: true }]);
  const replay = await fixpoint(['replay', log]);
  expect(replay.stdout).toMatch(/^All \d+ steps agree with the recording\.$/m);
});

test('a strategy that does not exist is refused with the names of those that do', async () => {
  const run = await fixpoint([
    'agent',
    '--task',
    'discount',
    '--model',
    'solver',
    '--strategy',
    'magic',
    '--out',
    '/dev/null',
  ]);
  expect(run.exitCode).not.toBe(0);
  expect(run.stderr).toContain('There is no strategy "magic". Strategies: loop, plan, tree');
});
