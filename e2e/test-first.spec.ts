/** test-first in the real sandbox: tests for the goal, approved by default where nobody is there, then the code; the log replays. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { parseSessionText } from '../src/session/format/parse-session.ts';
import { fixpoint, makeFolder } from './support/command.ts';
import { startOpenAIServer } from './support/openai-server.ts';

const TASK = 'public/tasks/durations';
const TEST = 'test/weeks.test.js';

test('test-first writes tests that fail, then the code; the held-out tests pass, and the log replays', async () => {
  await using folder = await makeFolder({});
  const write = async (path: string, from: string) => {
    return { name: 'write_file', arguments: { path, content: await readFile(join(TASK, from, path), 'utf8') } };
  };
  // Two conversations begin with the same reply: who writes the tests may not write the code, and the other way round.
  const calls = [
    await write(TEST, 'hidden'),
    await write('src/units.js', 'solution'),
    await write('src/parse.js', 'solution'),
    { name: 'propose_tests', arguments: { summary: 'Weeks, days, and what is no duration.' } },
  ];
  const finish = [{ name: 'finish', arguments: { summary: 'Weeks and days.' } }];
  await using server = await startOpenAIServer({ script: [calls, finish].map((each) => ({ text: '', calls: each })) });
  const log = join(folder.path, 'session.json');
  const options = [
    '--model',
    'openai:scripted',
    '--base-url',
    server.baseUrl,
    '--strategy',
    'test-first',
    '--out',
    log,
  ];
  const run = await fixpoint(['agent', '--task', TASK, ...options], { OPENAI_API_KEY: 'none' });
  expect(run.stdout).toMatch(/^solved: Weeks and days\./);
  const { events } = parseSessionText(await readFile(log, 'utf8'));
  const verdicts = events.flatMap((event) => (event.type === 'verdict-reached' ? [event.verdict.counts] : []));
  expect(verdicts.map((counts) => [counts?.passed, counts?.failed])).toEqual([
    [6, 0],
    [7, 13],
    [20, 0],
  ]);
  const approval = events.find((event) => event.type === 'permission-decided' && event.action === 'tests');
  expect(approval).toMatchObject({ by: 'default' });
  const roles = events.flatMap((event) => (event.type === 'step-started' ? [event.role ?? 'agent'] : []));
  expect(roles).toEqual(['test-writer', 'agent', 'agent']);
  const replay = await fixpoint(['replay', log]);
  expect(replay.stdout).toMatch(/^All \d+ steps agree with the recording\.$/m);
  expect(replay.exitCode).toBe(0);
});
