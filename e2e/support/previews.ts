/** A page of a client whose sandbox serves pages, which previews show. */
import { test as base, type Page } from '@playwright/test';
import { bootHere, startClientServer } from './client.ts';

/** `page` shows the client. */
export const test = base.extend({
  page: async ({ page, baseURL }, use) => {
    await using server = await startClientServer(baseURL ?? '');
    await page.goto(server.url);
    await use(page);
  },
});

/** Boots, starts the server with this source, and returns the address that the event tells. */
export async function serveGuest(
  page: Page,
  source: string,
  options: Parameters<typeof bootHere>[1] = {},
): Promise<string> {
  await bootHere(page, options);
  return page.evaluate(async (text) => {
    const { container } = window;
    await container.fs.writeFile('server.js', text);
    const ready = new Promise<string>((resolve) => container.on('server-ready', (_port, url) => resolve(url)));
    await container.spawn('node', ['server.js'], { output: false });
    return ready;
  }, source);
}
