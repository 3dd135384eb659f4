import { expect, test } from 'vitest';
import type { TreeEntry } from '../sandbox.ts';
import { besideBranch } from './beside-branch.ts';

const file = (path: string): TreeEntry => ({ path, type: 'file', bytes: new Uint8Array() });
const link = (path: string, target: string): TreeEntry => ({ path, type: 'link', target });

test('a branch has what a snapshot leaves out, but secrets and history, and the installed code as a link', () => {
  const mounted = [
    ...['src/a.js', 'dist/a.js', 'data/large.bin', '.env', '.git/HEAD', 'coverage/x'].map(file),
    link('latest', 'src/a.js'),
    ...['node_modules/chai/index.js', 'lib/node_modules/x/index.js'].map(file),
    link('node_modules/.bin/mocha', '../mocha/bin/mocha.js'),
  ];
  const omitted = ['dist/', 'data/large.bin', '.env', '.git/', 'coverage/', 'latest', 'node_modules/'];
  expect(besideBranch(mounted, { omitted, folder: '/home/p' })).toEqual([
    file('dist/a.js'),
    file('data/large.bin'),
    link('latest', 'src/a.js'),
    link('node_modules', '/home/p/node_modules'),
    link('lib/node_modules', '/home/p/lib/node_modules'),
  ]);
});

test('packages of a workspace lead to the files of the branch', () => {
  const mounted = [
    file('packages/core/index.js'),
    link('node_modules/core', '../packages/core'),
    link('node_modules/@me/other', '../../packages/other'),
    file('node_modules/@me/far/index.js'),
    file('node_modules/chai/index.js'),
    link('node_modules/.bin/mocha', '../chai/bin.js'),
  ];
  expect(besideBranch(mounted, { omitted: ['node_modules/'], folder: '/home/p' })).toEqual([
    link('node_modules/core', '../packages/core'),
    link('node_modules/@me/other', '../../packages/other'),
    link('node_modules/@me/far', '/home/p/node_modules/@me/far'),
    link('node_modules/chai', '/home/p/node_modules/chai'),
    link('node_modules/.bin', '/home/p/node_modules/.bin'),
  ]);
});
