import { expect, test } from '@playwright/test';
import { ENDLESS, serveTask } from './support/gallery.ts';
import { button, openPage, panel, RUN, run } from './support/page.ts';

test('Stop ends a run whose test never ends, and the page stays alive', async ({ page }) => {
  await serveTask(page, ENDLESS);
  await openPage(page);
  await expect(page.getByRole('heading', { name: ENDLESS.title })).toBeVisible();
  await button(page, 'Run').click();
  await page.getByRole('tab', { name: 'Output' }).click();
  await expect(page.getByRole('tabpanel')).toContainText('node --test', RUN);
  await page.getByRole('tab', { name: 'File', exact: true }).click();
  await expect(page.getByRole('tab', { name: 'File', exact: true })).toHaveAttribute('aria-selected', 'true');

  await button(page, 'Stop').click();
  await expect(run(page, 1).getByText('Stopped', { exact: true })).toBeVisible();
  await expect(button(page, 'Run')).toBeEnabled();
  await button(page, 'Run').click();
  await expect(run(page, 2)).toBeVisible(RUN);
  await button(page, 'Stop').click();
  await expect(run(page, 2).getByText('Stopped', { exact: true })).toBeVisible();
});

test('Step makes one tool call at a time, and Run goes on to the end', async ({ page }) => {
  await openPage(page);
  const status = page.getByText(/^Waiting: /);
  await button(page, 'Step').click();
  await expect(status).toBeVisible(RUN);
  await expect(page.locator('.call-ok')).toHaveCount(0);
  for (const count of [1, 2, 3]) {
    await button(page, 'Step').click();
    await expect(page.locator('.call-ok')).toHaveCount(count, RUN);
    await expect(status).toBeVisible(RUN);
    await expect(page.locator('.call-ok')).toHaveCount(count);
  }
  await button(page, 'Continue').click();
  await expect(run(page, 1).getByText('Solved', { exact: true })).toBeVisible(RUN);
  await expect(panel(page, 'Tests').getByRole('heading')).toContainText('11 passed, 0 failed');
});
