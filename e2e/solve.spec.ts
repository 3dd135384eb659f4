import { expect, test } from '@playwright/test';
import { attempts, button, codeOf, openPage, panel, RUN, run, solve } from './support/page.ts';

test('Run solves the first task, and everything it did is shown', async ({ page }) => {
  await openPage(page);
  await expect(page.getByRole('heading', { name: 'A discount that subtracts' })).toBeVisible();
  await solve(page);

  const steps = panel(page, 'Steps');
  for (const phase of ['read', 'edit', 'verify'])
    await expect(steps.getByText(phase, { exact: true }).first()).toBeVisible();

  const tests = panel(page, 'Tests');
  await expect(tests.getByRole('heading')).toContainText('11 passed, 0 failed');
  const quarter = tests.getByRole('listitem').filter({ hasText: 'applyDiscount › takes a quarter off' });
  await expect(quarter).toContainText('passed:');
  await expect(quarter).toContainText('now passes');
  const cart = tests.getByRole('listitem').filter({ hasText: 'subtotal adds up all lines' });
  await expect(cart).not.toContainText('now passes');

  const head = attempts(page).filter({ hasText: 'head' });
  await expect(head).toContainText('11 passed, 0 failed');
  await expect(head).toContainText('best');
});

test('the diff shows the line that was wrong and the line that is right', async ({ page }) => {
  await openPage(page);
  await solve(page);
  await expect(page.getByRole('tab', { name: 'Diff' })).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByRole('list', { name: 'Changed files' })).toHaveText('src/discount.js');
  const code = panel(page, 'Code');
  await expect(code.locator('.line-delete').first()).toBeVisible(RUN);
  await expect(code.locator('.line-insert').first()).toBeVisible();
  await expect.poll(() => codeOf(code)).toContain('price - rate)');
  await expect.poll(() => codeOf(code)).toMatch(/price \* \(1 - rate\)|price - price \* rate/);
});

test('a double click on Run starts one run', async ({ page }) => {
  await openPage(page);
  await button(page, 'Run').dblclick();
  await expect(run(page, 1).getByText('Solved', { exact: true })).toBeVisible(RUN);
  await expect(button(page, 'Run')).toBeEnabled();
  await expect(run(page, 2)).toHaveCount(0);
  await expect(panel(page, 'Steps').getByText('Solved', { exact: true })).toHaveCount(1);
});
