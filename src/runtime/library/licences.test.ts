import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bundle, packageFolderOf } from './bundle.ts';
import { licenceTexts } from './licences.ts';

const root = join(import.meta.dirname, '../../..');

test('the package a file belongs to', () => {
  expect(packageFolderOf('node_modules/@noble/hashes/sha2.js')).toBe('node_modules/@noble/hashes');
  expect(packageFolderOf('../x/node_modules/a/node_modules/b/lib/c.js')).toBe('../x/node_modules/a/node_modules/b');
  expect(packageFolderOf('src/runtime/kernel/worker.ts')).toBeNull();
});

test('a bundle tells what it carries, and the licences of that are found', async () => {
  const { packages } = await bundle({ root, entryPoint: 'src/runtime/transformer/worker.ts' });
  const text = await licenceTexts(packages);
  expect(text).toMatch(/^acorn\n\nMIT License/);
});
