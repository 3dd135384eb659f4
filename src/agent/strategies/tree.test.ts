import { afterEach, describe, expect, it } from 'vitest';
import { type Model, ModelError } from '../../model/model.ts';
import { createRecordedModel } from '../../model/recorded.ts';
import { createScriptedModel, type ScriptedModel, type ScriptedReply } from '../../model/scripted.ts';
import type { SessionEvent, SessionFile } from '../../session/events.ts';
import { verifyTrees } from '../../session/format/consistency.ts';
import { parseSessionText } from '../../session/format/parse-session.ts';
import { createLog } from '../../session/log.ts';
import { foldEvents } from '../../session/state/reducer.ts';
import { attemptTree, filesOf } from '../../session/state/selectors.ts';
import { hashTree } from '../../session/tree.ts';
import { createCast } from '../cast.test-support.ts';
import { DEFAULT_LIMITS } from '../limits/limits.ts';
import { NativeSandbox } from '../native-sandbox.test-support.ts';
import { replaySession } from '../replay/replay.ts';
import { SUM_TASK, spoil, test } from '../run.test-support.ts';
import { type RunAgentOptions, runAgent } from '../run-agent.ts';

const FILES = {
  'src/sum.js': 'exports.sum = (a, b) => a - b;\n',
  'test/sum.test.js':
    "const { sum } = require('../src/sum.js');\n" +
    'const results = [[1, 2, 3], [2, 2, 4], [5, 0, 5]].map(([a, b, c]) => sum(a, b) === c);\n' +
    "console.log('1..3');\n" +
    "for (const ok of results) console.log(ok ? 'ok - adds' : 'not ok - adds');\n" +
    'process.exitCode = results.every(Boolean) ? 0 : 1;\n',
};
const TASK = SUM_TASK;
const change = spoil;
const done = (summary: string): ScriptedReply => ({ calls: [['finish', { summary }]] });
const giveUp = (explanation: string): ScriptedReply => ({ calls: [['give_up', { explanation }]] });

const sandboxes: NativeSandbox[] = [];
afterEach(() => {
  for (const sandbox of sandboxes.splice(0)) sandbox.dispose();
});
async function openSandbox(files = {}): Promise<NativeSandbox> {
  const sandbox = await NativeSandbox.create(files);
  sandboxes.push(sandbox);
  return sandbox;
}

interface Setup extends Partial<Omit<RunAgentOptions, 'limits'>> {
  limits?: Partial<RunAgentOptions['limits']>;
}

async function run(model: Model, setup: Setup = {}) {
  const sandbox = await openSandbox(FILES);
  const log = createLog({ now: () => 0 });
  log.append({ type: 'session-started', task: TASK, files: FILES, tree: hashTree(FILES), attempt: '0' });
  const outcome = await runAgent({
    task: TASK,
    log,
    state: foldEvents('s', log.events),
    sandbox,
    model,
    strategy: 'tree',
    signal: new AbortController().signal,
    ...setup,
    limits: { ...DEFAULT_LIMITS, ...setup.limits },
  });
  const file: SessionFile = { format: 'fixpoint-session/1', id: 's', events: log.events };
  expect(parseSessionText(JSON.stringify(file))).toEqual(file);
  expect(verifyTrees(log.events)).toEqual([]);
  return { outcome, events: log.events, file, state: foldEvents('s', log.events), sandbox };
}

async function replay(file: SessionFile): Promise<readonly string[]> {
  const report = await replaySession(file, await openSandbox(), { signal: new AbortController().signal });
  expect(report.steps.length).toBeGreaterThan(1);
  return report.steps.flatMap(({ action, differences }) => differences.map((each) => `${action}: ${each}`));
}

const branchEnds = (events: readonly SessionEvent[]) =>
  events.flatMap((event) => (event.type === 'branch-ended' ? [[event.branch, event.attempt, event.kept]] : []));

