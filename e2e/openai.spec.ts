import { expect, type Page, test } from '@playwright/test';
import { repairDiscount, startOpenAIServer } from './support/openai-server.ts';
import { button, chooseServer, openPage, panel, RUN, run, shareLink, solve } from './support/page.ts';

const KEY = 'sk-end-to-end-4f1d9c27';

for (const streams of [true, false]) {
  test(`a server that ${streams ? 'streams' : 'answers whole'} solves the task`, async ({ page }) => {
    await using server = await startOpenAIServer({ script: repairDiscount('price * (1 - rate)'), streams });
    await openPage(page);
    await chooseServer(page, { baseUrl: server.baseUrl, model: 'test-model', key: KEY });
    await solve(page);
    await expect(run(page, 1)).toContainText('by openai:test-model');
    await expect(panel(page, 'Steps')).toContainText('A rate is a part of the price.');
    await expect(panel(page, 'Tests').getByRole('heading')).toContainText('11 passed, 0 failed');
    expect(new Set(server.authorizations)).toEqual(new Set([`Bearer ${KEY}`]));
  });
}

test('the key is in no stored record and no link', async ({ page }) => {
  await using server = await startOpenAIServer({ script: repairDiscount('price * (1 - rate)') });
  await openPage(page);
  await chooseServer(page, { baseUrl: server.baseUrl, model: 'test-model', key: KEY });
  await solve(page);

  const { decodeLink } = await import('../src/share/link.ts');
  const shared = JSON.stringify(await decodeLink(new URL(await shareLink(page)).hash));
  expect(shared).toContain('openai:test-model');
  expect(shared).not.toContain(KEY);
  const stored = await everythingStored(page);
  expect(stored).toContain('test-model');
  expect(stored).not.toContain(KEY);
});

test('a server that cannot be reached ends the run, and says what to look at', async ({ page }) => {
  await openPage(page);
  await chooseServer(page, { baseUrl: 'http://127.0.0.1:9/v1', model: 'test-model', key: KEY });
  await button(page, 'Run').click();
  await expect(run(page, 1).getByText('Failed', { exact: true })).toBeVisible(RUN);
  await expect(run(page, 1)).toContainText('cannot be reached');
  await expect(button(page, 'Run')).toBeEnabled();
});

/** All of the page's own storage as one text. */
function everythingStored(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const wait = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const found: unknown[] = [{ ...localStorage }, { ...sessionStorage }, document.cookie];
    for (const { name } of await indexedDB.databases()) {
      if (name === undefined) continue;
      const database = await wait(indexedDB.open(name));
      for (const store of database.objectStoreNames)
        found.push(await wait(database.transaction(store).objectStore(store).getAll()));
      database.close();
    }
    return JSON.stringify(found);
  });
}
