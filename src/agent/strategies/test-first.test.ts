import { describe, expect, it } from 'vitest';
import type { ScriptedReply } from '../../model/scripted.ts';
import type { Ask, Person } from '../person.ts';
import { type RunSetup, replayDifferences, runScript } from '../run.test-support.ts';
import { readTask } from '../task-folder.test-support.ts';

const task = { ...readTask('durations'), test: 'node --test' };
const { files, hidden = {}, solution = {} } = task;
const NEW = 'test/weeks.test.js';
const write = (path: string, content: unknown) => ['write_file', { path, content }] as const;
const propose: ScriptedReply = { calls: [['propose_tests', { summary: 'Weeks and days; what is no duration.' }]] };
const tests: ScriptedReply = { calls: [write(NEW, hidden[NEW])] };
const code: ScriptedReply = { calls: Object.entries(solution).map(([path, content]) => write(path, content)) };
const finish: ScriptedReply = { calls: [['finish', { summary: 'Weeks.' }]] };

const run = (script: readonly ScriptedReply[], setup: RunSetup = {}) =>
  runScript(script, { task, files, strategy: 'test-first', ...setup });

describe('test-first', () => {
  it('writes tests that fail on the old code, protects them, then the code', async () => {
    const ran = await run([
      { calls: [write('src/parse.js', ''), write('test/durations.test.js', '')] },
      tests,
      propose,
      { calls: [write(NEW, ''), ...(code.calls ?? [])] },
      finish,
    ]);
    expect(ran.outcome).toEqual({ kind: 'solved', explanation: 'Weeks.' });
    expect(ran.results[0]).toContain('Only tests are written now: "src/parse.js" is no test\'s place');
    expect(ran.results[1]).toContain('"test/durations.test.js" was there before');
    expect(ran.results[3]).toMatch(/^Approved, and protected from now on\. 13 fail, as they must\.\n1 new tests pass/);
    expect(ran.results[4]).toContain(`"${NEW}" is protected`);
    const decided = ran.events.find((event) => event.type === 'permission-decided' && event.action === 'tests');
    expect(decided).toMatchObject({ action: 'tests', decision: 'allowed', by: 'default' });
    const counts = ran.events.flatMap((event) => (event.type === 'verdict-reached' ? [event.verdict.counts] : []));
    expect(counts.map((count) => [count?.passed, count?.failed])).toEqual([
      [6, 0],
      [7, 13],
      [20, 0],
    ]);
    expect(ran.model.requests[3]?.messages[1]?.content).toContain('- weeks and days > are read');
    expect(await replayDifferences(ran)).toEqual([]);
  });

  it('says which tests prove nothing, and takes none that do not fail', async () => {
    const one = (body: string) =>
      "import assert from 'node:assert/strict';\nimport { it } from 'node:test';\nimport { parse } from '../src/parse.js';\n" +
      body;
    const known = "it('reads seconds', () => assert.equal(parse('5s'), 5));\n";
    const wanted = "it('reads days', () => assert.equal(parse('1d'), 86400));\n";
    const ran = await run([
      propose,
      {
        calls: [write(NEW, one(known)), write(NEW, 'it('), ['propose_tests', { summary: '' }], write(NEW, one(known))],
      },
      propose,
      { calls: [write(NEW, one(known + wanted))] },
      propose,
      { calls: [['give_up', { explanation: 'Enough.' }]] },
    ]);
    expect(ran.results[0]).toBe('There are no new tests: write them into a new file first.');
    expect(ran.results[3]).toContain(`${NEW} cannot be read as code, line 1`);
    expect(ran.results[5]).toMatch(/^Not proposed: no new test fails on the code as it is/);
    expect(ran.results[7]).toContain(
      '1 new tests pass on the code as it is and prove nothing of what is new: "reads seconds".',
    );
    expect(ran.outcome.kind).toBe('gave-up');
    expect(ran.outcome.explanation).toContain('Still failing:\n- reads days');
  });

  it('asks again where the tests do not load, unless the goal names what is missing', async () => {
    const importing = (path: string) =>
      `import assert from 'node:assert/strict';\nimport { it } from 'node:test';\nimport { parse } from '${path}';\n` +
      "it('reads days', () => assert.equal(parse('1d'), 86400));\n";
    const giveUp: ScriptedReply = { calls: [['give_up', { explanation: 'Enough.' }]] };
    const wrong: ScriptedReply = { calls: [write(NEW, importing('../src/parze.js'))] };
    const ran = await run([wrong, propose, { calls: [write(NEW, importing('../src/parse.js'))] }, propose, giveUp]);
    expect(ran.results[1]).toMatch(/^Not proposed: no test ran, since the file does not load: .*parze\.js/);
    expect(ran.results[3]).toMatch(/^Approved/);
    const insisting = await run([wrong, propose, propose, giveUp]);
    expect(insisting.results[2]).toMatch(/^Approved/);
    const wanted = await run([wrong, propose, giveUp], { task: { ...task, goal: 'Add src/parze.js.' } });
    expect(wanted.results[1]).toMatch(/^Approved/);
  });

  it('shows the tests to the person, who may say no and why', async () => {
    const asks: Ask[] = [];
    const person: Person = {
      approve: async (ask) => {
        asks.push(ask);
        return asks.length === 1 ? { decision: 'no', reason: 'Test blanks, too.' } : { decision: 'once' };
      },
      answer: async () => '',
    };
    const ran = await run([tests, propose, propose, code, finish], { person });
    expect(ran.outcome.kind).toBe('solved');
    expect(ran.results[1]).toBe('Not approved: Test blanks, too.\nChange the tests, and propose them again.');
    expect(asks[0]?.changes).toEqual([{ path: NEW, before: null, after: hidden[NEW] }]);
    const decisions = ran.events.flatMap((event) => (event.type === 'permission-decided' ? [event.decision] : []));
    expect(decisions).toEqual(['denied', 'allowed']);
  });

  it('runs the new tests also where the test command names its files', async () => {
    const ran = await run([tests, propose, finish, code, finish], {
      task: { ...task, test: 'node --test test/durations.test.js' },
    });
    expect(ran.outcome.kind).toBe('solved');
    expect(ran.results.find((result) => result.startsWith('Not finished'))).toContain('weeks and days');
    const commands = ran.events.flatMap((event) => (event.type === 'command-finished' ? [event.command] : []));
    expect(commands.at(-1)).toMatch(/^node --test test\/durations\.test\.js && node .*test\/weeks\.test\.js$/);
    expect(await replayDifferences(ran)).toEqual([]);
  });
});
