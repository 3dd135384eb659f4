import { describe, expect, it } from 'vitest';
import { createScriptedModel, type ScriptedReply } from '../model/scripted.ts';
import { SandboxLostError } from '../sandbox/sandbox.ts';
import { filesOf } from '../session/state/selectors.ts';
import { NativeSandbox } from './native-sandbox.test-support.ts';
import { fix, runScript as run, SUM_FILES, spoil, test } from './run.test-support.ts';

describe('runAgent', () => {
  it('solves a task and logs every step in order', async () => {
    const { outcome, state, lines } = await run([
      { calls: [test, ['read_file', { path: 'src/sum.js' }]] },
      { text: 'It subtracts.' },
      { calls: [fix, test] },
      { calls: [['finish', { summary: 'sum adds now' }]] },
    ]);
    expect(outcome).toEqual({ kind: 'solved', explanation: 'sum adds now' });
    expect(lines).toEqual([
      'run by scripted from 0',
      'command "node test/sum.test.js" -> 1',
      'verdict on 0: 2 failed',
      'step 1',
      'replied: run_tests, read_file',
      'called run_tests (verify)',
      'command "node test/sum.test.js" -> 1',
      'verdict on 0: 2 failed',
      'finished ok',
      'called read_file (read)',
      'finished ok',
      'step 2',
      'replied: It subtracts.',
      'told: The tests do not pass: 2 failed, 1 passed (exit code 1).\nGo on: call a tool. Call finish when the tests pass, or give_up with an explanation.',
      'step 3',
      'replied: edit_file, run_tests',
      'called edit_file (edit)',
      'changed src/sum.js',
      'finished ok',
      'called run_tests (verify)',
      'attempt 1 from 0',
      'command "node test/sum.test.js" -> 0',
      'verdict on 1: passed',
      'finished ok',
      'step 4',
      'replied: finish',
      'called finish (verify)',
      'finished ok',
      'run solved, best 1',
    ]);
    expect(state.head).toBe('1');
    expect(state.runs[0]?.start).toMatchObject({ line: 'node test/sum.test.js', exitCode: 1 });
    expect(filesOf(state, '1')['src/sum.js']).toBe('exports.sum = (a, b) => a + b;\n');
  });

  it('calls a change after a failed attempt a repair, and makes siblings after going back', async () => {
    const { state, lines } = await run([
      { calls: [spoil('a * b'), test] },
      { calls: [spoil('a - b', 'a * b'), spoil('a / b'), test] },
      { calls: [spoil('a - b', 'a / b'), ['give_up', { explanation: 'No idea.' }]] },
    ]);
    expect(lines.filter((text) => /edit_file \(|attempt|head|run /.test(text))).toEqual([
      'run by scripted from 0',
      'called edit_file (edit)',
      'attempt 1 from 0',
      'called edit_file (repair)',
      'called edit_file (repair)',
      'attempt 2 from 0',
      'called edit_file (repair)',
      'head 0',
      'run gave-up, best 0',
    ]);
    expect(state.head).toBe('0');
  });

  it('keeps edits that were never tested as a last attempt', async () => {
    const { state, lines } = await run([{ calls: [spoil('a * b'), ['give_up', { explanation: 'x' }]] }]);
    expect(lines.slice(-2)).toEqual(['attempt 1 from 0', 'run gave-up, best 0']);
    expect(filesOf(state, state.head)['src/sum.js']).toContain('a * b');
  });

  it('verifies before it finishes and refuses when the tests fail', async () => {
    const { outcome, results } = await run([
      { calls: [['finish', { summary: 'done' }]] },
      { calls: [fix, ['finish', { summary: 'done' }]] },
    ]);
    expect(outcome.kind).toBe('solved');
    expect(results[0]).toBe(
      'Not finished: the tests do not pass.\nThe files are as they were when the tests were run last: 2 failed, 1 passed (exit code 1).\nThese fail: "adds".',
    );
  });

  it('gives bad calls back to the model as errors', async () => {
    const call = (name: string, args: unknown): ScriptedReply => ({ calls: [[name, args]] });
    const { results, events } = await run([
      call('fly', {}),
      call('read_file', '{"path":'),
      call('read_file', { path: {} }),
      call('read_file', { path: '../secret' }),
      call('read_file', { path: '/etc/passwd' }),
      call('write_file', { path: '.env.local', content: '' }),
      call('write_file', { path: '.git/config', content: '' }),
      call('write_file', { path: './test/sum.test.js', content: '' }),
      call('edit_file', { path: 'src/sum.js', edits: [{ find: 'exports.sum = (a, b) => a % b', replace: '' }] }),
      call('give_up', { explanation: 'x' }),
    ]);
    const expected = [
      'There is no tool "fly"',
      'not valid JSON',
      'Wrong arguments for read_file',
      'leaves the project',
      'is absolute',
      'may hold secrets',
      'belongs to git',
      'is protected',
      'The nearest lines are:\n1: exports.sum = (a, b) => a - b;',
    ];
    for (const [index, text] of expected.entries()) expect(results[index]).toContain(text);
    expect(events.some(({ type }) => type === 'files-changed')).toBe(false);
  });

  it('logs what a command changes and undoes changes of protected files', async () => {
    // No reader of the line can tell what it writes.
    const writes = `require('fs').writeFileSync(process.argv[1], '')`;
    const command = `echo hi > notes.txt; node -e "${writes}" test/sum.test.js`;
    const {
      sandbox: box,
      lines,
      results,
    } = await run([{ calls: [['run_command', { command }]] }, { calls: [['give_up', { explanation: 'x' }]] }]);
    expect(lines).toContain(`command "${command}" -> 0 notes.txt`);
    expect(results[0]).toContain('Undone, because these files may not be changed: test/sum.test.js.');
    const { files } = await box.snapshot();
    expect(files['test/sum.test.js']).toBe(SUM_FILES['test/sum.test.js']);
    expect(files['notes.txt']).toBe('hi\n');
  });

  it('kills a command at its deadline', async () => {
    const { results } = await run([
      { calls: [['run_command', { command: 'node -e "while (true) {}"', seconds: 1 }]] },
      { calls: [['give_up', { explanation: 'x' }]] },
    ]);
    expect(results[0]).toContain('Killed after 1 seconds (exit code 124)');
  });

  it("kills a command, and the tests, at the run's own deadline where that is shorter", async () => {
    const script: ScriptedReply[] = [
      { calls: [['run_command', { command: 'sleep 40', seconds: 40 }]] },
      { calls: [['give_up', { explanation: 'x' }]] },
    ];
    const task = { test: 'sleep 40' };
    const { results, events } = await run(script, { limits: { commandSeconds: 0.3, testSeconds: 0.4 }, task });
    expect(results[0]).toContain('Killed after 0.3 seconds');
    const ends = events.flatMap((event) => (event.type === 'command-finished' ? [event.ended] : []));
    expect(ends.every((ended) => ended === 'timed-out')).toBe(true);
  });
});

describe('ends other than solved', () => {
  const endless = (): ScriptedReply => ({
    calls: [['list_files', {}]],
    usage: { inputTokens: 90, outputTokens: 10 },
    cost: 0.3,
  });
  it.each([
    [{ steps: 3 }, 'limit of 3 steps'],
    [{ tokens: 250 }, 'limit of 250 tokens was reached (300 used)'],
    [{ cost: 0.5 }, 'limit of $0.5 was reached ($0.6000 spent)'],
  ])('stops at %j', async (limits, reason) => {
    const { outcome, state } = await run(
      Array.from({ length: 9 }, () => endless),
      { limits },
    );
    expect(outcome.kind).toBe('limit-reached');
    expect(outcome.explanation).toContain(reason);
    expect(state.runs[0]?.outcome).toEqual(outcome);
  });

  it('names the best attempt and what still fails', async () => {
    const { outcome, state } = await run([{ calls: [test] }, { calls: [spoil('a * b || a'), test] }], {
      limits: { steps: 2 },
    });
    expect(outcome.explanation).toBe(
      'The limit of 2 steps was reached.\n\nThe best attempt is 1: 1 failed, 2 passed (exit code 1). Still failing:\n- adds',
    );
    expect(state.runs[0]?.best).toBe('1');
  });

  it('counts a green attempt as solved when the limit comes first', async () => {
    const { outcome } = await run([{ calls: [fix, test] }], { limits: { steps: 1 } });
    expect(outcome.kind).toBe('solved');
  });

  it('ends in mid-reply when the time is over', async () => {
    const never = () => new Promise<ScriptedReply>(() => undefined);
    const script = createScriptedModel([never]);
    const patient = {
      ...script,
      respond: (...[request, options]: Parameters<typeof script.respond>) =>
        Promise.race([
          script.respond(request, options),
          new Promise<never>((_, reject) =>
            options.signal.addEventListener('abort', () => reject(options.signal.reason)),
          ),
        ]),
    };
    const { outcome } = await run([], { model: patient, limits: { seconds: 0.2 } });
    expect(outcome.explanation).toContain('limit of 0.2 seconds');
  });

  it('gives up on a call that fails three times', async () => {
    const bad: ScriptedReply = { calls: [['read_file', { path: 'nothing.js' }]] };
    const { outcome } = await run([bad, bad, bad, bad]);
    expect(outcome).toMatchObject({ kind: 'gave-up' });
    expect(outcome.explanation).toContain('The same call of read_file failed 3 times.');
  });

  it('gives up on attempts that build on one another and help nothing', async () => {
    const script = ['a * 0', 'a * 1', 'a * 2', 'a * 3'].map((to, index, all): ScriptedReply => {
      return { calls: [spoil(to, all[index - 1]), test] };
    });
    const { outcome } = await run([{ calls: [test] }, ...script], { patience: 3 });
    expect(outcome.explanation).toContain('3 attempts in a row, each built on the last, made no test pass.');
  });

  it('gives up on a model that never acts', async () => {
    const { outcome } = await run([{ text: 'a' }, { text: 'b' }, { text: 'c' }]);
    expect(outcome.explanation).toContain('called no tool in 3 replies');
  });

  it('is stopped in the middle of a command', async () => {
    const controller = new AbortController();
    const { outcome, lines } = await run([{ calls: [['run_command', { command: 'echo up; sleep 60' }]] }], {
      signal: controller.signal,
      onOutput: (text) => {
        if (text === 'up\n') controller.abort();
      },
    });
    expect(outcome.kind).toBe('stopped');
    expect(lines.slice(-3)).toEqual(['command "echo up; sleep 60" -> 130', 'finished error', 'run stopped, best 0']);
  });

  it('waits at the gate, and a stop opens it', async () => {
    const controller = new AbortController();
    const asked: string[] = [];
    const { outcome, lines } = await run([{ calls: [['list_files', {}], test] }], {
      signal: controller.signal,
      gate: (call) => {
        asked.push(call.name);
        if (call.name === 'list_files') return Promise.resolve();
        queueMicrotask(() => controller.abort());
        return new Promise(() => undefined);
      },
    });
    expect(asked).toEqual(['list_files', 'run_tests']);
    expect(outcome.kind).toBe('stopped');
    expect(lines).not.toContain('called run_tests (verify)');
  });

  it('turns failures of the model and of the sandbox into an outcome', async () => {
    expect((await run([])).outcome).toMatchObject({
      kind: 'failed',
      explanation: expect.stringContaining('The model failed:'),
    });
    const lost = await NativeSandbox.create(SUM_FILES);
    lost.run = () => Promise.reject(new SandboxLostError('gone'));
    lost.reboot = () => Promise.reject(new SandboxLostError('gone for good'));
    const { outcome, events } = await run([{ calls: [test] }], { sandbox: lost });
    expect(outcome.explanation).toContain('The sandbox was lost: gone for good');
    expect(events.at(-1)).toMatchObject({ type: 'run-finished' });
  });

  it('goes on in a sandbox that was lost in mid-command and booted again', async () => {
    const sandbox = await NativeSandbox.create(SUM_FILES);
    const execute = sandbox.run.bind(sandbox);
    sandbox.run = () => {
      sandbox.run = execute;
      return Promise.reject(new SandboxLostError('It ran out of memory.'));
    };
    const { outcome, events } = await run([{ calls: [test] }, { calls: [test] }], { sandbox });
    const exits = events.flatMap((event) => (event.type === 'command-finished' ? [event.exitCode] : []));
    expect(exits).toEqual([137, 1, 1]);
    expect(outcome.kind).toBe('failed');
    expect(outcome.explanation).toContain('The model failed');
  });

  it('says so when Fixpoint itself fails', async () => {
    const broken = () => {
      throw new RangeError('a bug');
    };
    const { outcome, events } = await run([broken]);
    expect(outcome).toMatchObject({ kind: 'failed', explanation: expect.stringContaining('RangeError: a bug') });
    expect(events.at(-1)).toMatchObject({ type: 'run-finished', outcome });
  });

  it('says when most tests were skipped, to the model and to a person', async () => {
    const script = "console.log('1..3\\nok 1 - a\\nok 2 - b # SKIP\\nok 3 - c # SKIP');\n";
    const files = { ...SUM_FILES, 'test/sum.test.js': script };
    const { outcome, model, sandbox } = await run([{ calls: [fix] }, { calls: [['finish', {}]] }], { files });
    sandbox.dispose();
    expect(JSON.stringify(model.requests[0])).toContain('Most tests are skipped');
    expect(outcome).toEqual({
      kind: 'solved',
      explanation: 'The tests pass.\n\nOnly some of the tests were run: 0 failed, 1 passed, 2 skipped (exit code 0).',
    });
  });
});
