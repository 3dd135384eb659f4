import { Buffer } from 'node:buffer';
import { StringDecoder } from 'node:string_decoder';
import { domainToUnicode } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { stringDecoder } from '../bindings/string_decoder.ts';
import { url as urlBinding } from '../bindings/url.ts';
import type { ProcessContext } from '../context.ts';
import { decodeBytes } from './decode.ts';
import { encodeString, utf8Length, writeLatin1, writeLong, writeUtf8 } from './encode.ts';
import { ENCODINGS, encodingOf } from './names.ts';
import { decodePunycodeHost, isPunycodeHost } from './punycode.ts';
import { compareBytes, indexOfBytes } from './search.ts';
import { stringWidth } from './string-width.ts';

const encodings = ENCODINGS.filter((name) => name !== 'buffer');
const texts = [
  '',
  'a',
  'plain ascii text that is longer than any shortcut',
  'héllo wörld',
  '€uro 😀',
  '\ud83d lone',
  'aGk=',
  '68C3a9zz12',
  '-_+/==',
  `${'x'.repeat(20_000)}é`,
];

/** Bytes that look like nothing in particular, the same in each run. */
function noise(length: number, seed: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    return state >> 16;
  });
}

describe('encodings, against Node itself', () => {
  it.each(encodings)('encodes to %s', (encoding) => {
    for (const text of texts) {
      expect(Buffer.from(encodeString(text, encoding)).toString('hex')).toBe(
        Buffer.from(text, encoding).toString('hex'),
      );
    }
  });

  it.each(encodings)('decodes from %s', (encoding) => {
    for (const length of [0, 1, 2, 3, 4, 24, 25, 100, 9001, 20_001]) {
      const bytes = noise(length, length);
      expect(decodeBytes(bytes, encoding)).toBe(Buffer.from(bytes).toString(encoding));
    }
  });

  it.each(encodings)('writes a long text in %s where it shall be', (encoding) => {
    const wild = `${'-_'.repeat(50)}+/*é=`;
    for (const text of [
      ...texts,
      'ab'.repeat(500),
      `${'4f'.repeat(60)}x4f`,
      'QUJD'.repeat(400),
      `${'QUJD'.repeat(40)}Q=QUJD`,
      wild,
    ]) {
      for (const room of [text.length * 3, 100, 33]) {
        const [target, expected] = [new Uint8Array(room), Buffer.alloc(room)];
        const written = writeLong(text, encoding, target);
        const count = expected.write(text, encoding);
        if (written !== null) expect([written, Buffer.from(target)]).toEqual([count, expected]);
      }
    }
    expect(writeLong('ab'.repeat(500), 'latin1', new Uint8Array(1000))).toBe(1000);
  });

  it('writes a byte a character in latin1, as many as fit', () => {
    for (const text of texts) {
      for (const room of [0, 1, 7, text.length]) {
        const [target, expected] = [new Uint8Array(room), Buffer.alloc(room)];
        expect([writeLatin1(text, target), Buffer.from(target)]).toEqual([expected.write(text, 'latin1'), expected]);
      }
    }
  });

  it('counts the bytes of long texts, whatever lies between two parts of them', () => {
    for (const end of ['é', '😀', '\ud83d', '\udc00x', '']) {
      for (let length = 12_285; length < 12_291; length++) {
        const text = `${'x'.repeat(length)}${end}${'ü😀'.repeat(9000)}`;
        expect(utf8Length(text)).toBe(Buffer.byteLength(text));
      }
    }
  });

  it('writes what it has counted as what it has not', () => {
    const parts = ['x', 'é', '€', '😀', '\ud83d'];
    for (const units of [1, 24, 255, 256, 257, 1000, 4096, 4097, 13_000]) {
      for (const part of parts) {
        const text = `${'x'.repeat(units - 1)}${part}`;
        const expected = Buffer.from(text);
        for (const room of [expected.length, expected.length + 3, expected.length - 1]) {
          for (const counts of [false, true]) {
            // Another text in between, so that nothing is remembered of the round before.
            utf8Length('y'.repeat(300));
            if (counts) utf8Length(text);
            const target = new Uint8Array(room);
            const native = Buffer.alloc(room);
            expect(writeUtf8(text, target)).toBe(native.write(text));
            expect(Buffer.compare(target, native)).toBe(0);
          }
        }
      }
    }
  });

  it('knows aliases and numbers', () => {
    expect(['UTF-8', 'ucs2', 'binary', 'utf-16LE', 3, 'nonsense'].map(encodingOf)).toEqual([
      'utf8',
      'utf16le',
      'latin1',
      'utf16le',
      'utf16le',
      'utf8',
    ]);
  });

  it('counts bytes of UTF-8', () => {
    for (const text of texts) expect(utf8Length(text)).toBe(Buffer.byteLength(text));
  });
});

