import { afterEach, describe, expect, it } from 'vitest';
import { workingFiles } from '../../session/state/working-files.ts';
import { openBench, type ToolBench } from './tools.test-support.ts';

let bench: ToolBench | null = null;
afterEach(() => bench?.sandbox.dispose());
const open = async (...args: Parameters<typeof openBench>) => {
  bench = await openBench(...args);
  return bench;
};
const files = {
  'src/a.js': 'exports.a = 1;\n',
  'src/b.js': "require('./a');\n",
  'test/a.test.js': "require('../src/a');\n",
  'logo.png': { base64: '/w==' },
};

describe('move_file and delete_file', () => {
  it('change the files and the log, and name who imports the file', async () => {
    const { text, workspace, events, sandbox } = await open(files);
    expect(await text('move_file', { from: 'src/a.js', to: 'src/deep/c.js' })).toBe(
      'src/a.js moved to src/deep/c.js. It is imported at src/b.js:1, test/a.test.js:1: change that, and what src/deep/c.js imports by relative paths.',
    );
    expect(await text('move_file', { source: 'logo.png', destination: 'assets/logo.png' })).toBe(
      'logo.png moved to assets/logo.png.',
    );
    expect(await text('delete_file', { path: './src/b.js' })).toBe('src/b.js deleted.');
    expect(Object.keys(workspace.files).sort()).toEqual(['assets/logo.png', 'src/deep/c.js', 'test/a.test.js']);
    expect((await sandbox.snapshot()).files).toEqual(workspace.files);
    expect(workingFiles(events)).toEqual(workspace.files);
  });
  it.each([
    ['move_file', { from: 'src/a.js', to: 'test/b.test.js' }, 'is protected'],
    ['move_file', { from: 'test/a.test.js', to: 'src/c.js' }, 'is protected'],
    ['move_file', { from: 'src/a.js', to: 'src/b.js' }, 'src/b.js exists'],
    ['move_file', { from: 'src/a.js', to: 'src' }, '"src" cannot be written'],
    ['move_file', { from: 'src/a.js', to: 'src/a.js/b.js' }, 'moved'],
    ['move_file', { from: 'a.js', to: 'c.js' }, 'Did you mean src/a.js'],
    ['move_file', { from: 'src/a.js', to: '../a.js' }, 'leaves the project'],
    ['delete_file', { path: 'src' }, 'is a folder'],
    ['delete_file', { path: 'test/a.test.js' }, 'is protected'],
    ['delete_file', { path: 'src/A.ts' }, 'Did you mean src/a.js'],
  ])('%s %j: %s', async (tool, args, expected) => {
    const { text } = await open(files);
    expect(await text(tool, args)).toContain(expected);
  });
});

describe('update_plan', () => {
  it('logs the steps, whatever words the model has for them', async () => {
    const { text, events } = await open({});
    const steps = ['look', { step: 'mend', status: 'in_progress' }, { content: 'check', status: 'completed' }];
    expect(await text('update_plan', { todos: steps })).toBe('The plan:\n1. [ ] look\n2. [>] mend\n3. [x] check');
    expect(events.at(-1)).toMatchObject({
      type: 'plan-updated',
      steps: [
        { text: 'look', status: 'pending' },
        { text: 'mend', status: 'active' },
        { text: 'check', status: 'done' },
      ],
    });
    expect(await text('update_plan', { steps: [{ text: 'x', status: 'maybe' }] })).toContain('Wrong arguments');
  });
});

describe('ask_user', () => {
  const ask = { question: 'Which port?', choices: ['80', '8080'] };
  it('says when nobody is there', async () => {
    const { call, events } = await open({});
    expect(await call('ask_user', ask)).toMatchObject({
      ok: false,
      result: expect.stringContaining('Nobody is there'),
    });
    expect(events.slice(-2)).toMatchObject([
      { type: 'question-asked', question: 'Which port?', choices: ['80', '8080'] },
      { type: 'question-answered', answer: null },
    ]);
  });
  it('gives the answer', async () => {
    const asked: string[] = [];
    const person = {
      approve: () => Promise.reject(new Error('not asked')),
      answer: async (question: string) => {
        asked.push(question);
        return '8080\n';
      },
    };
    const { text, events } = await open({}, { person });
    expect(await text('ask_user', ask)).toBe('The person answers: 8080');
    expect(asked).toEqual(['Which port?\n- 80\n- 8080']);
    expect(events.at(-1)).toMatchObject({ type: 'question-answered', answer: '8080' });
  });
});

