import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Model } from '../model/model.ts';
import { createScriptedModel, type ScriptedReply } from '../model/scripted.ts';
import { SandboxLostError } from '../sandbox/sandbox.ts';
import type { SessionEvent } from '../session/events.ts';
import { diffFiles } from '../session/tree.ts';
import { NativeSandbox } from './native-sandbox.test-support.ts';
import { fix, replayDifferences, runScript as run, type Script, SUM_FILES, spoil, test } from './run.test-support.ts';

const list = ['list_files', {}] as const;
const giveUp = ['give_up', { explanation: 'x' }] as const;
const undoneIn = (events: readonly SessionEvent[]) =>
  events.flatMap((event) => (event.type === 'changes-undone' ? event.undone.map(({ path }) => path) : []));
const finish = ['finish', { summary: 'done' }] as const;

/** The first files that differ from those to be restored cannot be written. */
async function losesRestores() {
  const sandbox = await NativeSandbox.create(SUM_FILES);
  const restore = sandbox.restore.bind(sandbox);
  sandbox.restore = async (files) => {
    if (diffFiles((await sandbox.snapshot()).files, files).length === 0) return restore(files);
    sandbox.restore = restore;
    throw new SandboxLostError('A program that is still running writes them.');
  };
  return sandbox;
}

describe('a model that does not end by itself', () => {
  it('is solved when it says that it is done, and it is', async () => {
    const { outcome, lines } = await run([{ calls: [fix] }, ...Array(3).fill({ text: 'Fertig.' })]);
    expect(outcome).toEqual({ kind: 'solved', explanation: 'The tests pass. The model called no tool in 3 replies.' });
    expect(lines.filter((line) => line.startsWith('told'))).toEqual([
      expect.stringMatching(/told: The tests were run\.\n.*3 passed.*Call finish/s),
      expect.stringContaining('<tool name="finish">'),
    ]);
  });
  it('is solved when it makes the right change again and again', async () => {
    const { outcome } = await run(Array(4).fill({ calls: [fix] }));
    expect(outcome.kind).toBe('solved');
  });
  it('is solved when its server is gone after the right change', async () => {
    const { outcome, lines } = await run([{ calls: [fix] }]);
    expect(outcome).toEqual({
      kind: 'solved',
      explanation: 'The tests pass. The model failed: The script has 1 replies only.',
    });
    expect(lines.slice(-4)).toEqual(expect.arrayContaining(['verdict on 1: passed']));
  });
  it('is not, when the tests passed before and tell nothing', async () => {
    const files = { ...SUM_FILES, 'src/sum.js': 'exports.sum = (a, b) => a + b;\n' };
    const script: Script = [{ calls: [['write_file', { path: 'notes.md', content: 'x' }]] }];
    expect((await run(script, { files })).outcome.kind).toBe('failed');
  });
});

