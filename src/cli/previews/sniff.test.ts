import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { beginsAsHtml } from './sniff.ts';

it.each([
  ['<!DOCTYPE html><p>', true],
  [' \n<h1>a', true],
  ['<!-- a', true],
  ['<header>', false],
  ['here <b>', false],
  ['{}', false],
  ['', false],
])('%j', async (text, expected) => {
  const stream = Readable.from(text === '' ? [] : [Buffer.from(text), Buffer.from('rest')]);
  expect(await beginsAsHtml(stream)).toBe(expected);
  expect(Buffer.concat(await stream.toArray()).toString()).toBe(text === '' ? '' : `${text}rest`);
});
