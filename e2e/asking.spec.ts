import { expect, test } from '@playwright/test';
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