describe('searching', () => {
  it('compares as Buffer does', () => {
    const values = ['', 'a', 'ab', 'b', 'abc', 'abd'].map((text) => Buffer.from(text));
    for (const left of values) {
      for (const right of values) expect(compareBytes(left, right)).toBe(Buffer.compare(left, right));
    }
  });

  it('compares long ones as Buffer does, wherever they differ and lie', () => {
    for (const [from, length, differing] of [
      [0, 1000, 999],
      [0, 1003, 1001],
      [4, 999, 3],
      [1, 600, 599],
      [0, 512, 512],
    ] as const) {
      const [left, right] = [noise(1024, 7), noise(1024, 7)].map((bytes) => bytes.subarray(from, from + length));
      if (!left || !right) continue;
      expect(compareBytes(left, right)).toBe(0);
      expect(compareBytes(left, right.subarray(0, -1))).toBe(1);
      if (differing < length) right[differing] = (right[differing] ?? 0) ^ 0x80;
      expect(compareBytes(left, right)).toBe(Buffer.compare(left, right));
      expect(compareBytes(right, left)).toBe(Buffer.compare(right, left));
    }
  });

  it('finds the last of UTF-16, not what begins within a character', () => {
    const haystack = Buffer.from('a\u6161a\u6100ba', 'utf16le');
    for (const text of ['a', 'b', '\u6161', '\u0061a', 'zz']) {
      for (let offset = -16; offset <= 16; offset++) {
        const needle = Buffer.from(text, 'utf16le');
        const last = indexOfBytes(haystack, needle, { offset, forward: false, step: 2 });
        expect([text, offset, last]).toEqual([text, offset, haystack.lastIndexOf(text, offset, 'utf16le')]);
      }
    }
  });

  it('finds what Buffer finds', () => {
    const haystack = new Uint8Array(Buffer.from('abcabcabd'));
    for (const text of ['a', 'abc', 'abd', 'zz', '', 'abcabcabdx']) {
      for (let offset = -12; offset <= 12; offset++) {
        const needle = new Uint8Array(Buffer.from(text));
        const found = indexOfBytes(haystack, needle, { offset, forward: true, step: 1 });
        expect([text, offset, found]).toEqual([text, offset, Buffer.from(haystack).indexOf(text, offset)]);
        const last = indexOfBytes(haystack, needle, { offset, forward: false, step: 1 });
        expect([text, offset, last]).toEqual([text, offset, Buffer.from(haystack).lastIndexOf(text, offset)]);
      }
    }
  });
});

const context = { described: () => ({}), host: { URL } } as unknown as ProcessContext;

describe('string_decoder', () => {
  const binding = stringDecoder(context) as {
    decode(state: Uint8Array, chunk: Uint8Array): string;
    flush(state: Uint8Array): string;
  };

  it.each(encodings)('decodes %s in pieces as Node does', (encoding) => {
    for (const size of [1, 2, 3, 5]) {
      for (const bytes of [
        noise(64, size),
        new Uint8Array(Buffer.from('a€😀é\u07ff', encoding === 'utf16le' ? 'utf16le' : 'utf8')),
      ]) {
        const native = new StringDecoder(encoding);
        const state = new Uint8Array(7);
        state[6] = ENCODINGS.indexOf(encoding);
        for (let at = 0; at < bytes.length; at += size) {
          const chunk = bytes.subarray(at, at + size);
          expect(binding.decode(state, chunk)).toBe(native.write(Buffer.from(chunk)));
        }
        expect((state[5] ?? 0) > 0 ? binding.flush(state) : '').toBe(native.end());
      }
    }
  });
});

describe('hosts and widths', () => {
  it('decodes punycode', () => {
    for (const host of [
      'xn--espaol-zwa.com',
      'xn--fiq228c.com',
      'a.xn--bcher-kva.example',
      'plain.org',
      'xn--80ak6aa92e.com',
    ]) {
      expect(decodePunycodeHost(host)).toBe(domainToUnicode(host));
    }
  });

  it('gives the offsets of ada', () => {
    const binding = urlBinding(context) as { parse(input: string): string; urlComponents: Uint32Array };
    const omitted = 0xffffffff;
    const known: [string, number[]][] = [
      ['https://user:pass@example.com:1234/foo/bar?baz#quux', [6, 12, 17, 29, 1234, 34, 42, 46, 2]],
      ['mailto:x@y', [7, 7, 7, 7, omitted, 7, omitted, omitted, 1]],
      ['file:///a/b', [5, 7, 7, 7, omitted, 7, omitted, omitted, 6]],
      ['web+demo:/.//not/', [9, 9, 9, 9, omitted, 11, omitted, omitted, 1]],
      ['http://a@b/', [5, 8, 8, 10, omitted, 10, omitted, omitted, 0]],
      ['http://:p@b/', [5, 7, 9, 11, omitted, 11, omitted, omitted, 0]],
      ['data:,x?q#h', [5, 5, 5, 5, omitted, 5, 7, 9, 1]],
    ];
    for (const [input, offsets] of known) {
      binding.parse(input);
      expect([input, ...binding.urlComponents]).toEqual([input, ...offsets]);
    }
  });

  it('measures text in columns', () => {
    expect(['abc', '日本', 'é', 'e\u0301', '👩‍👩‍👧', '\u001b', 'ｱ'].map((text) => stringWidth(text))).toEqual([
      3, 4, 1, 1, 6, 0, 1,
    ]);
    expect(stringWidth('👩‍👩‍👧', false)).toBe(2);
    expect(stringWidth(stripVTControlCharacters('\u001b[31mred\u001b[39m'))).toBe(3);
  });
});

it('labels of hosts that stand for nothing are no punycode', () => {
  expect(['xn--mnchen-3ya.de', 'plain', 'xn--fiqs8s.xn--p1ai'].map(isPunycodeHost)).toEqual([true, true, true]);
  expect(['xn--', 'a.xn--abc-', 'a.b.c.xn--pokxncvks'].map(isPunycodeHost)).toEqual([false, false, false]);
});
