import { expect, it } from 'vitest';
import { existingPath, ownPath } from './own-path.ts';

const FILES = {
  'index.js': '',
  'src/sum.js': '',
  'src/a/sum.js': '',
  'src/one.js': '',
  'test/one.test.js': '',
  'a:1.js': '',
};

it.each([
  ['/src/sum.js', 'src/sum.js'],
  ['/workspace/src/sum.js', 'src/sum.js'],
  ['/home/me/some-project/src/a/sum.js', 'src/a/sum.js'],
  ['file:///app/src/sum.js', 'src/sum.js'],
  ['C:\\Users\\me\\shop\\src\\sum.js', 'src/sum.js'],
  ['~/shop/src/sum.js', 'src/sum.js'],
  ['workspace/src/sum.js', 'src/sum.js'],
  ['@/src/sum.js', 'src/sum.js'],
  ['./src//sum.js', 'src/sum.js'],
  ['`src/sum.js`', 'src/sum.js'],
  ['"src/sum.js"', 'src/sum.js'],
  ['src/sum.js:4', 'src/sum.js'],
  ['src/sum.js:4:12', 'src/sum.js'],
  ['src/sum.js#L4-L9', 'src/sum.js'],
  ['/workspace/index.js', 'index.js'],
  ['a:1.js', 'a:1.js'],
])('%s means %s', (named, path) => {
  expect(ownPath(FILES, named)).toBe(path);
});

it.each([
  // Another folder of the project is named.
  '/workspace/test/sum.js',
  '/workspace/src/index.js',
  '/etc/index.js',
  'C:\\index.js',
  // May be a new folder.
  'lib/src/sum.js',
  '/workspace/src/new.js',
  '../shop/src/sum.js',
  '/workspace/../src/sum.js',
  'sum.js',
  'one.js',
  'SRC/sum.js',
])('%s is left as it is', (named) => {
  expect(ownPath(FILES, named)).toBe(named);
});

it('is known by its name alone, or in another case, where the file must be there', () => {
  expect(existingPath(FILES, 'one.js')).toBe('src/one.js');
  expect(existingPath(FILES, 'SRC/Sum.js')).toBe('src/sum.js');
  expect(existingPath(FILES, 'sum.js')).toBe('sum.js');
  expect(existingPath(FILES, '/one.js')).toBe('/one.js');
});
