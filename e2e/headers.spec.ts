import { expect, test } from '@playwright/test';

test('the page, the headless page and the sandbox frame are isolated', async ({ request }) => {
  for (const path of ['/', '/headless', '/runtime/sandbox.html']) {
    const headers = (await request.get(path)).headers();
    expect(headers['cross-origin-opener-policy'], path).toBe('same-origin');
    expect(headers['cross-origin-embedder-policy'], path).toBe('require-corp');
    expect(headers['x-content-type-options'], path).toBe('nosniff');
  }
});

test('the sandbox frame has no origin and no network', async ({ request }) => {
  const policy = (await request.get('/runtime/sandbox.html')).headers()['content-security-policy'];
  expect(policy).toContain('sandbox allow-scripts');
  expect(policy).not.toContain('allow-same-origin');
  expect(policy).toContain("connect-src 'none'");
  expect(policy).toContain("default-src 'none'");
});

test('the page is cross-origin isolated and runs no foreign script', async ({ page }) => {
  const response = await page.goto('/');
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  expect(response?.headers()['content-security-policy']).toContain("script-src 'self'");
});

test('the file for static hosts says the same as the server', async ({ request }) => {
  const { headersFor, parseHeadersFile } = await import('../src/cli/build/headers.ts');
  const { readFile } = await import('node:fs/promises');
  const rules = parseHeadersFile(await readFile('dist/_headers', 'utf8'));
  for (const path of ['/', '/headless', '/runtime/sandbox.html']) {
    const served = (await request.get(path)).headers();
    for (const [name, value] of Object.entries(headersFor(rules, path)))
      expect(served[name.toLowerCase()], `${path} ${name}`).toBe(value);
  }
});

test('browsers keep for good what has its hash in its path, and nothing else of the runtime', async ({ request }) => {
  const cachingOf = async (path: string) => (await request.get(path)).headers()['cache-control'] ?? '';
  const page = await (await request.get('/headless')).text();
  const script = /"(\/runtime\/v\/[0-9a-f]{16}\/headless\.js)"/.exec(page)?.[1] ?? '';
  expect(await cachingOf(script)).toContain('immutable');
  for (const path of ['/headless', '/runtime/sandbox.html']) expect(await cachingOf(path)).not.toContain('immutable');
});

test('the development server isolates the same pages', async () => {
  const { createServer } = await import('vite');
  const server = await createServer({ server: { port: 0, host: '127.0.0.1' }, logLevel: 'error' });
  try {
    await server.listen();
    const origin = server.resolvedUrls?.local[0] ?? '';
    for (const path of ['/', '/headless', '/runtime/sandbox.html']) {
      const { headers, status } = await fetch(new URL(path, origin));
      expect(status, path).toBe(200);
      expect(headers.get('cross-origin-opener-policy'), path).toBe('same-origin');
      expect(headers.get('cross-origin-embedder-policy'), path).toBe('require-corp');
      expect(headers.get('content-security-policy'), path).toContain("default-src 'none'");
    }
  } finally {
    await server.close();
  }
});
