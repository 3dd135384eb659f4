import { expect, it } from 'vitest';
import { decodeAnswer, encodeQuestion } from './message.ts';

const header = (answers: number, flags = 0x8180) => [0, 7, flags >> 8, flags & 255, 0, 0, 0, answers, 0, 0, 0, 0];
const bytes = (...parts: number[][]) => Uint8Array.from(parts.flat());
const record = (name: number[], type: number, data: number[]) => [
  ...name,
  0,
  type,
  0,
  1,
  0,
  0,
  1,
  44,
  0,
  data.length,
  ...data,
];

it('asks for a name, with or without its last point; refuses what is no name', () => {
  const question = encodeQuestion(7, 'a.bc.', 'MX');
  expect(Array.from(question ?? [])).toEqual([0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 97, 2, 98, 99, 0, 0, 15, 0, 1]);
  for (const name of ['a..b', '', `${'x'.repeat(64)}.a`, 'a.'.repeat(200)])
    expect(encodeQuestion(1, name, 'A')).toBeNull();
});

it('reads records, names that point back, and leaves out types that it does not know', () => {
  const message = bytes(
    header(3),
    record([1, 97, 0], 2, [1, 98, 192, 12]),
    record([192, 12], 99, [1]),
    record([0], 28, [...Array(15).fill(0), 1]),
  );
  expect(decodeAnswer(message)).toEqual({
    code: 0,
    records: [
      { type: 'NS', ttl: 300, data: { value: 'b.a' } },
      { type: 'AAAA', ttl: 300, data: { address: '::1' } },
    ],
  });
});

it('throws for what is cut off or leads in a circle', () => {
  const whole = bytes(header(1), record([1, 97, 0], 1, [1, 2, 3, 4]));
  for (let end = 0; end < whole.length; end++) expect(() => decodeAnswer(whole.subarray(0, end))).toThrow(RangeError);
  expect(() => decodeAnswer(bytes(header(1), record([192, 12], 1, [1, 2, 3, 4])))).toThrow(RangeError);
});

it('takes an answer that is not marked as one, as c-ares does', () => {
  const message = bytes(header(1, 0), record([0], 1, [1, 2, 3, 4]));
  expect(decodeAnswer(message)).toMatchObject({ code: 0, records: [{ data: { address: '1.2.3.4' } }] });
});
