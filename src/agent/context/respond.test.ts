import { afterEach, describe, expect, it } from 'vitest';
import {
  ContextOverflowError,
  type Model,
  ModelError,
  type ModelReply,
  type RespondOptions,
} from '../../model/model.ts';
import type { Files } from '../../session/files.ts';
import { parseSessionText } from '../../session/format/parse-session.ts';
import { createLog } from '../../session/log.ts';
import { startSession } from '../../session/start-session.ts';
import { foldEvents } from '../../session/state/reducer.ts';
import { DEFAULT_LIMITS } from '../limits/limits.ts';
import { NativeSandbox } from '../native-sandbox.test-support.ts';
import { runAgent } from '../run-agent.ts';

const LONG = 'one two three four five six seven eight nine ten '.repeat(200);
const FILES: Files = { 'package.json': '{}', 'book.txt': LONG.replaceAll(' six ', ' six\n') };
const TASK = {
  name: 't',
  title: 'T',
  goal: 'Do it.',
  test: 'true',
  level: 'starter',
  editable: [],
  protected: [],
  hints: [],
  files: FILES,
} as const;

let sandbox: NativeSandbox | null = null;
afterEach(() => sandbox?.dispose());

type Answer = (asked: { readonly size: number; readonly options: RespondOptions }) => ModelReply;

/** A run whose model answers with these in order, each told how many characters it was sent. */
async function run(answers: readonly Answer[], contextWindow?: Model['contextWindow']) {
  sandbox = await NativeSandbox.create(FILES);
  const log = createLog({ now: () => 0 });
  startSession(log, TASK, { files: FILES });
  const sizes: number[] = [];
  const said: string[] = [];
  const model: Model = {
    name: 'test',
    ...(contextWindow ? { contextWindow } : {}),
    respond: async ({ messages }, options) => {
      const size = JSON.stringify(messages).length;
      said.push(messages.at(-1)?.content ?? '');
      sizes.push(size);
      const answer = answers[sizes.length - 1];
      if (!answer) throw new ModelError('The script is over.');
      return answer({ size, options });
    },
  };
  const state = foldEvents('s', log.events);
  const signal = new AbortController().signal;
  const outcome = await runAgent({
    task: TASK,
    log,
    state,
    sandbox,
    model,
    strategy: 'loop',
    limits: DEFAULT_LIMITS,
    signal,
  });
  // What a run logs can be stored and read again.
  const file = parseSessionText(JSON.stringify({ format: 'fixpoint-session/1', id: 's', events: log.events }));
  expect(file.events).toEqual(log.events);
  return { outcome, sizes, said, events: log.events, run: foldEvents('s', log.events).runs[0] };
}

const reads =
  (id: number): Answer =>
  () => ({
    message: {
      role: 'assistant',
      content: '',
      toolCalls: [{ id: `c${id}`, name: 'read_file', arguments: '{"path":"book.txt"}' }],
    },
    cost: 0,
  });
const says =
  (text: string, more: Partial<ModelReply> = {}): Answer =>
  () => ({ message: { role: 'assistant', content: text, toolCalls: [] }, cost: 0, ...more });

describe('a reply in a run', () => {
  it('shows each try that failed, with what it cost', async () => {
    const retried: Answer = ({ options }) => {
      options.onRetry?.({ reason: 'Too busy.', waitMilliseconds: 20 });
      options.onRetry?.({
        reason: 'Empty.',
        waitMilliseconds: 40,
        usage: { inputTokens: 7, outputTokens: 2 },
        cost: 0.5,
      });
      return {
        message: { role: 'assistant', content: 'x', toolCalls: [] },
        usage: { inputTokens: 10, outputTokens: 1, estimated: true },
        cost: 1,
      };
    };
    const { run: folded, events } = await run([retried, says('y'), says('z')]);
    expect(events.filter(({ type }) => type === 'model-retried')).toMatchObject([
      { step: 1, reason: 'Too busy.', waitMilliseconds: 20 },
      { step: 1, reason: 'Empty.', waitMilliseconds: 40, inputTokens: 7, outputTokens: 2, cost: 0.5 },
    ]);
    expect(folded?.steps[0]?.retries.map(({ reason }) => reason)).toEqual(['Too busy.', 'Empty.']);
    expect(folded?.spent).toMatchObject({ inputTokens: 17, outputTokens: 3, cost: 1.5 });
    expect(events.find(({ type }) => type === 'model-replied')).toMatchObject({ estimated: true });
  });

  it('is followed by what was wrong with it, after the results of its calls', async () => {
    const {
      said,
      outcome,
      run: folded,
    } = await run([
      (asked) => ({ ...reads(1)(asked), correction: 'You were cut off.' }),
      says('a', { correction: 'Empty.' }),
      says('b'),
      says('c'),
    ]);
    expect(said.slice(1, 4)).toEqual(['You were cut off.', 'Empty.', expect.stringContaining('call a tool')]);
    expect(folded?.steps[0]).toMatchObject({ correction: 'You were cut off.', calls: [{ status: 'ok' }] });
    expect(outcome.kind).toBe('gave-up');
  });

  it('is asked for with a conversation that fits the window', async () => {
    const answers = [...Array.from({ length: 12 }, (_, id) => reads(id)), says('a'), says('b'), says('c')];
    const window = { tokens: 12_000, source: 'server' } as const;
    const { sizes, run: folded, events } = await run(answers, () => Promise.resolve(window));
    expect(Math.max(...sizes)).toBeLessThan(60_000);
    const compacted = events.filter((event) => event.type === 'context-compacted');
    expect(compacted.length).toBeGreaterThan(0);
    for (const event of compacted) {
      expect(event.window).toEqual(window);
      expect(event.after.tokens).toBeLessThan(event.before.tokens);
    }
    expect(folded?.steps.flatMap(({ compactions }) => compactions)).toHaveLength(compacted.length);
  });

  it('is asked for again, with less, when the server refuses what is too long', async () => {
    const refuses: Answer = () => {
      throw new ContextOverflowError('Too long: at most 5000 tokens.', 5000);
    };
    const { sizes, events, outcome } = await run([reads(1), reads(2), refuses, says('a'), says('b'), says('c')]);
    expect(sizes[3]).toBeLessThan(sizes[2]! * 0.7);
    expect(events.filter(({ type }) => type === 'context-compacted')).toHaveLength(1);
    expect(outcome.kind).toBe('gave-up');
    const never = await run([reads(1), ...Array.from({ length: 9 }, () => refuses)]);
    expect(never.outcome).toMatchObject({ kind: 'failed', explanation: expect.stringContaining('Too long') });
    expect(never.sizes).toHaveLength(6);
  });
});
