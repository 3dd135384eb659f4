import { describe, expect, it } from 'vitest';
import type { ScriptedReply } from '../../model/scripted.ts';
import { createScriptedModel } from '../../model/scripted.ts';
import type { Ask, Person } from '../person.ts';
import { type RunSetup, replayDifferences, runScript } from '../run.test-support.ts';

const FILE = 'test/mean.test.js';
const HEAD =
  "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { mean } from '../src/mean.js';\n";
const WRONG = 'assert.equal(mean([1, 2, 3, 6]), 4)';
const RIGHT = 'assert.equal(mean([1, 2, 3, 6]), 3)';
const files = {
  'package.json': '{"type":"module"}',
  'src/mean.js': 'export const mean = () => 0;\n',
  'test/none.test.js': `${HEAD}test('is a function', () => assert.equal(typeof mean, 'function'));\n`,
};
const task = { title: 'Mean', goal: 'mean is the arithmetic mean.', test: 'node --test', protected: [] };
const tests: ScriptedReply = {
  calls: [
    [
      'write_file',
      {
        path: FILE,
        content: `${HEAD}test('of four', () => ${WRONG});\ntest('of one', () => assert.equal(mean([5]), 5));\n`,
      },
    ],
    ['propose_tests', { summary: 'The mean of four and of one.' }],
  ],
};
const code: ScriptedReply = {
  calls: [
    [
      'write_file',
      {
        path: 'src/mean.js',
        content: 'export const mean = (all) => all.reduce((sum, each) => sum + each, 0) / all.length;\n',
      },
    ],
  ],
};
const object = (over: object = {}): ScriptedReply => ({
  calls: [
    ['object_to_test', { test: 'of four', path: FILE, reason: '12 / 4 is 3.', find: WRONG, replace: RIGHT, ...over }],
  ],
});
const finish: ScriptedReply = { calls: [['finish', { summary: 'Mean.' }]] };

const run = (script: readonly ScriptedReply[], setup: RunSetup = {}) =>
  runScript(script, { task, files, strategy: 'test-first', ...setup });
const decisions = ({ events }: Awaited<ReturnType<typeof run>>) =>
  events.flatMap((event) =>
    event.type === 'permission-decided' && event.what.startsWith('change the approved test')
      ? [`${event.decision} by ${event.by}`]
      : [],
  );

describe('an objection to an approved test', () => {
  it('is decided by the person, who sees the correction; the corrected test is protected again', async () => {
    const asks: Ask[] = [];
    const person: Person = {
      approve: async (ask) => {
        asks.push(ask);
        return asks.length === 2 ? { decision: 'no', reason: 'Look at the median.' } : { decision: 'once' };
      },
      answer: async () => '',
    };
    const after: ScriptedReply = { calls: [['write_file', { path: FILE, content: '' }]] };
    const ran = await run([tests, code, object(), object(), after, finish], { person });
    expect(ran.outcome, ran.results.join('\n')).toEqual({ kind: 'solved', explanation: 'Mean.' });
    expect(decisions(ran)).toEqual(['denied by person', 'allowed by person']);
    expect(ran.results[3]).toContain('Not granted by the person: Look at the median.');
    expect(asks[1]?.reasons[0]).toContain('12 / 4 is 3.');
    expect(asks[1]?.changes[0]?.after).toContain(RIGHT);
    expect(ran.results[5]).toContain('is protected');
    expect(await replayDifferences(ran)).toEqual([]);
  });

  it('is decided by the reviewer where no person is there', async () => {
    const reviewer = createScriptedModel([
      { calls: [['give_review', { approved: true, comments: 'The mean of 12 in four is 3.' }]] },
    ]);
    const ran = await run([tests, code, object(), finish], { models: { reviewer } });
    expect(ran.outcome.kind, ran.results.join('\n')).toBe('solved');
    expect(decisions(ran)).toEqual(['allowed by reviewer']);
    expect(reviewer.requests[0]?.messages[1]?.content).toContain(`+test('of four', () => ${RIGHT})`);
    expect(await replayDifferences(ran)).toEqual([]);
  });

  it('ends the run with its reason where nobody can decide, and is said twice', async () => {
    const ran = await run([tests, code, object(), object()]);
    expect(ran.results[3]).toContain('call object_to_test again');
    expect(ran.outcome.kind).toBe('gave-up');
    expect(ran.outcome.explanation).toContain('The approved test "of four" is wrong');
    expect(ran.outcome.explanation).toContain('12 / 4 is 3.');
    expect(decisions(ran)).toEqual(['denied by default', 'denied by default']);
  });

  it('is refused where it names no new test, does not fit, or leaves tests that prove nothing', async () => {
    const nothing = object({
      find: `test('of four', () => ${WRONG});\ntest('of one', () => assert.equal(mean([5]), 5));\n`,
      replace: "test('of four', () => assert.equal(mean([0]), 0));\n",
    });
    const ran = await run([
      tests,
      object({ path: 'test/none.test.js' }),
      object({ test: 'is a function' }),
      object({ find: 'assert.equal(mean([7]), 7)' }),
      nothing,
      { calls: [['give_up', { explanation: 'Enough.' }]] },
    ]);
    expect(ran.results[2]).toContain('is none of the new tests');
    expect(ran.results[3]).toContain('There is no new test "is a function"');
    expect(ran.results[4]).toMatch(/not found|0 matches|does not occur/i);
    expect(ran.results[5]).toContain('they would prove nothing');
    expect(decisions(ran)).toEqual([]);
  });

  it('ends the run after three that were not granted', async () => {
    const person: Person = {
      approve: async ({ what }) =>
        what.startsWith('change') ? { decision: 'no', reason: 'It is right.' } : { decision: 'once' },
      answer: async () => '',
    };
    const ran = await run([tests, code, object(), object(), object()], { person });
    expect(ran.outcome.kind).toBe('gave-up');
    expect(ran.outcome.explanation).toContain('The person did not agree, 3 times. At last: It is right.');
  });
});
