import { expect, it } from 'vitest';
import { STAMPS, Stamps } from '../../kernel/channel/stamps.ts';
import { O_RDWR, S_IFREG } from '../../kernel/file-modes.ts';
import { Look, type Stat } from '../../kernel/syscalls.ts';
import { FileCache } from './file-cache.ts';
import { KnownStats } from './known-stats.ts';
import { OpenFiles } from './open-files.ts';

const INODE = 9;
const FD = 5;

/** A file in the kernel, open here, to which the process and others write. */
function open(content: Uint8Array) {
  const numbers = new Int32Array(new SharedArrayBuffer(4 * STAMPS));
  const stamps = new Stamps(numbers);
  const cache = new FileCache(numbers);
  let questions = 0;
  const window = new Uint8Array(1 << 20);
  const ask = () => {
    files.giveBack();
    window.fill(questions++);
  };
  const stat = () =>
    ({ ino: INODE, size: content.length, blocks: Math.ceil(content.length / 512), mode: S_IFREG }) as Stat;
  const files: OpenFiles = new OpenFiles(cache, new KnownStats(cache), {
    reopen: () => expect.unreachable('reopen'),
    reserve: () => expect.unreachable('reserve'),
    look: () => expect.unreachable('look'),
    borrow: (_fd, position, length) => {
      ask();
      const bytes = content.subarray(position, position + length);
      window.set(bytes);
      return new Look(stat(), window.subarray(0, bytes.length), stamps.sum([INODE]), stamps.sum([INODE]));
    },
    readInto: (_fd, target, position) => {
      ask();
      const bytes = content.subarray(position ?? 0, (position ?? 0) + target.length);
      target.set(bytes);
      return bytes.length;
    },
  });
  files.opened(FD, O_RDWR, { stat: stat(), stamp: stamps.sum([INODE]), content: null });
  return {
    files,
    ask,
    questions: () => questions,
    write(data: Uint8Array, at: number, isOwn: boolean) {
      content.set(data, at);
      if (isOwn) files.tracked(FD)?.wrote(data, at, 1);
      else stamps.bump(INODE);
    },
    cut(length: number) {
      content = content.slice(0, length);
      stamps.bump(INODE);
    },
    expected: (at: number, length: number) => content.subarray(at, at + length),
  };
}

const LONG = 64 * 1024;

it('asks seldom while a file is read from one end to the other, and once for each long read elsewhere', () => {
  const content = Uint8Array.from({ length: 4 << 20 }, (_, index) => index >> 12);
  const { files, questions, expected } = open(content);
  const target = new Uint8Array(LONG);
  for (let at = 0; ; at += LONG) {
    const count = files.readInto(FD, target, null) ?? 0;
    expect(Buffer.compare(target.subarray(0, count), expected(at, LONG))).toBe(0);
    if (count === 0) break;
  }
  expect(questions()).toBeLessThan(12);
  const before = questions();
  for (const at of [300_000, 100_000, 2_000_000]) files.readInto(FD, target, at);
  expect(questions() - before).toBe(3);
});

it('does not ask again for what it has not read when something else is asked', () => {
  const content = Uint8Array.from({ length: 4 << 20 }, (_, index) => index >> 12);
  const { files, questions, expected, ask } = open(content);
  const target = new Uint8Array(LONG);
  let own = 0;
  for (let at = 0; at < content.length; at += LONG) {
    expect(files.readInto(FD, target, null)).toBe(LONG);
    expect(Buffer.compare(target, expected(at, LONG))).toBe(0);
    if (at % (3 * LONG) !== 0) continue;
    ask();
    own++;
  }
  expect(questions() - own).toBeLessThan(12);
});

it('asks no more for what it reads again and again, as far as there is room, and sees what is written there', () => {
  const content = Uint8Array.from({ length: 4 << 20 }, (_, index) => index >> 12);
  const { files, questions, expected, write } = open(content);
  const target = new Uint8Array(LONG);
  const asked = (step: number, end = content.length) => {
    const before = questions();
    for (let at = 0; at < end; at += step) {
      const count = files.readInto(FD, target, at) ?? 0;
      expect(Buffer.compare(target.subarray(0, count), expected(at, LONG))).toBe(0);
    }
    return questions() - before;
  };
  const passes = [asked(LONG), asked(LONG), asked(LONG), asked(40_000)];
  expect(passes.filter((count) => count > 16)).toEqual([]);
  expect(passes.slice(2)).toEqual([0, 0]);
  write(new Uint8Array(LONG).fill(77), 100_000, true);
  expect(asked(LONG)).toBe(0);
  write(new Uint8Array(10).fill(78), 200_000, false);
  expect([asked(LONG), asked(LONG), asked(LONG)].map((count) => count > 0)).toEqual([true, true, false]);
});

it('keeps only so much of what it reads again and again', () => {
  const { files, questions, expected } = open(new Uint8Array(40 << 20).fill(1));
  const target = new Uint8Array(LONG);
  const passes = [0, 1, 2, 3].map(() => {
    const before = questions();
    for (let at = 0; at < 40 << 20; at += LONG) expect(files.readInto(FD, target, at)).toBe(expected(at, LONG).length);
    return questions() - before;
  });
  expect(passes.slice(2).filter((count) => count < 8 || count > 20)).toEqual([]);
});

it('reads what is there, whoever writes meanwhile', () => {
  let state = 5;
  const random = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const { files, write, cut, expected, ask } = open(new Uint8Array(3 << 20).fill(1));
  let at = 0;
  for (let step = 0; step < 3000; step++) {
    const action = random(30);
    if (action === 0) write(new Uint8Array(random(5000)).fill(random(256)), random(1 << 20), true);
    else if (action === 1) write(new Uint8Array(random(5000)).fill(random(256)), random(1 << 20), false);
    else if (action === 2 && random(20) === 0) cut((1 << 21) + random(1 << 19));
    else if (action === 3) at = random(1 << 21);
    else if (action === 4) ask();
    const target = new Uint8Array(33_000 + random(3) * 50_000);
    const count = files.readInto(FD, target, at) ?? 0;
    expect(Buffer.compare(target.subarray(0, count), expected(at, target.length)), `step ${step} at ${at}`).toBe(0);
    at = count === 0 ? 0 : at + count;
  }
});
