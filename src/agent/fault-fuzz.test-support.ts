/** One run against a server whose every answer is drawn by a seed, and all that must hold of it whatever the server did. */
import { createFaultFuzz } from '../model/fault-fuzz.test-support.ts';
import { startFaultServer } from '../model/fault-server.test-support.ts';
import { createOpenAIModel } from '../model/openai.ts';
import { withToolMode } from '../model/tool-mode.ts';
import type { SessionEvent, SessionFile } from '../session/events.ts';
import { verifyTrees } from '../session/format/consistency.ts';
import { parseSessionText } from '../session/format/parse-session.ts';
import { createLog } from '../session/log.ts';
import { startSession } from '../session/start-session.ts';
import { foldEvents } from '../session/state/reducer.ts';
import type { Outcome } from '../session/values.ts';
import { DEFAULT_LIMITS } from './limits/limits.ts';
import { NativeSandbox } from './native-sandbox.test-support.ts';
import { replaySession } from './replay/replay.ts';
import { SUM_FILES, SUM_TASK } from './run.test-support.ts';
import { runAgent } from './run-agent.ts';

export const FUZZED_STRATEGIES = [
  'generate',
  'loop',
  'plan',
  'tree',
  'loop+review',
  'test-first',
  'loop+incremental',
  'tree+review',
  'plan+review',
] as const;
const MODES = ['auto', 'text', 'native'] as const;
/** Without prices, with prices that the server tells, with prices of the table. */
const HOSTS = [{}, { hostUrl: 'https://openrouter.ai/api/v1' }, { hostUrl: 'https://api.openai.com/v1' }] as const;
const KEY = 'sk-fuzz-9f8e7d6c5b4a39281706';
const LIMITS = { ...DEFAULT_LIMITS, steps: 20, attempts: 8, seconds: 12, tokens: 400_000, cost: 0.3 };
/** Seconds after its limit in which a run must have put everything away, also on a machine that has much to do. */
const GRACE = 60;
const task = { ...SUM_TASK, files: SUM_FILES };

export interface Fuzzed {
  /** What it was, and what the server did: for the message of a test that fails. */
  readonly story: string;
  readonly outcome: Outcome;
  readonly events: readonly SessionEvent[];
  /** What does not hold. */
  readonly problems: readonly string[];
}

export async function runFuzzed(seed: number): Promise<Fuzzed> {
  const count = FUZZED_STRATEGIES.length;
  const strategy = FUZZED_STRATEGIES[seed % count] ?? 'loop';
  const mode = MODES[Math.floor(seed / count) % MODES.length] ?? 'auto';
  const host = HOSTS[Math.floor(seed / 4) % HOSTS.length];
  const fuzz = createFaultFuzz(seed, { key: KEY });
  await using server = await startFaultServer(fuzz.handlerOf);
  const sandbox = await NativeSandbox.create(SUM_FILES);
  const log = createLog({ now: Date.now });
  startSession(log, task);
  const model = createOpenAIModel({
    model: 'gpt-4o',
    apiKey: KEY,
    baseUrl: server.baseUrl,
    ...host,
    retry: { delay: 1, patience: 1500 },
    timeouts: { firstToken: 0.4, silence: 0.3 },
  });
  const startedAt = Date.now();
  const outcome = await runAgent({
    task,
    log,
    state: foldEvents('s', log.events),
    sandbox,
    model: withToolMode(model, mode),
    strategy,
    limits: LIMITS,
    signal: new AbortController().signal,
    secrets: [KEY],
  });
  const seconds = (Date.now() - startedAt) / 1000;
  sandbox.dispose();
  const text = JSON.stringify({ format: 'fixpoint-session/1', id: 's', events: log.events });
  const file = parseSessionText(text);
  const problems = [
    ...(seconds > LIMITS.seconds + GRACE ? [`it took ${seconds} seconds`] : []),
    ...(text.includes(KEY) ? ['the key is in the log'] : []),
    ...problemsOfOutcome(outcome),
    ...problemsOfLog(file.events),
    ...(await problemsOfReplay(file)),
  ];
  const story = `seed ${seed}, ${strategy}, ${mode}, ${JSON.stringify(host)}\n${fuzz.trace.join('\n')}\n${outcome.explanation}`;
  return { story, outcome, events: file.events, problems };
}

function problemsOfOutcome({ explanation }: Outcome): string[] {
  const problems = explanation.trim() === '' ? ['no explanation'] : [];
  return /defect of it|undefined|\[object|\n\s+at |NaN/.test(explanation)
    ? [...problems, `no explanation for a person: ${explanation}`]
    : problems;
}

function problemsOfLog(events: readonly SessionEvent[]): string[] {
  const last = events.at(-1);
  if (last?.type !== 'run-finished') return [`the log ends with ${last?.type}`];
  const problems = verifyTrees(events).map(({ seq }) => `the tree of event ${seq} is another one`);
  const open = new Set<string>();
  for (const event of events) {
    if (event.type === 'tool-called') open.add(event.call);
    if (event.type === 'tool-finished') open.delete(event.call);
  }
  if (open.size > 0) problems.push(`calls without an end: ${[...open].join(', ')}`);
  const told = totalsOf(events);
  const { milliseconds: _, ...spent } = last.spent;
  const differs = Object.entries(spent).filter(([name, value]) => {
    const other = told[name as keyof typeof told];
    return value === null || other === null ? value !== other : Math.abs(value - other) > 1e-9;
  });
  return [
    ...problems,
    ...differs.map(([name, value]) => `${name}: ${value} were spent, the log tells of ${JSON.stringify(told)}`),
  ];
}

/** What the single events say was used. */
function totalsOf(events: readonly SessionEvent[]) {
  const replies = events.flatMap((event) =>
    event.type === 'model-replied' || (event.type === 'model-retried' && event.inputTokens !== undefined)
      ? [event]
      : [],
  );
  const sum = (values: readonly (number | undefined)[]) =>
    values.reduce<number>((total, value) => total + (value ?? 0), 0);
  const isPriced = replies.every(({ cost }) => cost !== undefined);
  return {
    steps: events.filter(({ type }) => type === 'step-started').length,
    attempts: events.filter(({ type }) => type === 'attempt-made').length,
    inputTokens: sum(replies.map(({ inputTokens }) => inputTokens)),
    outputTokens: sum(replies.map(({ outputTokens }) => outputTokens)),
    cost: isPriced ? sum(replies.map(({ cost }) => cost)) : null,
  };
}

async function problemsOfReplay(file: SessionFile): Promise<string[]> {
  const sandbox = await NativeSandbox.create();
  const { steps } = await replaySession(file, sandbox, { signal: new AbortController().signal });
  sandbox.dispose();
  return steps.flatMap(({ action, differences }) => differences.map((each) => `replay of ${action}: ${each}`));
}
