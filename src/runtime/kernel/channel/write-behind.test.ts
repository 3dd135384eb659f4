import { expect, it, vi } from 'vitest';
import { type FileWrite, WriteBehindRing } from './write-behind.ts';

/** Index of the word that says whether the other side looks soon. */
const ATTENTIVE = 2;

const create = (size: number) => {
  const memory = new SharedArrayBuffer(12 + size);
  const words = new Int32Array(memory, 0, 3);
  const ring = new Uint8Array(memory, 12, size);
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
  new Int32Array(words.buffer)[4] = 1_000_000;
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
  const joined = new Uint8Array(12);
  for (let record = ring.takeJoined(joined); record; record = ring.takeJoined(joined))
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

it('joins writes of all lengths around its end and past the wrap of its counters', () => {
  const { words, ring } = create(1024);
  words.fill(-480);
  const joined = new Uint8Array(400);
  const all = 'abcdefghij'.repeat(50);
  for (let i = 0; i < 300; i++) {
    const messages = [i % 17, (i * 13) % 140, (i * 29) % 300].map((length) => all.slice(0, length));
    for (const message of messages) {
      const pieces = [bytes(message.slice(0, 7)), bytes(message.slice(7))];
      expect(i % 2 ? ring.append(5, bytes(message)) : ring.appendPieces(5, pieces)).toBe(true);
    }
    let taken = '';
    for (let record = ring.takeJoined(joined); record; record = ring.takeJoined(joined)) taken += text(record.data);
    expect(taken).toBe(messages.join(''));
  }
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

/** Writes to files, as `[kind, target, position, text]`. */
type Write = [number, number, number | null, string];

function takeAll(ring: WriteBehindRing, most: number): Write[] {
  const taken: Write[] = [];
  const joined = new Uint8Array(most);
  const take = ({ kind, target, position, data }: FileWrite) => void taken.push([kind, target, position, text(data)]);
  while (ring.takeWrites(-3, joined, take));
  return taken;
}
const isTaken = (ring: WriteBehindRing, kind: number, most: number) =>
  ring.takeWrites(kind, new Uint8Array(most), () => expect.unreachable('nothing lies there'));
const put = (ring: WriteBehindRing, [kind, target, position, data]: Write) =>
  ring.appendWrite({ kind, target, position, time: 0, data: bytes(data) }, ATTENTIVE);

it('joins writes to files that go on where the last one ended', () => {
  const { ring } = create(512);
  const far = 2 ** 40 + 2 ** 31;
  const writes: Write[] = [
    [-3, 5, 0, 'ab'],
    [-3, 5, 2, 'cde'],
    [-3, 5, 9, 'f'],
    [-3, 6, 10, 'g'],
    [-3, 6, null, 'h'],
    [-3, 6, null, 'i'],
    [-3, 6, far, 'j'],
    [-3, 6, far + 1, 'k'],
    [-3, 6, far + 2, 'long enough'],
    [-4, 6, far + 13, 'of another kind'],
  ];
  for (const write of writes) expect(put(ring, write)).toBe(true);
  expect(takeAll(ring, 12)).toEqual([
    [-3, 5, 0, 'abcde'],
    [-3, 5, 9, 'f'],
    [-3, 6, 10, 'g'],
    [-3, 6, null, 'hi'],
    [-3, 6, far, 'jk'],
    [-3, 6, far + 2, 'long enough'],
  ]);
  expect(isTaken(ring, -3, 20)).toBe(false);
  expect(ring.takeWrites(-4, new Uint8Array(20), ({ data }) => expect(text(data)).toBe('of another kind'))).toBe(true);
});

it('gives a long write where it lies, and its room is taken until it is made', () => {
  const { words, ring } = create(64 * 1024);
  const long = 'x'.repeat(20_000);
  const writes: Write[] = [
    [-3, 5, 0, long],
    [-3, 5, 20_000, 'y'],
    [-3, 5, 20_001, long],
    [-3, 5, 40_001, long],
  ];
  expect(writes.map((write) => put(ring, write))).toEqual([true, true, true, true]);
  expect(
    ring.takeWrites(-3, new Uint8Array(32_000), ({ data }) => {
      expect(data.buffer).toBe(words.buffer);
      expect(put(ring, [-3, 6, 0, long])).toBe(false);
    }),
  ).toBe(true);
  // This one lies at the end of the ring and at its begin.
  expect(put(ring, [-3, 6, 0, long])).toBe(true);
  expect(takeAll(ring, 32_000)).toEqual([
    [-3, 5, 20_000, `y${long}`],
    [-3, 5, 40_001, long],
    [-3, 6, 0, long],
  ]);
});

it('joins nothing to an empty write that does not go on where it ended', () => {
  const { ring } = create(256);
  const writes: Write[] = [
    [-3, 5, null, ''],
    [-3, 6, null, 'a'],
    [-3, 6, 4, ''],
    [-3, 6, 9, 'b'],
    [-3, 6, 10, ''],
    [-3, 6, 10, 'c'],
  ];
  for (const write of writes) put(ring, write);
  expect(takeAll(ring, 12)).toEqual([...writes.slice(0, 3), [-3, 6, 9, 'bc']]);
});

it('gives back writes to files around its end, and refuses what does not fit', () => {
  const { words, ring } = create(64);
  words.fill(-20);
  for (let i = 0; i < 50; i++) {
    const write: Write = [-3, i, i * 7, 'x'.repeat(i % 40)];
    expect(put(ring, write)).toBe(true);
    expect(put(ring, [-3, i, 0, 'y'.repeat(40)])).toBe(false);
    expect(takeAll(ring, 64)).toEqual([write]);
  }
});

it('leaves room that only writes to files take', () => {
  const memory = new SharedArrayBuffer(12 + 128);
  const words = new Int32Array(memory, 0, 3);
  const ring = new WriteBehindRing({ words, head: 0, tail: 1, ring: new Uint8Array(memory, 12, 128), appendLimit: 32 });
  expect([20, 20].map((length) => ring.append(1, new Uint8Array(length)))).toEqual([true, false]);
  expect(put(ring, [-3, 1, 0, 'x'.repeat(60)])).toBe(true);
  expect(ring.append(1, new Uint8Array(1))).toBe(false);
  ring.take();
  takeAll(ring, 64);
  expect(ring.append(1, new Uint8Array(1))).toBe(true);
});

it('waits for room until there is enough of it, and for no more than can be', () => {
  const words = new Int32Array(new SharedArrayBuffer(16));
  const memory = new Uint8Array(new SharedArrayBuffer(256));
  let sleeps = 0;
  // A record has 24 bytes more than its data.
  let wanted = 112;
  const wait = vi.spyOn(Atomics, 'wait').mockImplementation(((_: Int32Array, index: number, seen: number) => {
    sleeps++;
    expect([index, words[1], words[3]]).toEqual([1, seen, wanted]);
    expect(ring.takeWrites(-3, new Uint8Array(256), () => undefined)).toBe(true);
    return 'ok';
  }) as never);
  const ring = new WriteBehindRing({ words, head: 0, tail: 1, ring: memory, roomWanted: 3 });
  const write: Write = [-3, 5, null, 'x'.repeat(40)];
  words.fill(-8, 0, 2);
  const fill = () => {
    let count = 0;
    while (put(ring, [-3, count, null, 'x'.repeat(40)])) count++;
    return count;
  };
  expect(fill()).toBe(4);
  const notify = vi.spyOn(Atomics, 'notify');
  expect(ring.waitForRoom(88)).toBe(true);
  expect([sleeps, words[3], notify.mock.calls.filter(([, index]) => index === 1).length]).toEqual([2, 0, 1]);
  expect(put(ring, [-3, 5, null, 'y'.repeat(88)])).toBe(true);
  wanted = 248;
  expect(ring.waitForRoom(220)).toBe(true);
  expect([sleeps, takeAll(ring, 256)]).toEqual([5, []]);
  expect(ring.waitForRoom(233)).toBe(false);
  expect(put(ring, write)).toBe(true);
  // Whoever waits for nothing is not told of anything.
  notify.mockClear();
  takeAll(ring, 256);
  expect(notify).not.toHaveBeenCalled();
  expect(ring.waitForRoom(200)).toBe(true);
  expect(sleeps).toBe(5);
  wait.mockRestore();
  notify.mockRestore();
});

it('takes no write that makes no sense', () => {
  const { words, ring } = create(64);
  expect(put(ring, [-3, 1, 0, 'abc'])).toBe(true);
  const length = new Int32Array(words.buffer, 4 * words.length, 2);
  for (const wrong of [4, -1, 1000]) {
    length[1] = wrong;
    expect(isTaken(ring, -3, 64)).toBe(false);
  }
  length[1] = 15;
  expect(isTaken(ring, -3, 2)).toBe(false);
  words[0] = 5000;
  expect(isTaken(ring, -3, 64)).toBe(false);
});

it('wakes for a write the other side that does not look soon, or that has much to do', async () => {
  const { words, ring } = create(256);
  const isWoken = async (write: () => void) => {
    const wait = Atomics.waitAsync(words, 0, words[0] ?? 0, 20);
    write();
    return (await wait.value) === 'ok';
  };
  const write = (length: number) => () => void put(ring, [-3, 1, 0, 'x'.repeat(length)]);
  expect(await isWoken(write(10))).toBe(true);
  takeAll(ring, 256);
  words[ATTENTIVE] = 1;
  expect(await isWoken(write(10))).toBe(false);
  expect(await isWoken(write(100))).toBe(true);
  takeAll(ring, 256);
  expect(await isWoken(write(10))).toBe(false);
  expect(await isWoken(() => void ring.append(1, bytes('now')))).toBe(true);
  while (ring.take() !== null);
  expect(await isWoken(() => void ring.appendLater(-6, bytes('later'), ATTENTIVE))).toBe(false);
  expect(await isWoken(() => void ring.appendLater(-6, new Uint8Array(100), ATTENTIVE))).toBe(true);
  expect(ring.take()).toEqual({ fd: -6, data: bytes('later') });
});

it('puts in what only an owner may, as long as the other side has not ended it', () => {
  const { words, ring } = create(64);
  words.fill(-16, 0, 2);
  const put = (message: string) => ring.appendOwned(-5, bytes(message), ATTENTIVE);
  expect(put('first')).toBe(true);
  ring.endOwnership();
  expect([put('refused'), ring.append(1, bytes('second'))]).toEqual([false, true]);
  expect(ring.position).toBe(16);
  ring.beginOwnership();
  expect(put('third')).toBe(true);
  const taken = [ring.take(), ring.take(), ring.take(), ring.take()];
  expect(taken.map((record) => record && [record.fd, text(record.data)])).toEqual([
    [-5, 'first'],
    [1, 'second'],
    [-5, 'third'],
    null,
  ]);
});

it('refuses an owner when the other side ends it while it puts something in', () => {
  const { ring } = create(64);
  const { compareExchange } = Atomics;
  const between = vi.spyOn(Atomics, 'compareExchange').mockImplementation(((
    ...args: [Int32Array, number, number, number]
  ) => {
    ring.endOwnership();
    return compareExchange(...args);
  }) as never);
  expect(ring.appendOwned(-5, bytes('too late'), ATTENTIVE)).toBe(false);
  between.mockRestore();
  expect(ring.take()).toBeNull();
});

it('puts what goes to files where it is copied word by word', () => {
  const { words, ring } = create(4096);
  const memory = new Uint8Array(words.buffer);
  for (let length = 1; length < 20; length++) {
    const data = new Uint8Array(length).fill(200 + length);
    ring.appendWrite({ kind: -3, target: 5, position: length, time: 0, data }, ATTENTIVE);
    // The memory of the test begins at a multiple of four.
    expect((memory.indexOf(200 + length) - 12) % 8).toBe(0);
  }
});
