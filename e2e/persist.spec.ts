import { expect, test } from '@playwright/test';
import { attempts, button, openPage, panel, RUN, run, solve } from './support/page.ts';

test('a solved session is there again after a reload, and runs on', async ({ page }) => {
  await openPage(page);
  await solve(page);
  const before = await attempts(page).allInnerTexts();
  await page.reload();
  await expect(run(page, 1).getByText('Solved', { exact: true })).toBeVisible(RUN);
  await expect.poll(() => attempts(page).allInnerTexts()).toEqual(before);
  await expect(panel(page, 'Tests').getByRole('heading')).toContainText('11 passed, 0 failed');
  await expect(button(page, 'Run')).toBeEnabled(RUN);
});

test('a reload in the middle of a run keeps what it did and shows it as stopped', async ({ page }) => {
  await openPage(page);
  await button(page, 'Step').click();
  await expect(page.getByText(/^Waiting: /)).toBeVisible(RUN);
  await button(page, 'Step').click();
  await expect(page.locator('.call-ok')).toHaveCount(1, RUN);
  // The next step has begun, and waits.
  await expect(page.getByText(/^Waiting: /)).toBeVisible(RUN);
  const steps = await run(page, 1).getByRole('listitem').count();
  await page.reload();
  await expect(run(page, 1).getByText('Stopped', { exact: true })).toBeVisible(RUN);
  await expect(run(page, 1).getByRole('listitem')).toHaveCount(steps);
  await expect(button(page, 'Run')).toBeEnabled(RUN);
});

test('a second tab shows the session read-only and follows it', async ({ page, context }) => {
  await openPage(page);
  await button(page, 'Step').click();
  await expect(run(page, 1)).toBeVisible(RUN);
  const second = await context.newPage();
  await second.goto('/');
  await expect(second.getByText('This session is open in another tab')).toBeVisible(RUN);
  await expect(button(second, 'Run')).toBeDisabled();
  await button(page, 'Continue').click();
  await expect(run(page, 1).getByText('Solved', { exact: true })).toBeVisible(RUN);
  await expect(run(second, 1).getByText('Solved', { exact: true })).toBeVisible(RUN);
});
