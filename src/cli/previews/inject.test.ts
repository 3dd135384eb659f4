import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { injector } from './inject.ts';

async function injected(...chunks: string[]): Promise<string> {
  const parts = await Readable.from(chunks.map((chunk) => Buffer.from(chunk)))
    .pipe(injector('[X]'))
    .toArray();
  return Buffer.concat(parts).toString();
}

it.each([
  ['<!doctype html><html><head><title>ä</title>', '<!doctype html><html><head>[X]<title>ä</title>'],
  [
    '<!DOCTYPE html>\n<HTML lang="de">\n<HEAD class=x>\n<meta>',
    '<!DOCTYPE html>\n<HTML lang="de">\n<HEAD class=x>[X]\n<meta>',
  ],
  ['<!-- ü <head> --><html><body>b', '<!-- ü <head> --><html>[X]<body>b'],
  ['\uFEFF<!doctype html><head>a', '\uFEFF<!doctype html><head>[X]a'],
  ['<header>a</header>', '[X]<header>a</header>'],
  ['<h1>no head</h1>', '[X]<h1>no head</h1>'],
  ['text', '[X]text'],
  ['', '[X]'],
])('%j', async (text, expected) => {
  expect(await injected(text)).toBe(expected);
  expect(await injected(...text)).toBe(expected);
});