describe('several calls in one reply', () => {
  it('are all answered, in order, also those after the one that ends the run', async () => {
    const { outcome, results, lines } = await run([{ calls: [fix, ['fly', {}], finish, list, test] }]);
    expect(outcome.kind).toBe('solved');
    expect(results.slice(-2)).toEqual(['Not carried out: finish ended it.', 'Not carried out: finish ended it.']);
    expect(results[1]).toContain('There is no tool "fly"');
    expect(lines.filter((line) => line.startsWith('called'))).toHaveLength(3);
  });

  it('are all answered when the run is stopped in between', async () => {
    const controller = new AbortController();
    const { outcome, results, state } = await run(
      [{ calls: [list, ['run_command', { command: 'echo' }], list, list] }],
      {
        signal: controller.signal,
        gate: (call) => {
          if (call.name === 'run_command') controller.abort();
          return Promise.resolve();
        },
      },
    );
    expect(outcome.kind).toBe('stopped');
    expect(results).toHaveLength(4);
    expect(results.at(-1)).toBe('Not carried out: the run was stopped.');
    expect(state.runs[0]?.steps[0]?.calls.map(({ status }) => status)).toEqual(['ok', 'error', 'error', 'error']);
  });

  it('tests and finish wait until an edit fits that did not', async () => {
    const misfit = ['edit_file', { path: 'src/sum.js', edits: [{ find: 'not there', replace: 'x' }] }] as const;
    const { outcome, results } = await run([{ calls: [misfit, list, test, finish] }, { calls: [fix, test, finish] }]);
    expect(outcome.kind).toBe('solved');
    const left = 'Not carried out: the change before it in this reply was not made. Mend that first.';
    expect(results.slice(2, 4)).toEqual([left, left]);
    expect(results[1]).toContain('src/sum.js');
    expect(results[5]).toContain('Tests PASS');
  });

  it('go on after a change that is not allowed', async () => {
    const forbidden = ['write_file', { path: 'test/sum.test.js', content: '' }] as const;
    const { outcome, results } = await run([{ calls: [fix, forbidden, test, finish] }]);
    expect(results[1]).toContain('protected');
    expect(results[2]).toContain('Tests PASS');
    expect(outcome.kind).toBe('solved');
  });

  it('get ids of their own when a model uses one twice', async () => {
    const scripted = createScriptedModel([{ calls: [list, list] }, { calls: [list] }, { calls: [giveUp] }]);
    const repeating: Model = {
      name: 'repeating',
      respond: async (...args) => {
        const reply = await scripted.respond(...args);
        const toolCalls = reply.message.toolCalls.map((call) => ({ ...call, id: 'call' }));
        return { ...reply, message: { ...reply.message, toolCalls } };
      },
    };
    const { state } = await run([], { model: repeating });
    const ids = state.runs[0]?.steps.flatMap(({ calls }) => calls.map(({ id }) => id));
    expect(new Set(ids).size).toBe(4);
    const last = scripted.requests[2]?.messages ?? [];
    const answered = last.flatMap((message) => (message.role === 'tool' ? [message.callId] : []));
    expect(answered).toEqual(ids?.slice(0, 3));
  });
});

describe('what fails below a tool', () => {
  it('is a result that the model reads, with the files as they were', async () => {
    const sandbox = await NativeSandbox.create(SUM_FILES);
    const write = sandbox.write.bind(sandbox);
    sandbox.write = async (changes) => {
      await write(changes);
      if (changes.length === 0) return;
      sandbox.write = write;
      throw new Error('EIO: the disk is bad');
    };
    const { outcome, results } = await run([{ calls: [spoil('a * b'), fix, test] }, { calls: [finish] }], { sandbox });
    expect(results[0]).toBe('edit_file failed: EIO: the disk is bad\nThe files are as they were before this call.');
    expect(outcome.kind).toBe('solved');
  });

  it('boots a sandbox that is lost in the middle of a change, and does the change', async () => {
    const sandbox = await NativeSandbox.create(SUM_FILES);
    const { write } = sandbox;
    sandbox.write = (changes) => {
      if (changes.length === 0) return Promise.resolve();
      sandbox.write = write.bind(sandbox);
      return Promise.reject(new SandboxLostError('It does not answer.'));
    };
    const ran = await run([{ calls: [fix, finish] }], { sandbox });
    expect(ran.outcome.kind).toBe('solved');
    expect(ran.lines).toContain('rebooted');
    expect(ran.state.runs[0]?.reboots).toEqual(['It does not answer.']);
    expect(await replayDifferences(ran)).toEqual([]);
  });

  it('tells what a command did to the tests, though the sandbox is lost when they are put back', async () => {
    const sandbox = await losesRestores();
    const write =
      "const { writeFileSync: write } = require('fs'); write(process.argv[1] + '.js', ''); write('src/new.js', 'new')";
    const command = `node -e "${write}" test/sum.test`;
    const { lines, events, results } = await run(
      [{ calls: [['run_command', { command }], test] }, { calls: [giveUp] }],
      {
        sandbox,
      },
    );
    expect(lines).toContain('rebooted');
    expect(undoneIn(events)).toEqual(['test/sum.test.js']);
    expect(results[0]).toContain('test/sum.test.js');
    expect(lines).toContain(`command "${command}" -> 0 src/new.js`);
    expect(await readFile(join(sandbox.folder, 'src/new.js'), 'utf8')).toBe('new');
    expect(lines).toContain('verdict on 1: 2 failed');
  });

  it('tells what a program that runs on did to the tests, though the sandbox is lost when they are put back', async () => {
    const sandbox = await losesRestores();
    const scripted = createScriptedModel([{ calls: [test] }, { calls: [giveUp] }]);
    const model: Model = {
      name: 'late',
      respond: async (...args) => {
        await writeFile(join(sandbox.folder, 'test/sum.test.js'), '');
        return scripted.respond(...args);
      },
    };
    const { events } = await run([], { sandbox, model });
    expect(undoneIn(events)).toEqual(['test/sum.test.js']);
  });

  it('tells a command that ignored its deadline from one that ran out of memory', async () => {
    const sandbox = await NativeSandbox.create(SUM_FILES);
    const execute = sandbox.run.bind(sandbox);
    sandbox.run = async (command, options) => {
      const { timeoutSeconds } = options;
      if (command !== 'node x.js') return execute(command, options);
      await new Promise((resolve) => setTimeout(resolve, timeoutSeconds * 1000));
      throw new SandboxLostError('A command did not end when it was killed.');
    };
    const { lines, results } = await run(
      [{ calls: [['run_command', { command: 'node x.js', seconds: 1 }]] }, { calls: [giveUp] }],
      { sandbox },
    );
    expect(lines).toContain('command "node x.js" -> 124');
    expect(results[0]).toContain('did not end when it was killed. It was started again');
  });

  it('boots nothing when the run was stopped', async () => {
    const controller = new AbortController();
    const sandbox = await NativeSandbox.create(SUM_FILES);
    let reboots = 0;
    sandbox.reboot = () => {
      reboots += 1;
      return Promise.resolve();
    };
    sandbox.run = () => {
      controller.abort();
      return Promise.reject(new SandboxLostError('gone'));
    };
    const { outcome } = await run([{ calls: [test] }], { sandbox, signal: controller.signal });
    expect(outcome.kind).toBe('stopped');
    expect(reboots).toBe(0);
  });
});