describe('long outputs', () => {
  it('are shown in part, and read on by lines or by what matches', async () => {
    const { text } = await open({});
    const first = await text('run_command', { command: 'seq 1 20000' });
    expect(first.length).toBeLessThan(14_000);
    const note = /\[… (\d+) lines left out: read_output \{"id": 1, "from": (\d+)\} shows them, of 20001 …\]/.exec(
      first,
    );
    expect(note).not.toBeNull();
    const from = Number(note?.[2]);
    expect(first).toContain(`\n${from - 1}\n[…`);
    expect(await text('read_output', { id: 1, from, to: from + 1 })).toBe(
      `Output 1, lines ${from} to ${from + 1} of 20000\n${from}: ${from}\n${from + 1}: ${from + 1}`,
    );
    expect(await text('read_output', { id: '1', query: '^199\\d9$' })).toMatch(/^19909: 19909\n(.*\n){8}19999: 19999$/);
    expect(await text('read_output', { id: 7 })).toBe('There is no output 7. There are: 1.');
    expect(await text('run_command', { command: 'true' })).toBe('Exit code 0.\n(no output)');
  });
});

describe('run_test', () => {
  const suite = {
    'package.json': '{"scripts":{"test":"node --test"}}',
    'sum.js': 'exports.sum = (a, b) => a - b;\n',
    'test/sum.test.js':
      "const { describe, it } = require('node:test');\nconst assert = require('node:assert');\nconst { sum } = require('../sum.js');\n" +
      "describe('sum', () => {\n  it('adds', () => assert.equal(sum(1, 2), 3));\n  it('adds nothing (0)', () => assert.equal(sum(1, 0), 1));\n});\n",
  };
  it('runs a file, or a test by its name, without judging the attempt', async () => {
    const { text, events } = await open(suite);
    const whole = await text('run_test', { file: 'test/sum.test.js' });
    expect(whole).toMatch(
      /^\$ node --test test\/sum\.test\.js\nTests FAIL: 1 failed, 1 passed \(exit code 1\)\.\nFAILED: sum > adds/,
    );
    const one = await text('run_test', { file: 'test/sum.test.js', name: 'sum > adds nothing (0)' });
    expect(one).toMatch(
      /^\$ node --test-name-pattern='adds nothing \\\(0\\\)' --test test\/sum\.test\.js\nTests PASS: 0 failed, 1 passed/,
    );
    expect(events.some(({ type }) => type === 'verdict-reached' || type === 'attempt-made')).toBe(false);
    expect(await text('run_test', { path: 'add.test.js' })).toContain('There is no test file "add.test.js"');
    expect(await text('run_test', {})).toContain('Name a test file');
  });
  it('puts back what the test wrote', async () => {
    const writing =
      "require('fs').writeFileSync('sum.js', ''); require('fs').writeFileSync('made.txt', ''); require('node:test')('x', () => {});";
    const { text, events, workspace, sandbox } = await open({ ...suite, 'test/writes.test.js': writing });
    expect(await text('run_test', { file: 'test/writes.test.js' })).toContain('Tests PASS');
    expect((await sandbox.snapshot()).files).toEqual(workspace.files);
    expect(Object.keys(workspace.files)).not.toContain('made.txt');
    expect(events.at(-1)).toMatchObject({ type: 'command-finished', changes: [], putBack: true });
  });
});

describe('write_file', () => {
  it('leaves out a fence around the whole, but not in a text for people', async () => {
    const { text, workspace } = await open(files);
    const fenced = '```js\nexports.a = 2;\n```';
    expect(await text('write_file', { path: 'src/a.js', content: fenced })).toMatch(/changed .*fence .* was left out/s);
    await text('write_file', { path: 'README.md', content: fenced });
    expect(workspace.files).toMatchObject({ 'src/a.js': 'exports.a = 2;\n', 'README.md': fenced });
  });
  it('writes no comment in place of code', async () => {
    const { text, workspace } = await open(files);
    const content = 'exports.b = 2;\n// ... existing code ...\n';
    expect(await text('write_file', { path: 'src/a.js', content })).toMatch(/existing code .*Nothing was changed/s);
    const edits = [{ find: '1;', replace: '1;\n// ... rest of the code ...' }];
    expect(await text('edit_file', { path: 'src/a.js', edits })).toMatch(/rest of the code .*Nothing was changed/s);
    expect(workspace.files).toEqual(files);
  });
});
