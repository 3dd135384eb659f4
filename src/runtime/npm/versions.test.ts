import satisfies from 'semver/functions/satisfies.js';
import { expect, it } from 'vitest';
import { nextVersion } from './change-version.ts';

it.each([
  ['1.2.3', '^1.2.0', true],
  ['2.0.0', '^1.2.0', false],
  ['0.2.5', '^0.2.3', true],
  ['0.3.0', '^0.2.3', false],
  ['0.0.3', '^0.0.3', true],
  ['0.0.4', '^0.0.3', false],
  ['1.9.9', '1.x', true],
  ['1.2.9', '~1.2.3', true],
  ['1.3.0', '~1.2.3', false],
  ['1.3.0', '~1', true],
  ['3.0.0', '*', true],
  ['3.0.0', '', true],
  ['1.5.0', '>=1.2 <2', true],
  ['2.0.0', '>=1.2 <2', false],
  ['2.3.4', '1.2.3 - 2.3', true],
  ['2.4.0', '1.2.3 - 2.3', false],
  ['3.1.0', '^1 || ^3', true],
  ['1.0.0-beta.2', '^1.0.0-beta.1', true],
  ['1.1.0-beta.2', '^1.0.0', false],
  ['2.0.0-rc.1', '^1.0.0', false],
  ['1.2.3', '>1.2', false],
  ['1.3.0', '>1.2', true],
  ['1.2.9', '<=1.2', true],
  ['1.2.3', 'latest', false],
])('%s within %s: %s', (version, range, expected) => {
  expect(satisfies(version, range)).toBe(expected);
});

it.each([
  ['1.2.3', 'patch', '1.2.4'],
  ['1.2.3', 'minor', '1.3.0'],
  ['1.2.3', 'major', '2.0.0'],
  ['1.2.3', 'prerelease', '1.2.4-0'],
  ['1.2.4-0', 'prerelease', '1.2.4-1'],
  ['1.2.4-0', 'patch', '1.2.4'],
  ['1.2.3', 'preminor', '1.3.0-0'],
  ['2.0.0-beta.1', 'major', '2.0.0'],
])('%s %s gives %s', (from, release, to) => {
  expect(nextVersion(from, release)).toBe(to);
});
