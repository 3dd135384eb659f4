import { expect, test } from '@playwright/test';
import { serveTask } from './support/gallery.ts';
import { repairDiscount, startOpenAIServer } from './support/openai-server.ts';
import { button, chooseServer, openPage, panel, RUN, run } from './support/page.ts';

test('the run asks before what is risky, and asks a person; the answers go to the model and into the log', async ({
  page,
}) => {
  const asks = [
    { text: 'A package may help.', calls: [{ name: 'run_command', arguments: { command: 'npm install left-pad' } }] },
    { text: '', calls: [{ name: 'ask_user', arguments: { question: 'Is a rate a share?', choices: ['Yes', 'No'] } }] },
  ];
  await using server = await startOpenAIServer({ script: [...asks, ...repairDiscount('price * (1 - rate)')] });
  await openPage(page);
  await chooseServer(page, { baseUrl: server.baseUrl, model: 'test-model', key: '' });
  await button(page, 'Run').click();

  const asking = panel(page, 'The agent asks');
  await expect(asking).toContainText('npm install left-pad', RUN);
  await expect(asking).toBeFocused();
  await asking.getByRole('button', { name: 'No…' }).click();
  await asking.getByRole('textbox').fill('Use what is there.');
  await asking.getByRole('button', { name: 'Say no' }).click();

  await expect(asking).toContainText('Is a rate a share?', RUN);
  await asking.getByRole('button', { name: 'Yes', exact: true }).click();

  await expect(run(page, 1).getByText('Solved', { exact: true })).toBeVisible(RUN);
  await expect(asking).toBeHidden();
  const steps = panel(page, 'Steps');
  await steps.getByText('run_command npm install left-pad').click();
  await expect(steps).toContainText('Refused by the person: The person said no: Use what is there.');
  await steps.getByText('ask_user').click();
  await expect(steps.getByText('Asked: Is a rate a share? Yes')).toBeVisible();
});

test('a run that waits for its person can be stopped', async ({ page }) => {
  const script = [{ text: '', calls: [{ name: 'run_command', arguments: { command: 'npm install left-pad' } }] }];
  await using server = await startOpenAIServer({ script });
  await openPage(page);
  await chooseServer(page, { baseUrl: server.baseUrl, model: 'test-model', key: '' });
  await button(page, 'Run').click();
  await expect(panel(page, 'The agent asks')).toBeVisible(RUN);
  await button(page, 'Stop').click();
  await expect(run(page, 1).getByText('Stopped', { exact: true })).toBeVisible(RUN);
  await expect(panel(page, 'The agent asks')).toBeHidden();
});

test("a person takes the agent's seat and repairs the task with its tools", async ({ page }) => {
  await openPage(page);
  await button(page, 'Settings').click();
  const settings = page.getByRole('dialog', { name: 'Settings' });
  await settings.getByRole('radio', { name: /^You/ }).check();
  await settings.getByRole('button', { name: 'Save' }).click();
  await button(page, 'Run').click();

  const seat = panel(page, "The agent's seat");
  const call = async (tool: string, filled: Readonly<Record<string, string>>) => {
    await seat.getByRole('combobox', { name: 'Tool' }).selectOption(tool, RUN);
    for (const [name, text] of Object.entries(filled)) await seat.getByRole('textbox', { name }).fill(text);
    await seat.getByRole('button', { name: 'Make this call' }).click();
  };
  await call('read_file', { path: 'src/discount.js' });
  await expect(panel(page, 'Steps').getByText('read_file src/discount.js')).toBeVisible();
  await call('edit_file', { path: 'src/discount.js', find: 'price - rate', replace: 'price * (1 - rate)' });
  await call('finish', { summary: 'The rate is a share.' });
  await expect(run(page, 1).getByText('Solved', { exact: true })).toBeVisible(RUN);
  await expect(run(page, 1)).toContainText('by person');
});

test('a command ends at the deadline of the settings; the run may end with a failing test when the person agrees, and not before', async ({
  page,
}) => {
  const call = (name: string, args: object) => ({ text: '', calls: [{ name, arguments: args }] });
  const claims = [{ test: 'is listed', reason: 'The registry cannot be reached: there is no network here.' }];
  const finish = call('finish', { summary: 'It adds.', not_of_this_task: claims });
  const edits = [{ find: 'a - b', replace: 'a + b' }];
  await using server = await startOpenAIServer({
    script: [
      call('run_command', { command: 'sleep 50', seconds: 50 }),
      call('edit_file', { path: 'src/add.js', edits }),
      finish,
      finish,
    ],
  });
  await serveTask(page, {
    title: 'Two failures of two kinds',
    files: {
      'package.json': JSON.stringify({ name: 'two', type: 'module', scripts: { test: 'node --test' } }),
      'src/add.js': 'export const add = (a, b) => a - b;\n',
      'test/add.test.js':
        "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { add } from '../src/add.js';\n" +
        "test('adds', () => assert.equal(add(1, 2), 3));\n",
      'test/registry.test.js':
        "import { test } from 'node:test';\ntest('is listed', () => {\n  throw new Error('getaddrinfo ENOTFOUND registry.example');\n});\n",
    },
  });
  await openPage(page);
  await button(page, 'Settings').click();
  await page.getByRole('spinbutton', { name: 'Seconds of a command' }).fill('1');
  await page.getByRole('dialog', { name: 'Settings' }).getByRole('button', { name: 'Save' }).click();
  await chooseServer(page, { baseUrl: server.baseUrl, model: 'test-model', key: '' });
  await button(page, 'Run').click();

  const asking = panel(page, 'The agent asks');
  await expect(asking).toContainText('End as solved, although tests fail?', RUN);
  await expect(asking).toContainText('is listed: The registry cannot be reached');
  const steps = panel(page, 'Steps');
  await steps.getByText('run_command sleep 50').click();
  await expect(steps).toContainText('Killed after 1 seconds');
  await asking.getByRole('button', { name: 'No…' }).click();
  await asking.getByRole('textbox').fill('Try once more.');
  await asking.getByRole('button', { name: 'Say no' }).click();

  await asking.getByRole('button', { name: 'Once' }).click(RUN);
  await expect(run(page, 1).getByText('Solved, as agreed: not all tests pass')).toBeVisible(RUN);
  await expect(run(page, 1)).toContainText('The person who was asked agreed');
});
