/** A gallery of one task, in place of the one that is served. */
import type { Page } from '@playwright/test';

interface ServedTask {
  readonly title: string;
  /** Paths in the project, and their texts. */
  readonly files: Readonly<Record<string, string>>;
  /** Held-out tests, likewise. */
  readonly hidden?: Readonly<Record<string, string>>;
}

/** The page that is opened next finds this task alone; its test command is `npm test`. */
export async function serveTask(page: Page, { title, files, hidden = {} }: ServedTask): Promise<void> {
  const task = { title, goal: 'Make the tests pass.', test: 'npm test', level: 'starter' };
  const folders = [...inFolder('files', files), ...inFolder('hidden', hidden)];
  const texts = new Map(folders);
  await page.route('**/tasks/index.json', (route) =>
    route.fulfill({ json: [{ name: 'served', title, level: 'starter', files: [...texts.keys()] }] }),
  );
  await page.route('**/tasks/served/task.json', (route) => route.fulfill({ json: task }));
  await page.route(/\/tasks\/served\/(files|hidden)\//, (route) => {
    const [, path = ''] = new URL(route.request().url()).pathname.split('/tasks/served/');
    return route.fulfill({ body: texts.get(path) ?? '', contentType: 'text/plain' });
  });
}

const inFolder = (folder: string, files: Readonly<Record<string, string>>) =>
  Object.entries(files).map(([path, text]): [string, string] => [`${folder}/${path}`, text]);

/** A task whose test never ends. */
export const ENDLESS: ServedTask = {
  title: 'A test that never ends',
  files: {
    'package.json': JSON.stringify({ name: 'endless', type: 'module', scripts: { test: 'node --test' } }),
    'src/spin.js': 'export function spin() {\n  for (;;) {}\n}\n',
    'test/spin.test.js':
      "import { test } from 'node:test';\nimport { spin } from '../src/spin.js';\ntest('spins', () => spin());\n",
  },
};
