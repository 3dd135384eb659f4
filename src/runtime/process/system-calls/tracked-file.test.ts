import { expect, it } from 'vitest';
import { STAMPS, Stamps } from '../../kernel/channel/stamps.ts';
import { O_RDWR, S_IFREG } from '../../kernel/file-modes.ts';
import { Look, type Stat } from '../../kernel/syscalls.ts';
import { FileCache } from './file-cache.ts';
import { KeptBlocks, MAX_TRACKED_READ, TrackedFile } from './tracked-file.ts';

const INODE = 9;

/** Numbers below a bound, the same in every run. */
function createRandom(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** A file in the kernel, to which others write too; what the process posts comes there before it is looked at. */
function open(initial: Uint8Array) {
  const numbers = new Int32Array(new SharedArrayBuffer(4 * STAMPS));
  const stamps = new Stamps(numbers);
  const cache = new FileCache(numbers);
  let content = initial;
  const pending: (() => void)[] = [];
  const put = (data: Uint8Array, at: number) => {
    const longer = new Uint8Array(Math.max(content.length, at + data.length));
    longer.set(content);
    longer.set(data, at);
    content = longer;
  };
  const settle = () => {
    for (const write of pending.splice(0)) write();
  };
  const stat = () =>
    ({ ino: INODE, size: content.length, blocks: Math.ceil(content.length / 512), mode: S_IFREG }) as Stat;
  const file = new TrackedFile(INODE, O_RDWR, { cache, kept: new KeptBlocks() });
  file.know(stat(), stamps.sum([INODE]));
  let looks = 0;
  return {
    file,
    get content() {
      settle();
      return content;
    },
    get looks() {
      return looks;
    },
    /** As another process. */
    writeElsewhere(data: Uint8Array, at: number) {
      settle();
      put(data, at);
      stamps.bump(INODE);
    },
    cutElsewhere(length: number) {
      settle();
      content = content.slice(0, length);
      stamps.bump(INODE);
    },
    write(data: Uint8Array, at: number) {
      pending.push(() => put(data, at));
      file.wrote(data, at, 1);
    },
    read(length: number, at: number): Uint8Array {
      const target = new Uint8Array(length);
      let count = file.read(target, at);
      if (count === undefined) {
        looks++;
        settle();
        const place = file.placeToLook(at, length);
        const before = stamps.sum([INODE]);
        // Sometimes the time of access moves.
        if (looks % 3 === 0) stamps.bump(INODE);
        const bytes = content.slice(place.start, place.start + place.length);
        file.learn(new Look(stat(), bytes, before, stamps.sum([INODE])), place.start);
        count = file.read(target, at);
      }
      return target.subarray(0, count ?? expect.unreachable('it was looked at'));
    },
  };
}

it('reads what was written, by the process itself and by others, in any order', () => {
  const random = createRandom(7);
  const bytes = (length: number) => new Uint8Array(length).fill(random(256));
  const kernel = open(bytes(100_000));
  for (let step = 0; step < 4000; step++) {
    const at = random(140_000);
    const action = random(40);
    if (action < 24) {
      const length = random(4) === 0 ? random(MAX_TRACKED_READ) : random(300);
      expect(Buffer.compare(kernel.read(length, at), kernel.content.subarray(at, at + length))).toBe(0);
    } else if (action < 37) {
      kernel.write(bytes(random(4) === 0 ? random(20_000) : random(100)), Math.min(at, kernel.content.length));
    } else if (action < 39) {
      kernel.writeElsewhere(bytes(random(500)), Math.min(at, kernel.content.length));
    } else if (random(4) === 0) {
      kernel.cutElsewhere(random(140_000));
    }
  }
});

it('looks seldom while a file is read from one end to the other, or again and again at few places', () => {
  const kernel = open(new Uint8Array(1 << 20).fill(1));
  for (let at = 0; at < 1 << 20; at += 64) kernel.read(64, at);
  expect(kernel.looks).toBeLessThan(16);
  const before = kernel.looks;
  for (let i = 0; i < 1000; i++) {
    kernel.write(Uint8Array.of(i), 5000);
    expect(kernel.read(1, 5000)[0]).toBe(i % 256);
    kernel.read(100, (i % 10) * 100_000);
  }
  expect(kernel.looks - before).toBeLessThan(12);
});

it('knows whether what is written leaves a gap', () => {
  const kernel = open(new Uint8Array(10));
  const places = () => [0, 10, 11].map((at) => kernel.file.hasPlaceAt(at));
  expect(places()).toEqual([true, true, false]);
  kernel.write(new Uint8Array(5), 10);
  expect(kernel.file.hasPlaceAt(15)).toBe(true);
  kernel.cutElsewhere(3);
  expect(places()).toEqual([undefined, undefined, undefined]);
  kernel.read(1, 0);
  expect(places()).toEqual([true, false, false]);
  kernel.write(new Uint8Array(5), 8);
  expect(places()).toEqual([false, false, false]);
});

it('is looked at again when its gap may have been filled, and seldom while it has one', () => {
  const kernel = open(new Uint8Array(10));
  kernel.write(new Uint8Array(5), 20);
  const looks = () =>
    Array.from({ length: 1000 }, () => kernel.file.hasPlaceAt(0)).filter((place) => place === undefined);
  expect(looks()).toHaveLength(5);
});
