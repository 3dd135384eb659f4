/** A model server that fails in all the ways in which servers fail: each run ends with an outcome and a log that replays. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import {
  cut,
  delta,
  disconnect,
  failing,
  type Handler,
  huge,
  json,
  page,
  says,
  stall,
  startFaultServer,
  stream,
} from '../src/model/fault-server.test-support.ts';
import { parseSessionText } from '../src/session/format/parse-session.ts';
import { fixpoint, makeFolder } from './support/command.ts';
import { repairDiscount } from './support/openai-server.ts';

const [tests, reads, edits, verifies, finishes] = repairDiscount('price * (1 - rate)').map(
  ({ text, calls }, turn): Handler =>
    says({ text, calls: calls.map(({ name, arguments: args }) => [name, args] as const) }, turn),
) as [Handler, Handler, Handler, Handler, Handler];
const SOON = { 'retry-after-ms': '5' };
/** Seconds that no server takes which is not silent, also where the machine has much to do. */
const QUICK = ['--first-token', '8', '--silence', '4'];

async function runAgainst(handlers: readonly Handler[], options: readonly string[] = []) {
  await using server = await startFaultServer((index) => handlers[index] ?? handlers.at(-1) ?? disconnect);
  await using out = await makeFolder({});
  const session = join(out.path, 'session.json');
  const model = ['--model', 'openai:test-model', '--base-url', server.baseUrl, ...QUICK];
  const agent = await fixpoint(['agent', '--task', 'discount', ...model, ...options, '--out', session]);
  const file = parseSessionText(await readFile(session, 'utf8'));
  const replay = await fixpoint(['replay', session]);
  expect(replay.exitCode, replay.stdout + replay.stderr).toBe(0);
  const ended = file.events.at(-1);
  const finished = file.events.findLast((event) => event.type === 'run-finished');
  expect(ended?.type).toMatch(/run-finished|check-finished/);
  return {
    ...agent,
    asked: server.bodies.length,
    outcome: finished?.type === 'run-finished' ? finished.outcome : null,
    retries: file.events.flatMap((event) => (event.type === 'model-retried' ? [event.reason] : [])),
    corrections: file.events.flatMap((event) => (event.type === 'model-replied' ? (event.correction ?? []) : [])),
    results: file.events.flatMap((event) => (event.type === 'tool-finished' ? [event] : [])),
  };
}

test('a run survives every fault that passes, and solves its task', async () => {
  const faults: readonly Handler[] = [
    disconnect,
    failing(429, 'slow down', { 'retry-after': '0' }),
    tests,
    cut({ text: 'Now I read', calls: [['write_file', { path: 'src/discount.js', content: 'broken' }]] }, 6),
    failing(500, 'oh', SOON),
    page(502, 'Bad gateway'),
    reads,
    stream([delta({ content: 'H' }), 'data: {broken\n\n']),
    stall({ text: 'a b c d e' }, 3),
    json({ error: { message: 'overloaded', code: 503 } }),
    edits,
    // Half of the arguments: an error that the model reads.
    says({ calls: [['edit_file', '{"path": "src/dis']] }),
    // Cut off by the server in the middle of a call.
    stream([
      delta(
        {
          tool_calls: [
            { index: 0, id: 'x', function: { name: 'write_file', arguments: '{"path":"src/discount.js","con' } },
          ],
        },
        'length',
      ),
    ]),
    huge(10_000_000),
    stall({}, 0),
    stream([delta({}, 'stop')]),
    // Whole, under a wrong type.
    (response) =>
      void response.writeHead(200, { 'content-type': 'text/html' }).end(
        JSON.stringify({
          choices: [
            { message: { content: '', tool_calls: [{ id: 'y', function: { name: 'run_tests', arguments: {} } }] } },
          ],
        }),
      ),
    verifies,
    finishes,
  ];
  const { exitCode, stdout, stderr, asked, outcome, retries, corrections, results } = await runAgainst(faults);
  expect(exitCode, stderr + stdout).toBe(0);
  expect(outcome?.kind).toBe('solved');
  expect(asked).toBe(faults.length);
  expect(retries).toHaveLength(10);
  expect(corrections).toEqual([expect.stringContaining('was not executed'), expect.stringContaining('longer than')]);
  expect(results.filter(({ ok }) => !ok).map(({ result }) => result)).toEqual([
    expect.stringMatching(/not valid JSON/),
  ]);
});

for (const [name, handlers, said] of [
  ['is silent', [tests, stall({}, 0)], /no part of its reply for 16 seconds\..*tried 2 times/s],
  ['is busy for ever', [tests, failing(429, 'slow down')], /too many requests/],
  ['never stops to write', [huge(10_000_000)], /called no tool in 3 replies/],
] as const) {
  test(`a server that ${name}: the run ends and says why`, async () => {
    const { exitCode, outcome } = await runAgainst(handlers, ['--patience', '6']);
    expect(exitCode).toBe(1);
    expect(outcome?.explanation).toMatch(said);
  });
}
