import { describe, expect, it } from 'vitest';
import { truncate, writeAt, writeWhole } from './contents.ts';
import * as entries from './entries.ts';
import { FileSystem } from './file-system.ts';
import type { Place } from './lookup.ts';

function setUp(capacity: number, maxEntries?: number) {
  const fs = new FileSystem(capacity, maxEntries);
  const place: Place = { root: fs.root, cwd: fs.root, umask: 0 };
  const write = (path: string, size: number) => writeWhole(fs, place, path, { data: new Uint8Array(size) });
  return { fs, place, write };
}

describe('the limits of the file system', () => {
  it('are reached with ENOSPC, and free again what is removed', () => {
    const { fs, place, write } = setUp(1000);
    write('/a', 600);
    expect(() => write('/b', 600)).toThrow('ENOSPC');
    expect(fs.room.freeBytes).toBe(400);
    entries.unlink(fs, place, '/a');
    write('/b', 600);
    expect(fs.room.freeBytes).toBe(400);
  });

  it('count what an open file holds after its removal', () => {
    const { fs, place, write } = setUp(1000);
    const file = write('/a', 600);
    file.opened++;
    entries.unlink(fs, place, '/a');
    expect(fs.room.freeBytes).toBe(400);
    file.opened--;
    fs.releaseIfUnused(file);
    expect(fs.room.freeBytes).toBe(1000);
  });

  it('count names', () => {
    const { fs, place, write } = setUp(1000, 3);
    write('/a', 0);
    entries.makeDirectory(fs, place, '/d', 0o777);
    entries.link(fs, place, '/a', '/d/b');
    expect(() => entries.symlink(fs, place, 'a', '/c')).toThrow('ENOSPC');
    entries.rename(fs, place, '/a', '/d/c');
    expect(fs.room.freeEntries).toBe(0);
    entries.removeTree(fs, place, '/d', false);
    expect(fs.room.freeEntries).toBe(3);
  });

  it('count what links hold: a target of a path', () => {
    const { fs, place } = setUp(10_000);
    entries.symlink(fs, place, 'x'.repeat(4000), '/a');
    entries.symlink(fs, place, 'y'.repeat(4000), '/b');
    expect(() => entries.symlink(fs, place, 'z'.repeat(4000), '/c')).toThrow('ENOSPC');
    expect(fs.room).toMatchObject({ freeBytes: 2000, freeEntries: 999_998 });
    entries.link(fs, place, '/a', '/also-a');
    entries.unlink(fs, place, '/a');
    expect(fs.room.freeBytes).toBe(2000);
    entries.rename(fs, place, '/b', '/also-a');
    expect(fs.room.freeBytes).toBe(6000);
    entries.removeTree(fs, place, '/also-a', false);
    expect(fs.room.freeBytes).toBe(10_000);
    expect(() => entries.symlink(fs, place, 'x/'.repeat(2048), '/a')).toThrow('ENAMETOOLONG');
  });

  it('keep a path of any length from being looked through again and again', () => {
    const { fs, place } = setUp(10_000);
    const path = `${'/'.repeat(1_000_000)}x`;
    for (const work of [entries.removeDirectory, entries.unlink, entries.makeDirectories, entries.makeDirectory])
      expect(() => work(fs, place, path, 0o777)).toThrow('ENAMETOOLONG');
  });

  it('leave holes uncounted', () => {
    const { fs, write } = setUp(4 << 20);
    const file = write('/a', 10);
    truncate(fs, file, 2 ** 33);
    expect(fs.room.freeBytes).toBe((4 << 20) - 10);
    writeAt(fs, file, 2 ** 32, new Uint8Array(8));
    expect(() => truncate(fs, file, 2 ** 45)).toThrow('EFBIG');
  });
});
