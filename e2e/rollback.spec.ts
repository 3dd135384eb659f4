import { expect, test } from '@playwright/test';
import { repairDiscount, startOpenAIServer } from './support/openai-server.ts';
import { attempts, button, chooseServer, openPage, panel, RUN, run, solve } from './support/page.ts';

test('rolling back to the start says its cost first, verifies, and deletes nothing; the next run makes a branch', async ({
  page,
}) => {
  // Solves it in other words than the solver: the same files again would be the same attempt again.
  await using server = await startOpenAIServer({ script: repairDiscount('price - rate * price + 0') });
  await openPage(page);
  await solve(page);
  const rows = attempts(page);
  const before = await rows.count();
  expect(before).toBeGreaterThan(1);

  await rows.filter({ hasText: 'Start' }).click();
  const panelOfAttempts = panel(page, 'Attempts');
  await expect(panelOfAttempts).toContainText('restores 1 file');
  await button(page, 'Roll back to this attempt').click();

  await expect(page.getByText(/Rolled back to attempt 0: restores 1 file\. Verified: tree [0-9a-f]{12}\./)).toBeVisible(
    RUN,
  );
  await expect(rows).toHaveCount(before);
  await expect(rows.filter({ hasText: 'head' })).toContainText('Start');
  await expect(button(page, 'Roll back to this attempt')).toHaveCount(0);
  await expect(run(page, 1)).toBeVisible();

  await chooseServer(page, { baseUrl: server.baseUrl, model: 'test-model', key: '' });
  await button(page, 'Run').click();
  await expect(run(page, 2).getByText('Solved', { exact: true })).toBeVisible(RUN);
  await expect(run(page, 2)).toContainText('from attempt 0');
  await expect(rows).toHaveCount(before + 1);
  const levels = await rows.evaluateAll((items) => items.map((item) => item.getAttribute('aria-level')));
  expect(levels.filter((level) => level === '2').length, 'two attempts begin at the start').toBe(2);
  await expect(page.getByRole('list', { name: /^Scorecard of attempt/ })).toContainText('+1 −1 in 1 file');

  await button(page, 'Compare').click();
  const comparison = page.getByRole('dialog', { name: 'Compare runs' });
  await expect(comparison).toContainText('Both solved the task');
  await expect(comparison.getByRole('row', { name: /^model/ })).toContainText('openai:test-model');
});

test('the attempts can be walked and chosen by keyboard', async ({ page }) => {
  await openPage(page);
  await solve(page);
  const rows = attempts(page);
  await rows.filter({ hasText: 'head' }).focus();
  await page.keyboard.press('Home');
  await expect(rows.first()).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(rows.first()).toHaveAttribute('aria-selected', 'true');
  await expect(panel(page, 'Tests')).toContainText('failed');
  await page.keyboard.press('End');
  await expect(rows.last()).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(rows.last()).not.toBeFocused();
  await page.keyboard.press('Home');
  await page.keyboard.press('Tab');
  await expect(button(page, 'Roll back to this attempt')).toBeFocused();
});
