/** Every tool of the agent in the real sandbox, several calls in a reply; the log tells what they did, and replays. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { parseSessionText } from '../src/session/format/parse-session.ts';
import { fixpoint, makeFolder } from './support/command.ts';
import { startOpenAIServer } from './support/openai-server.ts';

const FILES = {
  'package.json': JSON.stringify({ name: 'sum', scripts: { test: 'node --test' } }),
  'src/sum.js': "const { minus } = require('./minus.js');\nexports.sum = (a, b) => minus(a, b);\n",
  'src/minus.js': 'exports.minus = (a, b) => a - b;\n',
  'src/old.js': "require('./sum.js');\n",
  'test/sum.test.js':
    "const test = require('node:test');\nconst assert = require('node:assert');\nconst { sum } = require('../src/sum.js');\n" +
    "test('adds', () => assert.equal(sum(1, 2), 3));\ntest('adds nothing', () => assert.equal(sum(1, 0), 1));\n",
};

test('the tools work in the sandbox, several in a reply, and the session replays', async () => {
  await using project = await makeFolder(FILES);
  const call = (name: string, args: object) => ({ name, arguments: args });
  await using server = await startOpenAIServer({
    script: [
      {
        text: 'I look around.',
        calls: [
          call('update_plan', { steps: ['look', 'mend'] }),
          call('search', { query: 'minus', files: 'src' }),
          call('read_file', { file: 'src/sum.js', start_line: '2' }),
          call('list_files', {}),
          call('outline', { path: 'test/sum.test.js' }),
          call('find_definition', { name: 'minus' }),
          call('find_references', { name: 'minus' }),
          call('dependencies', { path: 'src/sum.js' }),
          call('find_tests', { path: 'src/minus.js' }),
        ],
      },
      {
        text: 'I run things.',
        calls: [
          call('run_test', { file: 'test/sum.test.js', name: 'adds nothing' }),
          call('run_test', { file: 'test/sum.test.js', name: 'adds' }),
          call('run_command', { command: "node -e 'for (let i = 1; i <= 9999; i += 1) console.log(i)'" }),
          call('read_output', { id: 3, from: 5000, to: 5001 }),
          call('run_command', { command: '[[ -f package.json ]] && tr a-z A-Z <<< "as bash"' }),
          call('ask_user', { question: 'Which?' }),
        ],
      },
      {
        text: 'I mend.',
        calls: [
          call('move_file', { from: 'src/minus.js', to: 'src/plus.js' }),
          call('edit_file', { path: 'src/plus.js', edits: [{ find: 'a - b', replace: 'a + b' }] }),
          call('edit_file', { path: 'src/sum.js', edits: [{ find: './minus.js', replace: './plus.js' }] }),
          call('delete_file', { path: 'src/old.js' }),
          call('finish', { summary: 'It adds.' }),
        ],
      },
    ],
  });
  await using folder = await makeFolder({});
  const out = join(folder.path, 'session.json');
  const model = ['--model', 'openai:scripted', '--base-url', server.baseUrl];
  const done = await fixpoint(['agent', '--task', project.path, '--goal', 'Mend it.', ...model, '--out', out], {
    OPENAI_API_KEY: 'key',
  });
  expect(done.exitCode, done.stderr).toBe(0);
  const { events } = parseSessionText(await readFile(out, 'utf8'));
  const results = events.flatMap((event) => (event.type === 'tool-finished' ? [event.result] : []));
  const expected = [
    /^The plan:\n1\. \[ \] look/,
    /^3 lines in 2 files\.\nsrc\/minus\.js\n1: exports\.minus/,
    /^src\/sum\.js, lines 2 to 2 of 2\n2: exports\.sum/,
    /^package\.json {2}\d+/,
    /4: test\('adds',\n5: test\('adds nothing',/,
    /^src\/minus\.js:1: exports\.minus = \(a, b\)$/,
    /^3 lines in 2 files\./,
    /src\/minus\.js \(line 1: ".\/minus.js"\)\nImported by \(2\):/,
    /test\/sum\.test\.js \(through src\/sum\.js\), 2 tests/,
    /Tests PASS: 0 failed, 1 passed/,
    /Tests FAIL: 1 failed, 1 passed/,
    /lines left out: read_output \{"id": 3, /,
    /^Output 3, lines 5000 to 5001 of 9999\n5000: 5000\n5001: 5001$/,
    /^AS BASH$/m,
    /Nobody is there to answer/,
    /moved to src\/plus\.js\. It is imported at src\/sum\.js:1/,
    /./,
    /./,
    /^src\/old\.js deleted\.$/,
    /./,
  ];
  for (const [index, pattern] of expected.entries()) expect(results[index], `result ${index}`).toMatch(pattern);
  expect(events.at(-1)).toMatchObject({ type: 'run-finished', outcome: { kind: 'solved' } });
  const replay = await fixpoint(['replay', out]);
  expect(replay.exitCode, replay.stdout).toBe(0);
});
