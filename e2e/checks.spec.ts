import { expect, test } from '@playwright/test';
import { serveTask } from './support/gallery.ts';
import { startOpenAIServer } from './support/openai-server.ts';
import { attempts, button, chooseServer, openPage, panel, RUN, run } from './support/page.ts';

const testOf = (name: string, value: number, double: number) =>
  "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\n" +
  "import { double } from '../src/double.js';\n" +
  `test('${name}', () => assert.equal(double(${value}), ${double}));\n`;

const edit = (find: string, replace: string) => ({
  text: '',
  calls: [{ name: 'edit_file', arguments: { path: 'src/double.js', edits: [{ find, replace }] } }],
});
const finish = { text: '', calls: [{ name: 'finish', arguments: { summary: 'Two doubled is four.' } }] };

test('lint that is required sends the agent back; what the held-out tests say stands beside the attempt', async ({
  page,
}) => {
  await serveTask(page, {
    title: 'Double',
    files: {
      'package.json': JSON.stringify({
        name: 'double',
        type: 'module',
        scripts: { test: 'node --test', lint: "! grep -n 'var ' src/double.js" },
      }),
      'src/double.js': 'export function double(value) {\n  return 0;\n}\n',
      'test/double.test.js': testOf('two', 2, 4),
    },
    hidden: { 'test/hidden.test.js': testOf('three', 3, 6) },
  });
  await using server = await startOpenAIServer({
    script: [
      edit('  return 0;', '  var four = 4;\n  return four;'),
      finish,
      edit('  var four = 4;\n  return four;', '  return 4;'),
      finish,
    ],
  });
  await openPage(page);
  await chooseServer(page, { baseUrl: server.baseUrl, model: 'test-model', key: '' });
  await button(page, 'Settings').click();
  const settings = page.getByRole('dialog', { name: 'Settings' });
  await settings.getByRole('combobox', { name: 'Lint' }).selectOption('must not get worse');
  await settings.getByRole('button', { name: 'Save' }).click();
  await button(page, 'Run').click();

  await expect(run(page, 1).getByText('Solved', { exact: true })).toBeVisible({ timeout: 2 * RUN.timeout });
  await expect(panel(page, 'Steps')).toContainText('lint');
  await attempts(page).last().click();
  const score = page.getByRole('list', { name: /^Scorecard of attempt/ });
  await expect(score).toContainText('passes the visible tests, fails the held-out ones');
  await expect(score).toContainText('lint: nothing new');
});
