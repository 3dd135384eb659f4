import { tmpdir } from 'node:os';
import type { Page } from 'playwright';
import { launchBrowser } from '../browser/browser.ts';
import { type OpenPage, withCommandServer } from '../browser/command-page.ts';
import type { PageMessage } from '../page-api.ts';
import { nativeMilliseconds } from './compare.ts';
import { type Bench, type Measurement, median } from './measurement.ts';

/** Opening the page to the first output of `node -e`: with an empty browser cache, then with a filled one. */
export async function boot({ root }: Bench): Promise<Measurement[]> {
  const native = await nativeMilliseconds(['-e', 'console.log(1)'], tmpdir());
  let firstOutput = 0;
  const onMessage = (message: PageMessage) => {
    if (message.type === 'output') firstOutput ||= performance.now();
  };
  const measure = async (page: Page, { url, call }: OpenPage) => {
    firstOutput = 0;
    const started = performance.now();
    await page.goto(`${url}/command.html?jobs`);
    const request = {
      mounts: [],
      command: ['node', '-e', 'console.log(1)'],
      cwd: null,
      env: {},
      timeoutSeconds: 60,
      split: false,
    };
    await call('sandbox', request);
    return firstOutput - started;
  };
  return withCommandServer(root, onMessage, async (open) => {
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      await page.goto('about:blank');
      const cold = await measure(page, open);
      const warm = [await measure(page, open), await measure(page, open), await measure(page, open)];
      return [
        { name: 'page open to first output, empty cache', ours: cold, reference: native, unit: 'ms' },
        { name: 'page open to first output, filled cache', ours: median(warm), reference: native, unit: 'ms' },
      ];
    } finally {
      await browser.close();
    }
  });
}
