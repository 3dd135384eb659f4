/** Takes the compression off an answer: a server may compress where none was asked for. */
import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** In the order in which they come off; null when the header names one that is not known. */
export function decodersOf(contentEncoding = ''): Transform[] | null {
  const names = contentEncoding
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity');
  const makers = names.reverse().map((name) => (Object.hasOwn(DECODERS, name) ? DECODERS[name] : undefined));
  const known = makers.filter((make) => make !== undefined);
  return known.length === makers.length ? known.map((make) => make()) : null;
}
