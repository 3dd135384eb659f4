/** Runs against a server that fails: each ends with an outcome that says why, and with a log that can be read again. */
import { afterEach, expect, it } from 'vitest';
import {
  cut,
  disconnect,
  failing,
  type Handler,
  huge,
  json,
  onlyComments,
  page,
  says,
  stall,
  startFaultServer,
  stream,
} from '../model/fault-server.test-support.ts';
import { createOpenAIModel } from '../model/openai.ts';
import { withToolMode } from '../model/tool-mode.ts';
import { parseSessionText } from '../session/format/parse-session.ts';
import { createLog } from '../session/log.ts';
import { startSession } from '../session/start-session.ts';
import { foldEvents } from '../session/state/reducer.ts';
import { DEFAULT_LIMITS } from './limits/limits.ts';
import { NativeSandbox } from './native-sandbox.test-support.ts';
import { runAgent } from './run-agent.ts';

const TASK = {
  name: 't',
  title: 'T',
  goal: 'Make it pass.',
  test: 'node check.js',
  level: 'starter',
  editable: [],
  protected: [],
  hints: [],
  files: { 'package.json': '{}', 'check.js': "process.exit(require('fs').existsSync('done') ? 0 : 1)" },
} as const;

let sandbox: NativeSandbox | null = null;
afterEach(() => sandbox?.dispose());

/** Seconds: only a server that is silent is waited for so shortly, for a busy machine makes others silent, too. */
const SHORT = 1;

interface RunOptions {
  readonly signal?: AbortSignal;
  readonly silence?: number;
}

async function run(
  handlers: readonly Handler[],
  { signal = new AbortController().signal, silence = 100 }: RunOptions = {},
) {
  await using server = await startFaultServer((index) => handlers[Math.min(index, handlers.length - 1)] ?? disconnect);
  sandbox = await NativeSandbox.create(TASK.files);
  const log = createLog({ now: Date.now });
  startSession(log, TASK);
  const model = withToolMode(
    createOpenAIModel({
      model: 'm',
      apiKey: '',
      baseUrl: server.baseUrl,
      retry: { delay: 1, patience: 800 },
      timeouts: { firstToken: silence, silence },
    }),
    'auto',
  );
  const state = foldEvents('s', log.events);
  const limits = { ...DEFAULT_LIMITS, seconds: 200, tokens: 1_000_000 };
  const outcome = await runAgent({ task: TASK, log, state, sandbox, model, strategy: 'loop', limits, signal });
  const { events } = parseSessionText(JSON.stringify({ format: 'fixpoint-session/1', id: 's', events: log.events }));
  expect(events.at(-1)).toMatchObject({ type: 'run-finished', outcome });
  return outcome;
}

const TESTS = says({ calls: [['run_tests', {}]] });

it.each<[string, readonly Handler[], RegExp, number?]>([
  ['is silent', [TESTS, stall({}, 0)], /no part of its reply for 2 seconds.*tried 2 times/s, SHORT],
  ['falls silent', [TESTS, stall({ text: 'a b c' }, 2)], /fell silent in the middle/, SHORT],
  ['sends signs of life and no reply', [onlyComments], /no part of its reply/, SHORT],
  ['is busy for ever', [TESTS, failing(429, 'slow down')], /too many requests.*slow down.*tried \d+ times/],
  ['fails for ever', [failing(500, 'oh')], /error 500: oh/],
  [
    'breaks each stream',
    [TESTS, cut({ calls: [['write_file', { path: 'done', content: '' }]] }, 4)],
    /connection broke/,
  ],
  ['never stops to write', [huge(10_000_000)], /called no tool in 3 replies/],
  [
    'sends a reply of 10 MB in one piece',
    [json({ choices: [{ message: { content: 'x'.repeat(10_000_000) } }] })],
    /limit of 1000000 tokens was reached/,
  ],
  ['sends garbage', [TESTS, stream(['data: {{{\n\n'])], /broken JSON/],
  ['sends half of its JSON', [(response) => void response.end('{"choices": [{"mess')], /broken JSON, or half of it/],
  ['says nothing', [stream([])], /no chat completion/],
  ['is no API at all', [page(200, 'Welcome')], /is the base URL right/],
  ['hangs up', [TESTS, disconnect], /closed the connection without an answer/],
  [
    'calls with half of the arguments, for ever',
    [says({ calls: [['write_file', '{"path": "do']] })],
    /same call of write_file failed 3 times/,
  ],
])('a server that %s', async (_, handlers, said, silence) => {
  const outcome = await run(handlers, silence === undefined ? {} : { silence });
  expect(outcome.kind).toMatch(/failed|gave-up|limit-reached/);
  expect(outcome.explanation).toMatch(said);
  // No half of a reply was acted on.
  expect((await sandbox?.snapshot())?.files).not.toHaveProperty('done');
});

it('is stopped at once in the middle of a wait', async () => {
  const controller = new AbortController();
  const busy: Handler = (...request) => {
    failing(429, 'later', { 'retry-after': '0.2' })(...request);
    setTimeout(() => controller.abort(), 10);
  };
  expect(await run([busy], { signal: controller.signal })).toMatchObject({ kind: 'stopped' });
});

it('is solved in text where the server takes no tools', async () => {
  const outcome = await run([
    failing(400, 'm does not support tools'),
    says({ text: 'First the tests.\n<tool name="run_tests">\n</tool>' }),
    says({
      text: '<tool name="write_file">\n<path>done</path>\n<content>\nyes\n</content>\n</tool>\n<tool name="run_tests"></tool>',
    }),
    says({ text: '<tool name="finish"><summary>It passes.</summary></tool>' }),
  ]);
  expect(outcome).toEqual({ kind: 'solved', explanation: 'It passes.' });
});