describe('tree', () => {
  const THREE = {
    'round-1-candidate-1': [{ calls: [change('a * b'), test] }, giveUp('It does not multiply.')],
    'round-1-candidate-2': [{ calls: [change('a + b'), test] }, done('It adds now.')],
    'round-1-candidate-3': [{ calls: [change('b - a'), test] }, giveUp('The order was right.')],
  };

  it('keeps the candidate whose tests pass, and verifies it where nothing else runs', async () => {
    const { outcome, events, file, state, sandbox } = await run(createCast(THREE));
    expect(outcome).toEqual({ kind: 'solved', explanation: 'It adds now.' });
    const kept = branchEnds(events).filter(([, , isKept]) => isKept);
    expect(kept).toHaveLength(1);
    expect(kept[0]?.[0]).toBe('round-1-candidate-2');
    expect(state.head).toBe(kept[0]?.[1]);
    expect(filesOf(state, state.head)['src/sum.js']).toBe('exports.sum = (a, b) => a + b;\n');
    expect((await sandbox.snapshot()).files).toEqual(filesOf(state, state.head));
    expect(attemptTree(state)?.children).toHaveLength(3);
    const verdicts = events.filter((event) => event.type === 'verdict-reached' && event.branch === undefined);
    expect(verdicts).toMatchObject([{ attempt: '0' }, { attempt: state.head, verdict: { passed: true } }]);
    expect(await replay(file)).toEqual([]);
  });

  it('tells once that the price is unknown, whatever many candidates ask at once', async () => {
    const cast = createCast(THREE);
    const unpriced: Model = {
      ...cast,
      forConversation: (role, branch) => {
        const speaker = cast.forConversation?.(role, branch) ?? cast;
        return {
          name: 'unpriced',
          respond: async (request, options) => {
            const { cost: _, ...reply } = await speaker.respond(request, options);
            return reply;
          },
        };
      },
    };
    const { events } = await run(unpriced);
    expect(events.filter(({ type }) => type === 'limit-unwatched')).toHaveLength(1);
  });

  it('lets the candidates work at the same time', async () => {
    let here = 0;
    const everybody = Promise.withResolvers<void>();
    const meet = async (reply: ScriptedReply) => {
      here += 1;
      if (here === 3) everybody.resolve();
      await everybody.promise;
      return reply;
    };
    const cast = createCast({
      'round-1-candidate-1': [() => meet({ calls: [test] }), giveUp('')],
      'round-1-candidate-2': [() => meet({ calls: [change('a + b')] }), done('')],
      'round-1-candidate-3': [() => meet({ calls: [test] }), giveUp('')],
    });
    expect((await run(cast)).outcome.kind).toBe('solved');
  });

  it('gives the failures of a round to the next, which begins with the best candidate', async () => {
    const better = 'a * b || a';
    const cast = createCast({
      'round-1-candidate-1': [{ calls: [change('a % b'), test] }, giveUp('No remainder.')],
      'round-1-candidate-2': [{ calls: [change(better), test] }, giveUp('Two of three.')],
      'round-2-candidate-1': [{ calls: [change('a + b', better), test] }, done('It adds.')],
      'round-2-candidate-2': [giveUp('')],
    });
    const { outcome, state, file } = await run(cast, { candidates: 2 });
    expect(outcome.kind).toBe('solved');
    const second = cast.speakers['round-2-candidate-1'] as ScriptedModel;
    const opening = second.requests[0]?.messages[1]?.content ?? '';
    expect(opening).toContain('Candidate 1, whose change is not in your files.');
    expect(opening).toContain('+exports.sum = (a, b) => a % b;');
    expect(opening).toContain('No remainder.');
    expect(opening).toContain('Candidate 2, which was kept: you begin with its files.');
    expect(opening).toContain('You are candidate 1 of 2.');
    expect(state.runs[0]?.branches.map(({ name, kept }) => [name, kept])).toEqual([
      ['round-1-candidate-1', false],
      ['round-1-candidate-2', true],
      ['round-2-candidate-1', true],
      ['round-2-candidate-2', false],
    ]);
    expect(await replay(file)).toEqual([]);
  });

  it('makes two attempts of equal files in two branches, and takes the first of equals', async () => {
    const cast = createCast({
      'round-1-candidate-1': [
        { calls: [change('b + a // long'), change('a + b', 'b + a // long'), test] },
        done('one'),
      ],
      'round-1-candidate-2': [{ calls: [change('a + b'), test] }, done('two')],
    });
    const { outcome, state, file } = await run(cast, { candidates: 2 });
    expect(outcome.kind).toBe('solved');
    const made = state.order.slice(1).map((id) => state.attempts[id]);
    expect(made.map((attempt) => attempt?.parent)).toEqual(['0', '0']);
    expect(new Set(made.map((attempt) => attempt?.tree)).size).toBe(1);
    expect(made.map((attempt) => attempt?.branch).sort()).toEqual(['round-1-candidate-1', 'round-1-candidate-2']);
    expect(state.attempts[state.head]?.branch).toBe('round-1-candidate-1');
    expect(await replay(file)).toEqual([]);
  });

  it('takes the smaller change of two that pass', async () => {
    const cast = createCast({
      'round-1-candidate-1': [{ calls: [change('a + b;\n// one\n// two'), test] }, done('wordy')],
      'round-1-candidate-2': [{ calls: [change('a + b'), test] }, done('terse')],
    });
    const { state } = await run(cast, { candidates: 2 });
    expect(filesOf(state, state.head)['src/sum.js']).toBe('exports.sum = (a, b) => a + b;\n');
  });

  it('goes on when one model fails, and fails when all do', async () => {
    const broken: Model = { name: 'broken', respond: () => Promise.reject(new ModelError('No answer.')) };
    const one = createCast({
      'round-1-candidate-1': broken,
      'round-1-candidate-2': [{ calls: [change('a + b')] }, done('It adds.')],
    });
    expect((await run(one, { candidates: 2 })).outcome.kind).toBe('solved');
    const all = createCast({ 'round-1-candidate-1': broken, 'round-1-candidate-2': broken });
    const { outcome, events } = await run(all, { candidates: 2 });
    expect(outcome).toMatchObject({ kind: 'failed', explanation: expect.stringContaining('No answer.') });
    expect(branchEnds(events)).toHaveLength(2);
  });

  it('stops at once, with every branch ended and every change kept as an attempt', async () => {
    const stop = new AbortController();
    const hang = (): Promise<ScriptedReply> =>
      new Promise((_, reject) => stop.signal.addEventListener('abort', () => reject(stop.signal.reason)));
    const cast = createCast({
      'round-1-candidate-1': [{ calls: [change('a * b')] }, hang],
      'round-1-candidate-2': [{ calls: [change('a / b')] }, hang],
    });
    const ran = run(cast, {
      candidates: 2,
      signal: stop.signal,
      gate: async () => void setTimeout(() => stop.abort(new Error('stopped')), 50),
    });
    const { outcome, events, state, file } = await ran;
    expect(outcome.kind).toBe('stopped');
    expect(branchEnds(events).map(([, , kept]) => kept)).toEqual([false, false]);
    expect(state.order.length).toBeGreaterThanOrEqual(1);
    expect(await replay(file)).toEqual([]);
  });

  it('ends at a limit with the best candidate, and solved when that one passes', async () => {
    const cast = createCast({
      'round-1-candidate-1': [{ calls: [change('a + b'), test] }, done('It adds.')],
      'round-1-candidate-2': Array.from({ length: 9 }, () => ({
        calls: [test],
        usage: { inputTokens: 90, outputTokens: 10 },
      })),
    });
    expect((await run(cast, { candidates: 2, limits: { tokens: 300 } })).outcome.kind).toBe('solved');
    const partly = createCast({
      'round-1-candidate-1': [{ calls: [change('a * b || a'), test] }, { calls: [test] }, { calls: [test] }],
      'round-1-candidate-2': [giveUp('')],
    });
    const { outcome, state } = await run(partly, { candidates: 2, limits: { steps: 4 } });
    expect(outcome.kind).toBe('limit-reached');
    expect(outcome.explanation).toContain('1 failed, 2 passed');
    expect(filesOf(state, state.head)['src/sum.js']).toContain('a * b || a');
  });

  it('gives up after two rounds that bring nothing', async () => {
    const names = [1, 2].flatMap((round) => [1, 2].map((number) => `round-${round}-candidate-${number}`));
    const cast = createCast(Object.fromEntries(names.map((name) => [name, [giveUp('No idea.')]])));
    const { outcome } = await run(cast, { candidates: 2 });
    expect(outcome.kind).toBe('gave-up');
    expect(outcome.explanation).toContain('2 rounds of 2 candidates were tried');
  });

  it('has its winner reviewed, and goes on from it with what the reviewer objects to', async () => {
    const cast = createCast({
      'round-1-candidate-1': [{ calls: [change('a + b + 0'), test] }, done('It adds nothing, too.')],
      'round-2-candidate-1': [{ calls: [change('a + b', 'a + b + 0'), test] }, done('It adds.')],
    });
    const reviews = [false, true].map((approved): ScriptedReply => {
      return { calls: [['give_review', { approved, comments: approved ? 'Right.' : 'Why + 0?' }]] };
    });
    const { outcome, state, file } = await run(cast, {
      strategy: 'tree+review',
      candidates: 1,
      models: { reviewer: createScriptedModel(reviews) },
    });
    expect(outcome).toEqual({ kind: 'solved', explanation: 'It adds.' });
    const second = cast.speakers['round-2-candidate-1'] as ScriptedModel;
    expect(second.requests[0]?.messages[1]?.content).toContain('Why + 0?');
    expect(state.runs[0]?.reviews.map(({ approved }) => approved)).toEqual([false, true]);
    expect(filesOf(state, state.head)['src/sum.js']).toBe('exports.sum = (a, b) => a + b;\n');
    expect(await replay(file)).toEqual([]);
  });

  it('is said again by a recording, whatever the order', async () => {
    const { file } = await run(createCast(THREE));
    const again = await run(createRecordedModel(file));
    expect(again.outcome).toEqual({ kind: 'solved', explanation: 'It adds now.' });
  });
});
