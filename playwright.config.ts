import { createServer } from 'node:net';
import { defineConfig } from '@playwright/test';
import { BROWSER_ARGUMENTS, findBrowser, ROOT_ARGUMENTS } from './src/cli/browser/browser.ts';

const executablePath = findBrowser();
// Any port that is free, so that two checkouts are tested at once. Playwright reads this file in each of its processes:
// the first chooses, the others inherit the choice.
process.env.E2E_PORT ??= String(await freePort());
const port = Number(process.env.E2E_PORT);

/** End to end: the production build, served as `npm start` serves it, in real Chromium, with no network and no key. */
export default defineConfig({
  testDir: 'e2e',
  // The fixtures hold tests of Node's own runner.
  testMatch: '**/*.spec.ts',
  // Only what hangs should come to these limits: a busy machine of few cores takes ten times as long as a good one.
  timeout: 900_000,
  expect: { timeout: 150_000 },
  workers: 2,
  fullyParallel: true,
  forbidOnly: true,
  // A test that passes in its second try is no failure, and `npm test` tells its name: there is something to mend.
  retries: 1,
  reporter: [['list'], ['json', { outputFile: 'node_modules/.cache/fixpoint/reports/e2e.json' }]],
  use: {
    baseURL: `http://localhost:${port}`,
    launchOptions: {
      ...(executablePath ? { executablePath } : {}),
      args: [...BROWSER_ARGUMENTS, ...ROOT_ARGUMENTS],
    },
    trace: 'retain-on-failure',
  },
  webServer: {
    command: `node src/cli/start.mjs serve --port ${port}`,
    url: `http://localhost:${port}`,
    timeout: 600_000,
    reuseExistingServer: false,
  },
});

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, () => {
      const address = server.address();
      const { port } = typeof address === 'object' && address !== null ? address : { port: 0 };
      server.close(() => resolve(port));
    });
  });
}
