import { expect, test } from 'vitest';
import { spellingsOf } from './spellings.ts';

/** No real one. */
const KEY = 'q8Zx3Rt7Lm2Vb9Kp4';
const bytes = [...KEY].map((character) => character.charCodeAt(0));
const hex = bytes.map((byte) => byte.toString(16));

test.each([
  ['as it stands', KEY],
  ['backwards', [...KEY].reverse().join('')],
  ['in lines of five', KEY.replace(/.{5}/g, '$&\n')],
  ['a character a line', [...KEY].join('\n')],
  ['base64', btoa(KEY)],
  ['base64 of the line', btoa(`API_KEY=${KEY}\nPORT=1\n`)],
  ['base64, one byte later', btoa(`KEY=${KEY}`)],
  ['base64, two bytes later', btoa(`AB=${KEY}`)],
  ['base64 in lines', btoa(`KEY=${KEY}`).replace(/.{10}/g, '$&\n')],
  ['hexadecimal', hex.join('')],
  ['a list of hexadecimal numbers', hex.map((byte) => `0x${byte}`).join(', ')],
  ['codes', bytes.join(', ')],
  ['octal codes', bytes.map((byte) => byte.toString(8).padStart(3, '0')).join(' ')],
  [
    'by 13 letters',
    KEY.replace(/[a-z]/gi, (c) => String.fromCharCode(c.charCodeAt(0) + (/[a-m]/i.test(c) ? 13 : -13))),
  ],
  ['capitals', KEY.toUpperCase()],
  [
    'a dump of bytes',
    '00000000: 4150 495f 4b45 593d 7138 5a78 3352 7437  API_KEY=q8Zx3Rt7\n00000010: 4c6d 3256 6239 4b70 340a                 Lm2Vb9Kp4.\n',
  ],
])('a value that is written %s is found', (_, text) => {
  expect(text.search(spellingsOf(KEY))).toBeGreaterThanOrEqual(0);
});

test('short values and other texts are left alone', () => {
  expect('a b c d e f'.search(spellingsOf('abcdef'))).toBe(-1);
  expect('const q8 = Zx3; // Rt7 Lm2 Vb9 Kp5'.search(spellingsOf(KEY))).toBe(-1);
});

test('the end of a long text is reached', () => {
  const text = 'lorem q8 ipsum 0x71 38 5a dolor\n'.repeat(100_000);
  expect(text.search(spellingsOf(KEY))).toBe(-1);
});
