import { expect, type Page, test } from '@playwright/test';
import { attempts, button, openPage, panel, RUN, run, shareLink, solve } from './support/page.ts';

/** The link of a solved session, made in a context that is gone afterwards. */
async function solvedLink(page: Page): Promise<{ link: string; attempts: string[] }> {
  await openPage(page);
  await solve(page);
  const shown = await attempts(page).allInnerTexts();
  return { link: await shareLink(page), attempts: shown };
}

test('a link shows the whole session elsewhere, without a sandbox and without a key; a re-run agrees', async ({
  page,
  browser,
}) => {
  const solved = await solvedLink(page);
  const context = await browser.newContext();
  const other = await context.newPage();
  const requests: string[] = [];
  other.on('request', (request) => requests.push(new URL(request.url()).pathname));
  await other.goto(solved.link);

  await expect(other.getByText('This session came with a link')).toBeVisible(RUN);
  await expect(run(other, 1).getByText('Solved', { exact: true })).toBeVisible();
  await expect.poll(() => attempts(other).allInnerTexts()).toEqual(solved.attempts);
  await expect(panel(other, 'Tests').getByRole('heading')).toContainText('11 passed, 0 failed');
  await attempts(other).first().click();
  await expect(attempts(other).first()).toHaveAttribute('aria-selected', 'true');
  await expect(panel(other, 'Tests').getByRole('heading')).toContainText('failed');
  await expect(button(other, 'Run')).toBeDisabled();
  expect(requests.filter((path) => path.startsWith('/runtime/'))).toEqual([]);

  await button(other, 'Re-run').click();
  await expect(other.getByRole('dialog', { name: 'Re-run' })).toContainText(/All \d+ steps agree\./, RUN);
  await context.close();
});

test('a link that was changed, cut or made by a newer version is refused with its reason', async ({ page }) => {
  const { link } = await solvedLink(page);
  const before = await attempts(page).allInnerTexts();
  const middle = Math.floor((link.indexOf('#') + link.length) / 2);
  const changed = `${link.slice(0, middle)}${link[middle] === 'A' ? 'B' : 'A'}${link.slice(middle + 1)}`;
  const bad = [
    { link: changed, reason: 'This link is damaged' },
    { link: link.slice(0, -200), reason: /This link (was cut|is damaged)/ },
    { link: link.replace('#s1=', '#s9='), reason: 'made with a newer Fixpoint (link version 9' },
    { link: link.replace('#s1=', '#x1='), reason: 'This link holds no Fixpoint session' },
  ];
  for (const { link: address, reason } of bad) {
    await page.evaluate((hash) => {
      location.hash = hash;
    }, new URL(address).hash);
    await expect(page.getByRole('alert').filter({ hasText: reason })).toBeVisible(RUN);
    await expect(run(page, 1).getByText('Solved', { exact: true })).toBeVisible();
    expect(await attempts(page).allInnerTexts()).toEqual(before);
    await page.getByRole('button', { name: 'Dismiss' }).click();
  }
});

test('a bad link in a clean browser says why, and the page is usable', async ({ page }) => {
  await openPage(page, '/#s1=AAAAAAAA');
  await expect(page.getByRole('alert').filter({ hasText: 'This link is damaged' })).toBeVisible(RUN);
  await expect(page.getByRole('heading', { name: 'A discount that subtracts' })).toBeVisible();
});
