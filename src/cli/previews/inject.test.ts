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
  ['utf-16le', ''],
  ['utf-8', '\uFEFF'],
])('in UTF-16, as the charset %s and a mark %j say', async (charset, mark) => {
  const document = (text: string) => Buffer.from(`${mark}<!doctype html>${text}<p>ä</p>`, 'utf16le');
  const read = async (bytes: Buffer, name: string) =>
    Buffer.concat(
      await Readable.from([bytes.subarray(0, 7), bytes.subarray(7, 50), bytes.subarray(50)])
        .pipe(injector('[X]', name))
        .toArray(),
    );
  expect(await read(document(''), charset)).toEqual(document('[X]'));
  const turned = charset.replace('le', 'be');
  expect(await read(document('').swap16(), turned)).toEqual(document('[X]').swap16());
});

it('hides the names of the attributes that hold a document and make a shadow root, wherever they are cut', async () => {
  const text =
    '<!doctype html><p>é</p><iframe SrcDoc="a"></iframe><script>f.srcdoc = 1</script><template ShadowRootMode=open>';
  const expected = text
    .replaceAll(/srcdoc/gi, (name) => `${name.slice(0, -1)}\\u0063`)
    .replaceAll(/shadowrootmode/gi, (name) => `${name.slice(0, -1)}\\u0065`)
    .replace('l>', 'l>[X]');
  for (const units of ['utf8', 'utf16le'] as const)
    for (const size of [1, 2, 3, 5, 7, 1000]) {
      const bytes = Buffer.from(text, units);
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
        bytes.subarray(i * size, (i + 1) * size),
      );
      const charset = units === 'utf8' ? 'utf-8' : 'utf-16le';
      const parts = await Readable.from(pieces).pipe(injector('[X]', charset)).toArray();
      expect(Buffer.concat(parts).toString(units)).toBe(expected);
    }
});
