import { expect, test } from '@playwright/test';
import { repairDiscount, startOpenAIServer } from './support/openai-server.ts';
import { button, chooseServer, openPage, RUN, run } from './support/page.ts';

test('a server that the agent leaves running is shown with its address, and opens in a tab', async ({ page }) => {
  const command = `node -e "require('http').createServer((request, response) => response.end('a guest')).listen(3111)" &`;
  const serve = { text: '', calls: [{ name: 'run_command', arguments: { command } }] };
  await using server = await startOpenAIServer({ script: [serve, ...repairDiscount('price * (1 - rate)')] });
  await openPage(page);
  await chooseServer(page, { baseUrl: server.baseUrl, model: 'test-model', key: '' });
  await button(page, 'Run').click();
  await expect(run(page, 1).getByText('Solved', { exact: true })).toBeVisible(RUN);
  const opened = page.waitForEvent('popup');
  await page.getByRole('link', { name: 'Open port 3111' }).click();
  await expect((await opened).getByText('a guest')).toBeVisible();
});
