import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FileMirror } from '../../headless/file-mirror.ts';
import { setMode, setTimes, statOf } from '../file-system/attributes.ts';
import { copyFile, readWhole, truncate, writeAt, writeWhole } from '../file-system/contents.ts';
import { link, makeDirectories, makeFifo, removeTree, rename, symlink, unlink } from '../file-system/entries.ts';
import { FileSystem } from '../file-system/file-system.ts';
import { DirectoryInode, FileInode, type Inode, LinkInode } from '../file-system/inode.ts';
import { find, type Place } from '../file-system/lookup.ts';
import { Mirror } from './mirror.ts';
import type { MirrorChange } from './records.ts';
import { Restoration } from './restoration.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const DELAY_MS = 250;

/** A file system as a kernel has it, and what is told of it. */
function setUp() {
  const fs = new FileSystem();
  const place: Place = { root: fs.root, cwd: fs.root, umask: 0o022 };
  const mirror = new Mirror(() => 0);
  const store = new FileMirror();
  const told: MirrorChange[] = [];
  fs.onChanged = (inode) => mirror.note(inode);
  mirror.keepIn((change) => {
    told.push(change);
    store.take(change);
  });
  return { fs, place, mirror, store, told };
}

/** What the next kernel has. The root alone is laid out: its number is the same there. */
async function restored(store: FileMirror, root: number): Promise<FileSystem> {
  const fs = new FileSystem();
  Object.assign(fs.root, { number: root });
  const restoration = new Restoration(fs);
  for (const { records } of store.batches()) await restoration.add(structuredClone(records));
  restoration.finish(new Mirror(() => 0));
  return fs;
}

/** All that can be seen of it. */
function describeTree(fs: FileSystem): Record<string, unknown> {
  const place: Place = { root: fs.root, cwd: fs.root, umask: 0 };
  const seen: Record<string, unknown> = { names: fs.room.freeEntries };
  const visit = (inode: Inode, path: string) => {
    seen[path] = { ...statOf(inode), blocks: 0, ...contentOf(inode, path) };
    if (!(inode instanceof DirectoryInode)) return;
    for (const [name, child] of [...inode.entries].sort()) visit(child, `${path}/${name}`);
  };
  const contentOf = (inode: Inode, path: string) => {
    if (inode instanceof LinkInode) return { target: inode.target };
    if (!(inode instanceof FileInode) || inode.size > 2 ** 24) return {};
    const { accessedMs } = inode;
    const bytes = createHash('sha1')
      .update(readWhole(fs, place, path))
      .digest('hex');
    inode.accessedMs = accessedMs;
    return { bytes };
  };
  visit(fs.root, '');
  return seen;
}

const write = (fs: FileSystem, place: Place, path: string, data: string | Uint8Array) =>
  writeWhole(fs, place, path, { data: typeof data === 'string' ? new TextEncoder().encode(data) : data });

function overwrite(fs: FileSystem, place: Place, path: string, at: number, data: Uint8Array): void {
  const inode = find(place, path, true) as FileInode;
  writeAt(fs, inode, at, data);
  fs.changed(inode, null, '');
}

test('the next kernel has the same files, with all that is told of them', async () => {
  const { fs, place, store } = setUp();
  makeDirectories(fs, place, '/a/b/c', 0o777);
  write(fs, place, '/a/b/text', 'text');
  write(
    fs,
    place,
    '/a/long',
    new Uint8Array(3_000_000).map((_, index) => index),
  );
  link(fs, place, '/a/b/text', '/same');
  symlink(fs, place, '../ä', '/a/link');
  makeFifo(fs, place, '/fifo', 0o600);
  setMode(fs, { inode: find(place, '/a', true) }, 0o1700);
  setTimes(fs, { inode: find(place, '/same', true) }, 1000, 2000);
  truncate(fs, write(fs, place, '/sparse', 'begins'), 2 ** 40);
  await vi.advanceTimersByTimeAsync(DELAY_MS);
  const before = describeTree(fs);
  const next = await restored(store, fs.root.number);
  expect(describeTree(next)).toEqual(before);
  expect(next.room).toEqual(fs.room);
});