describe('limits', () => {
  it('of tokens end a reply that has no end', async () => {
    const endless: Model = {
      name: 'endless',
      respond: (_, { onText }) => {
        for (let count = 0; count < 100; count += 1) onText?.('word '.repeat(100));
        return new Promise(() => undefined);
      },
    };
    const { outcome, lines } = await run([], { model: endless, limits: { tokens: 1000 } });
    expect(outcome.kind).toBe('limit-reached');
    expect(outcome.explanation).toContain('The limit of 1000 tokens was reached in the middle of a reply.');
    expect(lines.at(-1)).toBe('run limit-reached, best 0');
  });

  it('of tokens end arguments and thoughts that have no end', async () => {
    const endless: Model = {
      name: 'endless',
      respond: (_, { onProgress }) => {
        for (let count = 0; count < 100; count += 1) onProgress?.(500);
        return new Promise(() => undefined);
      },
    };
    const { outcome } = await run([], { model: endless, limits: { tokens: 1000 } });
    expect(outcome.explanation).toContain('in the middle of a reply');
  });

  it('of time end a model that does not heed its signal', async () => {
    const deaf: Model = { name: 'deaf', respond: () => new Promise(() => undefined) };
    const { outcome } = await run([], { model: deaf, limits: { seconds: 0.1 } });
    expect(outcome.explanation).toContain('The limit of 0.1 seconds was reached.');
  });

  it('say that money is not watched where a price is unknown', async () => {
    const silent: Model = {
      name: 'local',
      respond: () =>
        Promise.resolve({
          message: { role: 'assistant', content: 'Hm.', toolCalls: [] },
          usage: { inputTokens: 1000, outputTokens: 300, estimated: true },
        }),
    };
    const { outcome, events, state } = await run([], { model: silent, limits: { tokens: 2500 } });
    expect(outcome.kind).toBe('limit-reached');
    expect(outcome.explanation).toContain('The price of a model is unknown, so the limit of $2 could not be watched.');
    expect(state.runs[0]?.unwatched).toHaveLength(1);
    expect(events.filter(({ type }) => type === 'limit-unwatched')).toMatchObject([
      { limit: 'cost', reason: 'The price of local is unknown.' },
    ]);
  });

  it('of output shorten what the log keeps of a command', async () => {
    const command = ['run_command', { command: 'node -e "console.log(1e9.toString().repeat(1000))"' }] as const;
    const { events } = await run([{ calls: [command, giveUp] }], { limits: { output: 500 } });
    const outputs = events.flatMap((event) => (event.type === 'command-finished' ? [event.output.length] : []));
    expect(outputs[0]).toBeLessThan(600);
  });
});

