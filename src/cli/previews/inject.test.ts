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
  ['<!doctype html><html><head><title>ä</title>', '<!doctype html>[X]<html><head><title>ä</title>'],
  ['<!-- ü <!DOCTYPE x> -->\n<!DOCTYPE html>\n<HTML>', '<!-- ü <!DOCTYPE x> -->\n<!DOCTYPE html>[X]\n<HTML>'],
  ['<!-- a --><html><body>b', '[X]<!-- a --><html><body>b'],
  ['\uFEFF<!doctype html><head>a', '\uFEFF<!doctype html>[X]<head>a'],
  ['<?xml?><!doctype html>a', '<?xml?><!doctype html>[X]a'],
  // A browser is past the comment, or the tag, sooner or later than it looks.
  ['<!--><script>1</script>--><!doctype html>', '[X]<!--><script>1</script>--><!doctype html>'],
  ['<!--a--!><b>--><!doctype html>', '[X]<!--a--!><b>--><!doctype html>'],
  ['<html a="><head>"><script>1</script>', '[X]<html a="><head>"><script>1</script>'],
  ['<header>a</header>', '[X]<header>a</header>'],
  ['<h1>no head</h1>', '[X]<h1>no head</h1>'],
  ['text', '[X]text'],
  ['', '[X]'],
])('%j', async (text, expected) => {
  expect(await injected(text)).toBe(expected);
  expect(await injected(...text)).toBe(expected);
});

it.each([
  ['text/html; charset=utf-16le', '', 'utf16le'],
  ['text/html; Charset="UTF-16"', '', 'utf16le'],
  ['text/html', '\uFEFF', 'utf16le'],
  ['text/html; charset=utf-8', '\uFEFF', 'utf16le'],
] as const)('in UTF-16, as %s and a mark %j say', async (contentType, mark, charset) => {
  const document = (text: string) => Buffer.from(`${mark}<!doctype html>${text}<p>ä</p>`, charset);
  const read = async (bytes: Buffer, type: string) =>
    Buffer.concat(
      await Readable.from([bytes.subarray(0, 7), bytes.subarray(7)])
        .pipe(injector('[X]', type))
        .toArray(),
    );
  expect(await read(document(''), contentType)).toEqual(document('[X]'));
  const turned = contentType.replace('utf-16le', 'utf-16be').replace('"UTF-16"', 'utf-16be');
  expect(await read(document('').swap16(), turned)).toEqual(document('[X]').swap16());
});
