import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { beginningOf, beginsAsHtml, charsetOf } from './sniff.ts';

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
  expect(beginsAsHtml(await beginningOf(stream))).toBe(expected);
  expect(Buffer.concat(await stream.toArray()).toString()).toBe(text === '' ? '' : `${text}rest`);
});

it.each([
  ['text/html; charset="ISO-8859-1"', '<meta charset=utf-8>', 'windows-1252'],
  ['text/html; charset=nonsense', '<meta charset="Shift_JIS">', 'shift_jis'],
  ['text/html', '<meta http-equiv=Content-Type content="text/html; charset=gbk">', 'gbk'],
  ['text/html', '<meta charset=utf-16>', 'utf-8'],
  ['text/html; charset=utf-16', '', 'utf-16le'],
  ['text/html', '<title>a</title>', 'utf-8'],
  // In it a word may be written with what shows nothing between its letters.
  ['text/html; charset=iso-2022-jp', '', 'utf-8'],
  ['text/html', '<meta charset=csISO2022JP>', 'utf-8'],
])('%s with %s is read as %s', (contentType, beginning, charset) => {
  expect(charsetOf(contentType, Buffer.from(beginning))).toBe(charset);
});
