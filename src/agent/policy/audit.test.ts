import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { NativeSandbox } from '../native-sandbox.test-support.ts';
import { changedBeside } from './audit.ts';

test('installed code that was changed is found; the caches of tools are theirs', async () => {
  const sandbox = await NativeSandbox.create({ 'package.json': '{}' });
  // A file's time is that of the last tick of the system's clock, which may lie before what Date.now tells.
  const before = Date.now() - 1000;
  const written = [
    'node_modules/.cache/ava/failing-tests.json',
    'node_modules/.vite/results.json',
    'node_modules/.package-lock.json',
    'packages/a/node_modules/.cache/x',
    'node_modules/left/index.js',
    'node_modules/left/node_modules/.cache/x',
  ];
  for (const file of written) {
    await mkdir(path.join(sandbox.folder, path.dirname(file)), { recursive: true });
    await writeFile(path.join(sandbox.folder, file), '1');
  }
  const found = await changedBeside(sandbox, before, new AbortController().signal);
  expect(found.map((each) => each.path).filter((each) => !each.startsWith('/'))).toEqual([
    'node_modules/left/index.js',
  ]);
});
