/** What files cost the kernel beside their content. Its file system is the same code here as in the browser, on the same engine. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { writeWhole } from '../../runtime/kernel/file-system/contents.ts';
import { makeDirectories } from '../../runtime/kernel/file-system/entries.ts';
import { FileSystem } from '../../runtime/kernel/file-system/file-system.ts';
import type { Place } from '../../runtime/kernel/file-system/lookup.ts';
import type { Measurement } from './measurement.ts';

const FILES = 10_000;
const PER_FOLDER = 100;
const CONTENT_BYTES = 1024;

export async function memory(): Promise<Measurement[]> {
  const before = usedBytes();
  const fs = fill();
  const overhead = usedBytes() - before - FILES * CONTENT_BYTES;
  // Keeps the files until here.
  if (fs.room.entries === fs.room.freeEntries) throw new Error('bench memory: the file system is empty');
  return [{ name: 'kernel memory of 10,000 files, content apart', ours: overhead / 1024, reference: null, unit: 'KB' }];
}

function fill(): FileSystem {
  const fs = new FileSystem();
  const place: Place = { root: fs.root, cwd: fs.root, umask: 0 };
  for (let index = 0; index < FILES; index++) {
    const folder = `/folder-${Math.floor(index / PER_FOLDER)}`;
    if (index % PER_FOLDER === 0) makeDirectories(fs, place, folder, 0o777);
    writeWhole(fs, place, `${folder}/file-${index}.txt`, { data: new Uint8Array(CONTENT_BYTES) });
  }
  return fs;
}

function usedBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
