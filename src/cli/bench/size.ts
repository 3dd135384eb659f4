import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { launchBrowser } from '../browser/browser.ts';
import { withCommandPage, withCommandServer } from '../browser/command-page.ts';
import type { Bench, Measurement } from './measurement.ts';

/** Bytes over the network, compressed as our server sends them. */
export async function size({ root, dist }: Bench): Promise<Measurement[]> {
  let linkLength = 0;
  const firstLoad = await withCommandServer(
    root,
    () => undefined,
    ({ url }) => requestedPaths(url),
  );
  await withCommandPage(
    root,
    () => undefined,
    async ({ call }) => {
      const model = { kind: 'solver' as const, name: '', baseUrl: null, apiKey: null, recording: null };
      const end = await call('agent', {
        task: { name: 'discount' },
        goal: null,
        model,
        strategy: 'loop',
        mode: 'hands-off',
        models: {},
        candidates: null,
        limits: {},
        checks: { run: [], require: [], allTests: false },
        target: [],
        known: [],
      });
      linkLength = end.link.length;
    },
  );
  const sizes = await Promise.all(firstLoad.map((path) => transferSize(dist, path)));
  const runtime = await Promise.all(
    (await readdir(join(dist, 'runtime'), { recursive: true }))
      .filter((name) => name.endsWith('.br') && !name.includes('parts'))
      .map((name) => stat(join(dist, 'runtime', name))),
  );
  return [
    { name: 'first load, all of it (compressed)', ours: sum(sizes) / 1024, reference: null, unit: 'KB' },
    {
      name: 'of that, the embedded runtime (compressed)',
      ours: sum(runtime.map((file) => file.size)) / 1024,
      reference: null,
      unit: 'KB',
    },
    { name: 'link of the solved task discount', ours: linkLength / 1024, reference: null, unit: 'KB' },
  ];
}

/** Every path that the page asks for until it is at rest, in an empty browser. */
async function requestedPaths(url: string): Promise<string[]> {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    const paths = new Set<string>();
    page.on('response', (response) => paths.add(new URL(response.url()).pathname));
    await page.goto(url, { waitUntil: 'networkidle' });
    return [...paths];
  } finally {
    await browser.close();
  }
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

async function transferSize(dist: string, path: string): Promise<number> {
  const file = join(dist, path === '/' ? 'index.html' : path === '/headless' ? 'headless.html' : path);
  for (const candidate of [`${file}.br`, file]) {
    const content = await readFile(candidate).catch(() => null);
    if (content) return content.length;
  }
  return 0;
}