test('what is removed, replaced and moved is so there, whenever it was told', async () => {
  const { fs, place, store } = setUp();
  const steps = [
    () => makeDirectories(fs, place, '/a/b', 0o777),
    () => write(fs, place, '/a/b/x', 'one'),
    () => write(fs, place, '/a/y', 'two'),
    () => rename(fs, place, '/a/b', '/moved'),
    () => overwrite(fs, place, '/a/y', 1, new Uint8Array([65, 66, 67, 68])),
    () => rename(fs, place, '/a/y', '/moved/x'),
    () => copyFile(fs, place, { from: '/moved/x', to: '/copy' }, 0),
    () => unlink(fs, place, '/moved/x'),
    () => write(fs, place, '/copy', ''),
    () => removeTree(fs, place, '/moved', false),
    () => write(fs, place, '/moved', 'a file now'),
  ];
  for (const step of steps) {
    step();
    await vi.advanceTimersByTimeAsync(3000);
    const before = describeTree(fs);
    expect(describeTree(await restored(store, fs.root.number))).toEqual(before);
  }
});

test('what was mounted is not sent back, as long as it is as it came', async () => {
  const { fs, place, mirror, store, told } = setUp();
  const buffer = new Uint8Array(3_000_000).map((_, index) => index * 7);
  const tree = buffer.subarray(100);
  mirror.noteMount(tree, store.addMount(tree));
  const mount = (path: string, data: Uint8Array) => writeWhole(fs, place, path, { data, own: true });
  mount('/a', tree.subarray(10, 20));
  mount('/long', tree.subarray(1000, 2_500_000));
  mount('/changed', tree.subarray(20, 40));
  overwrite(fs, place, '/changed', 3, new Uint8Array(4));
  await vi.advanceTimersByTimeAsync(3000);
  const sizes = told.flatMap(({ changed }) =>
    changed.flatMap(
      ({ content }) => content?.parts.map(({ bytes }) => ('byteLength' in bytes ? bytes.byteLength : 0)) ?? [],
    ),
  );
  expect(sizes).toEqual([0, 0, 0, 0, 20]);
  expect(told.at(-1)?.mounts).toEqual([1]);
  // Later, in place: the bytes of the mount are not touched.
  overwrite(fs, place, '/a', 0, new Uint8Array(3));
  await vi.advanceTimersByTimeAsync(3000);
  expect(describeTree(await restored(store, fs.root.number))).toEqual(describeTree(fs));
});

test('of a large file what has been written is told, in pieces; all of it once it was cut', async () => {
  const { fs, place, store, told } = setUp();
  const MEGABYTE = 2 ** 20;
  const sent = () => {
    const sizes = told.flatMap(({ changed }) =>
      changed.flatMap(({ content }) => content?.parts.map(({ bytes }) => ('size' in bytes ? bytes.size : -1)) ?? []),
    );
    const changes = told.length;
    told.length = 0;
    return [changes, sizes];
  };
  const same = async () => {
    await vi.advanceTimersByTimeAsync(3000);
    expect(describeTree(await restored(store, fs.root.number))).toEqual(describeTree(fs));
  };
  const bytes = (length: number, value: number) => new Uint8Array(length).fill(value);
  write(fs, place, '/a', bytes(3.5 * MEGABYTE, 1));
  await same();
  expect(sent()).toEqual([4, [MEGABYTE, MEGABYTE, MEGABYTE, MEGABYTE / 2]]);
  overwrite(fs, place, '/a', 1.2 * MEGABYTE, bytes(100, 2));
  overwrite(fs, place, '/a', 6 * MEGABYTE, bytes(MEGABYTE, 3));
  await same();
  expect(sent()).toEqual([3, [MEGABYTE, MEGABYTE]]);
  const inode = find(place, '/a', true) as FileInode;
  truncate(fs, inode, 2.5 * MEGABYTE);
  truncate(fs, inode, 4 * MEGABYTE);
  fs.changed(inode, null, '');
  await same();
  expect(sent()).toEqual([3, [MEGABYTE, MEGABYTE, MEGABYTE / 2]]);
  truncate(fs, inode, 5 * MEGABYTE);
  fs.changed(inode, null, '');
  await same();
  expect(sent()).toEqual([1, []]);
});

test('what a large file becomes while it is told is told behind it', async () => {
  const { fs, place, mirror, store } = setUp();
  const MEGABYTE = 2 ** 20;
  const inode = write(fs, place, '/a', new Uint8Array(3 * MEGABYTE).fill(1));
  let isFirst = true;
  mirror.keepIn((change) => {
    store.take(change);
    if (!isFirst) return;
    isFirst = false;
    overwrite(fs, place, '/a', 10, new Uint8Array(10).fill(2));
    overwrite(fs, place, '/a', 2.5 * MEGABYTE, new Uint8Array(10).fill(3));
    truncate(fs, inode, 2.8 * MEGABYTE);
    fs.changed(inode, null, '');
  });
  fs.onChanged(inode);
  await vi.advanceTimersByTimeAsync(6000);
  expect(describeTree(await restored(store, fs.root.number))).toEqual(describeTree(fs));
});