describe('guards', () => {
  it('warn of an equal call with an equal result, then end the run', async () => {
    const same: ScriptedReply = { calls: [['search', { query: 'sum' }]] };
    const { outcome, lines, state } = await run(Array.from({ length: 9 }, () => same));
    expect(lines.filter((line) => line.startsWith('told: You have made this call of search 3 times'))).toHaveLength(1);
    expect(outcome).toMatchObject({ kind: 'gave-up' });
    expect(state.runs[0]?.steps.map(({ told }) => told.length)).toEqual([0, 0, 1, 0, 0, 0]);
    expect(outcome.explanation).toContain('The same call of search was made 6 times, always with the same result.');
  });

  it('count test runs as equal whose times alone differ', async () => {
    const command = ['run_command', { command: 'node -e "console.log(process.hrtime.bigint())"' }] as const;
    const { outcome } = await run(Array.from({ length: 9 }, () => ({ calls: [command] })));
    expect(outcome.explanation).toContain('The same call of run_command was made 6 times');
  });

  it('warn of a change that is made and taken back, then end the run', async () => {
    const there: ScriptedReply = { calls: [spoil('a * b')] };
    const back: ScriptedReply = { calls: [spoil('a - b', 'a * b')] };
    const { outcome, lines } = await run([{ calls: [list] }, there, back, there, back, there, back]);
    expect(lines.filter((line) => /^told: You have made, taken back and made again/.test(line))).toHaveLength(2);
    expect(outcome.explanation).toContain('The same change was made and taken back again and again.');
  });

  it('warn of attempts that help nothing before they end the run', async () => {
    const script = ['a * 0', 'a * 1', 'a * 2', 'a * 3', 'a * 4'].map((to, index, all): ScriptedReply => {
      return { calls: [spoil(to, all[index - 1]), test] };
    });
    const { outcome, lines } = await run([{ calls: [test] }, ...script], { patience: 4 });
    expect(lines.filter((line) => line.startsWith('told: 2 attempts in a row'))).toHaveLength(1);
    expect(outcome.explanation).toContain('4 attempts in a row');
  });

  it('do not mind the same call on other files', async () => {
    const changes = ['a * 0', 'a * 1', 'a * 2', 'a + b'].map((to, index, all): ScriptedReply => {
      return { calls: [spoil(to, all[index - 1]), list, ['read_file', { path: 'src/sum.js' }]] };
    });
    const { outcome, lines } = await run([...changes, { calls: [finish] }]);
    expect(outcome.kind).toBe('solved');
    expect(lines.some((line) => line.startsWith('told'))).toBe(false);
  });
});

describe('a file with two names', () => {
  it('does not let an edit of the one change the other, which is protected', async () => {
    const link = `node -e "const m = require('f' + 's'); m[Object.keys({ linkSync: 1 })[0]]('te' + 'st/sum.te' + 'st.js', 'src/h.js')"`;
    const fake = "console.log('1..3\\nok - adds\\nok - adds\\nok - adds');\n";
    const ran = await run([
      { calls: [['run_command', { command: link }]] },
      { calls: [['write_file', { path: 'src/h.js', content: fake }], test, finish] },
      { calls: [giveUp] },
    ]);
    const { results, sandbox } = ran;
    expect(results[0]).toContain('Files changed: src/h.js');
    expect(results[2]).toContain('Tests FAIL');
    expect(results[3]).toContain('Not finished');
    expect((await sandbox.snapshot()).files['test/sum.test.js']).toBe(SUM_FILES['test/sum.test.js']);
    expect(await replayDifferences(ran)).toEqual([]);
  });

  it('cannot have its tests changed behind the last command', async () => {
    const behind: Script[number] = async ({ messages }) => {
      const [, folder = ''] = /^(\/.*)$/m.exec(messages.at(-1)?.content ?? '') ?? [];
      await writeFile(join(folder, 'test/sum.test.js'), "console.log('1..1\\nok - adds');\n");
      return { calls: [test, finish] };
    };
    const { results, events } = await run([
      { calls: [['run_command', { command: 'pwd' }]] },
      behind,
      { calls: [giveUp] },
    ]);
    expect(results[1]).toContain('Tests FAIL');
    const undone = events.flatMap((event) => (event.type === 'changes-undone' ? event.undone : []));
    expect(undone.map(({ path }) => path)).toContain('test/sum.test.js');
  });
});
