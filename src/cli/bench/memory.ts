/** What files cost beside their content: the kernel, and the page that has a copy of them. It is the same code here as in the browser, on the same engine. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { FileMirror } from '../../runtime/headless/file-mirror.ts';
import { writeWhole } from '../../runtime/kernel/file-system/contents.ts';
import { makeDirectories } from '../../runtime/kernel/file-system/entries.ts';
import { FileSystem } from '../../runtime/kernel/file-system/file-system.ts';
import type { Place } from '../../runtime/kernel/file-system/lookup.ts';
import { Mirror } from '../../runtime/kernel/mirror/mirror.ts';
import type { Measurement } from './measurement.ts';

const FILES = 10_000;
const PER_FOLDER = 100;
const CONTENT_BYTES = 1024;

export async function memory(): Promise<Measurement[]> {
  const before = usedBytes();
  const fs = fill(new FileSystem());
  const kernel = overheadSince(before);
  // Keeps the files until here.
  if (fs.room.entries === fs.room.freeEntries) throw new Error('bench memory: the file system is empty');
  const beforeCopy = usedBytes();
  const mirror = await copy();
  const page = overheadSince(beforeCopy);
  if (mirror.batches().next().done) throw new Error('bench memory: the copy is empty');
  return [
    { name: 'kernel memory of 10,000 files, content apart', ours: kernel, reference: null, unit: 'KB' },
    { name: "memory of the page's copy of 10,000 files, content apart", ours: page, reference: null, unit: 'KB' },
  ];
}

const overheadSince = (before: number): number => (usedBytes() - before - FILES * CONTENT_BYTES) / 1024;

/** What the page keeps of the files; they themselves go. */
async function copy(): Promise<FileMirror> {
  const fs = new FileSystem();
  const mirror = new Mirror(() => 0);
  const kept = new FileMirror();
  const told = Promise.withResolvers<void>();
  fs.onChanged = (inode) => mirror.note(inode);
  mirror.keepIn((change) => {
    kept.take(structuredClone(change));
    if (change.changed.some(({ number }) => number === fs.root.number)) told.resolve();
  });
  fill(fs);
  await told.promise;
  return kept;
}

function fill(fs: FileSystem): FileSystem {
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