test('a page keeps no more than its limits; what was left out is not there again, and never in part', async () => {
  const { fs, place, mirror } = setUp();
  const store = new FileMirror({ files: 5, bytes: 1000 });
  mirror.keepIn((change) => store.take(change));
  const names = async () => {
    await vi.advanceTimersByTimeAsync(6000);
    return [...(await restored(store, fs.root.number)).root.entries.keys()].sort();
  };
  write(fs, place, '/a', 'x'.repeat(600));
  write(fs, place, '/b', 'x'.repeat(600));
  expect(await names()).toEqual(['a']);
  // No room is taken by what is left out, nor by what it was before.
  write(fs, place, '/c', 'x'.repeat(300));
  setMode(fs, { inode: find(place, '/b', true) }, 0o600);
  write(fs, place, '/a', 'x'.repeat(500));
  expect(await names()).toEqual(['a', 'c']);
  unlink(fs, place, '/a');
  write(fs, place, '/b', 'y'.repeat(700));
  expect(await names()).toEqual(['b', 'c']);
  for (let index = 0; index < 10; index++) write(fs, place, `/f${index}`, '');
  expect((await names()).length).toBeLessThanOrEqual(5);
});

test('what is removed is forgotten', async () => {
  const { fs, place, store } = setUp();
  makeDirectories(fs, place, '/a/b', 0o777);
  for (let index = 0; index < 300; index++) write(fs, place, `/a/b/${index}`, 'x');
  await vi.advanceTimersByTimeAsync(3000);
  removeTree(fs, place, '/a', false);
  await vi.advanceTimersByTimeAsync(3000);
  expect([...store.batches()].flatMap(({ records }) => records).map(({ number }) => number)).toEqual([fs.root.number]);
});

test('nothing is told again of what was only read, and no content of what has only another mode', async () => {
  const { fs, place, told } = setUp();
  write(fs, place, '/a', 'text');
  await vi.advanceTimersByTimeAsync(3000);
  // What has just changed is told once more: another change might have the same time.
  readWhole(fs, place, '/a');
  await vi.advanceTimersByTimeAsync(3000);
  told.length = 0;
  fs.onChanged(find(place, '/a', true));
  await vi.advanceTimersByTimeAsync(3000);
  expect(told.flatMap(({ changed }) => changed)).toEqual([]);
  setMode(fs, { inode: find(place, '/a', true) }, 0o600);
  await vi.advanceTimersByTimeAsync(3000);
  expect(told.flatMap(({ changed }) => changed)).toMatchObject([{ mode: 0o100600 }]);
  expect(told.flatMap(({ changed }) => changed).map(({ content }) => content)).toEqual([undefined]);
});

test('what comes and goes in between is never told; a long list comes in pieces, each when the one before is kept', async () => {
  const { fs, place, mirror } = setUp();
  const answers: (() => void)[] = [];
  const told: MirrorChange[] = [];
  mirror.keepIn((change) => {
    told.push(change);
    return new Promise((resolve) => answers.push(resolve));
  });
  write(fs, place, '/short', 'x');
  unlink(fs, place, '/short');
  for (let index = 0; index < 600; index++) write(fs, place, `/f${index}`, 'x');
  await vi.advanceTimersByTimeAsync(DELAY_MS);
  expect(told.map(({ changed, gone }) => [changed.length, gone.length])).toEqual([[250, 0]]);
  for (let index = 0; index < 3; index++) {
    answers[index]?.();
    await vi.advanceTimersByTimeAsync(1);
  }
  // The root, too.
  expect(told.map(({ changed, gone }) => [changed.length, gone.length])).toEqual([
    [250, 0],
    [250, 0],
    [101, 0],
  ]);
});

test('a name whose file was not told in time is left out', async () => {
  const { fs, place, told } = setUp();
  write(fs, place, '/a', 'a');
  write(fs, place, '/b', 'b');
  await vi.advanceTimersByTimeAsync(DELAY_MS);
  const store = new FileMirror();
  const [first] = told[0]?.changed ?? [];
  store.take({ changed: (told[0]?.changed ?? []).filter((record) => record !== first), gone: [], mounts: [] });
  expect([...(await restored(store, fs.root.number)).root.entries.keys()]).toEqual(['b']);
});
