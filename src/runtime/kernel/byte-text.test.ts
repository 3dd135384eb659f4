import { describe, expect, it } from 'vitest';
import { bytesOfText, textOfBytes } from './byte-text.ts';
import { decode, Encoder } from './channel/codec.ts';

const names: number[][] = [
  [...new TextEncoder().encode('plain')],
  [...new TextEncoder().encode('ünï 漢字 😀')],
  [0x61, 0xff, 0xfe, 0x62, 0xc3],
  [0xf0, 0x9f, 0x98, 0x80, 0x80],
  [0xed, 0xa0, 0x80, 0xf0, 0x9f, 0x98],
  [0x80],
];

describe('paths that are no UTF-8', () => {
  it.each(names)('keep their bytes: %j', (...bytes) => {
    const text = textOfBytes(Uint8Array.from(bytes));
    expect([...bytesOfText(text)]).toEqual(bytes);
  });

  it('cross the border to the kernel', () => {
    const texts = names.map((bytes) => textOfBytes(Uint8Array.from(bytes)));
    expect(decode(new Encoder().encode(texts).slice())).toEqual(texts);
  });

  it('are replaced where a string is shown', () => {
    expect(textOfBytes(Uint8Array.from([0x61, 0xff])).toWellFormed()).toBe('a\ufffd');
  });
});
