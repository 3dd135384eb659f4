import { expect, it } from 'vitest';
import { WriteBehindRing } from './write-behind.ts';

const create = (size: number) => {
  const memory = new SharedArrayBuffer(8 + size);
  const words = new Int32Array(memory, 0, 2);
  const ring = new Uint8Array(memory, 8, size);
  return { words, ring: new WriteBehindRing({ words, head: 0, tail: 1, ring }) };
};
const bytes = (text: string) => new TextEncoder().encode(text);
const text = (data: Uint8Array | undefined) => new TextDecoder().decode(data);

it('gives back what was put in, in order, around its end and past the wrap of its counters', () => {
  const { words, ring } = create(64);
  words.fill(-20);
  for (let i = 0; i < 50; i++) {
    const messages = [`first ${i}`, 'x'.repeat(i % 11), ''];
    messages.forEach((message, fd) => {
      expect(ring.append(fd, bytes(message))).toBe(true);
    });
    messages.forEach((message, fd) => {
      const record = ring.take();
      expect([record?.fd, text(record?.data)]).toEqual([fd, message]);
    });
    expect(ring.take()).toBeNull();
  }
});

it('refuses what does not fit', () => {
  const { ring } = create(32);
  expect(ring.append(1, new Uint8Array(25))).toBe(false);
  expect(ring.append(1, new Uint8Array(12))).toBe(true);
  expect(ring.append(1, new Uint8Array(8))).toBe(false);
  expect(ring.take()?.data.length).toBe(12);
  expect(ring.append(1, new Uint8Array(24))).toBe(true);
});

it('takes nothing from memory that makes no sense', () => {
  const { words, ring } = create(32);
  ring.append(1, new Uint8Array(8));
  new Int32Array(words.buffer)[3] = 1_000_000;
  expect(ring.take()).toBeNull();
  words[0] = 5000;
  expect(ring.take()).toBeNull();
});

it('joins writes to one descriptor, and nothing else', () => {
  const { ring } = create(256);
  const records: [number, string][] = [
    [1, 'a'],
    [1, 'bc'],
    [2, 'd'],
    [-1, 'call'],
    [-1, 'another'],
    [1, 'long enough'],
    [1, 'for two'],
  ];
  for (const [fd, message] of records) ring.append(fd, bytes(message));
  const taken: [number, string][] = [];
  for (let record = ring.takeJoined(12); record; record = ring.takeJoined(12))
    taken.push([record.fd, text(record.data)]);
  expect(taken).toEqual([
    [1, 'abc'],
    [2, 'd'],
    [-1, 'call'],
    [-1, 'another'],
    [1, 'long enough'],
    [1, 'for two'],
  ]);
});

it('wakes the other side for what was appended quietly when it is told to, or with the next record', async () => {
  const { words, ring } = create(256);
  let wakes = 0;
  const wait = (seen: number) => {
    const waiting = Atomics.waitAsync(words, 0, seen);
    if (!waiting.async) throw new Error('the head has moved');
    return waiting.value.then(() => wakes++);
  };
  const first = wait(0);
  ring.append(1, bytes('quiet'), true);
  expect(Atomics.notify(words, 1)).toBe(0);
  ring.append(2, bytes('loud'));
  await first;
  expect([ring.take()?.fd, ring.take()?.fd, ring.take()]).toEqual([1, 2, null]);
  const second = wait(words[0] ?? 0);
  ring.append(3, bytes('quiet'), true);
  ring.wake();
  await second;
  // What was woken for once is not woken for again.
  const third = wait(words[0] ?? 0);
  ring.wake();
  expect(Atomics.notify(words, 0)).toBe(1);
  await third;
  expect(wakes).toBe(3);
});
