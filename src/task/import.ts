/** Tasks out of what a person brings: a zip file or a folder of the disk. */
import { Unzip, UnzipInflate } from 'fflate';
import { bytesToContent } from '../session/content.ts';
import type { Content } from '../session/files.ts';
import { TaskError, taskFromFolder } from './parse-task.ts';
import type { Task } from './task.ts';

export const MOST_FILES = 2000;
export const MOST_BYTES = 20 * 1024 * 1024;

const SKIPPED = /(?:^|\/)(?:node_modules|\.git|__MACOSX)\/|(?:^|\/)\.DS_Store$/;
const PIECE = 64 * 1024;
const LIMITS = `at most ${MOST_FILES.toLocaleString('en')} files with ${MOST_BYTES / 1024 / 1024} MB can be imported (node_modules and .git do not count).`;

interface Entry {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Throws TaskError beyond the limits. */
function createCounter(): { addFile(): void; addBytes(count: number): void } {
  let files = 0;
  let bytes = 0;
  return {
    addFile() {
      files += 1;
      if (files > MOST_FILES) throw new TaskError(`There are too many files: ${LIMITS}`);
    },
    addBytes(count) {
      bytes += count;
      if (bytes > MOST_BYTES) throw new TaskError(`The files are too large: ${LIMITS}`);
    },
  };
}

function join(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** Unpacks piece by piece: what a zip says of its sizes is not believed. */
function unzip(packed: Uint8Array): Entry[] {
  const counter = createCounter();
  const entries: Entry[] = [];
  let open = 0;
  const unzipper = new Unzip((file) => {
    const path = file.name.replaceAll('\\', '/');
    if (path.endsWith('/') || SKIPPED.test(path)) return;
    counter.addFile();
    const pieces: Uint8Array[] = [];
    open += 1;
    file.ondata = (error, piece, final) => {
      if (error) throw error;
      counter.addBytes(piece.length);
      pieces.push(piece);
      if (!final) return;
      open -= 1;
      entries.push({ path, bytes: join(pieces) });
    };
    file.start();
  });
  unzipper.register(UnzipInflate);
  for (let at = 0; at < packed.length; at += PIECE) {
    unzipper.push(packed.subarray(at, at + PIECE), at + PIECE >= packed.length);
  }
  if (open > 0) throw new Error('it ends too early');
  return entries;
}

function toTask(entries: readonly Entry[], givenName: string): Task {
  const outside = entries.find(({ path }) => path.startsWith('/') || path.split('/').some((part) => part === '..'));
  if (outside) throw new TaskError(`"${outside.path}" lies outside its folder: this was not imported.`);
  if (entries.length === 0) throw new TaskError('There are no files in it.');
  const [top = ''] = entries[0]?.path.split('/') ?? [];
  const isCommon = entries.every(({ path }) => path.startsWith(`${top}/`));
  const files = entries.map(({ path, bytes }): [string, Content] => [
    isCommon ? path.slice(top.length + 1) : path,
    bytesToContent(bytes),
  ]);
  return taskFromFolder(isCommon ? top : givenName, Object.fromEntries(files), null);
}

/** The task in a zip file, of a task folder or of a project. Throws TaskError. */
export function importZip(packed: Uint8Array, name = 'imported'): Task {
  if (packed[0] !== 0x50 || packed[1] !== 0x4b) throw new TaskError('This is not a zip file.');
  let entries: readonly Entry[];
  try {
    entries = unzip(packed);
  } catch (cause) {
    if (cause instanceof TaskError) throw cause;
    throw new TaskError('This zip file cannot be unpacked: it is damaged, or packed in an unusual way.', { cause });
  }
  return toTask(entries, name);
}

/** The task in a folder that was chosen with `<input webkitdirectory>`. Rejects with TaskError. */
export async function importFolder(files: readonly File[]): Promise<Task> {
  const counter = createCounter();
  const chosen = files
    .map((file) => ({ file, path: file.webkitRelativePath || file.name }))
    .filter(({ path }) => !SKIPPED.test(path));
  for (const { file } of chosen) {
    counter.addFile();
    counter.addBytes(file.size);
  }
  const entries = await Promise.all(
    chosen.map(async ({ file, path }) => {
      try {
        return { path, bytes: new Uint8Array(await file.arrayBuffer()) };
      } catch (cause) {
        throw new TaskError(`${path} cannot be read: it may have changed. Choose the folder again.`, { cause });
      }
    }),
  );
  return toTask(entries, 'imported');
}
