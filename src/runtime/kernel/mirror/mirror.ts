/** Tells a store outside of the sandbox's process what becomes of the file system, behind what happens. */
import type { FileData } from '../file-system/file-data.ts';
import { DeviceInode, DirectoryInode, FileInode, type Inode, LinkInode } from '../file-system/inode.ts';
import type { Bytes, ContentPart, MirrorChange, MirrorStore, PartOfMount, ToldRecord } from './records.ts';

/** What has just been done is told when nobody calls the kernel, or when it is so old: to fill a heap takes longer. */
const LOOK_MS = 250;
const MOST_LOOKS = 6;
/** So many times as long as it took pass before the next time: who writes a large file again and again is not held up by it. */
const REST_FACTOR = 20;
/** Of one change, so that nobody's call waits for long. */
const MOST_BYTES = 2 ** 20;
const MOST_RECORDS = 250;
/** What is longer becomes a blob: to make one takes longer than to copy what is short. */
const SHORT_BYTES = 2 ** 16;
/** Two changes may have the same time, and the time of one that a process has not waited for lies back. */
const RECENT_MS = 1000;

/** Of an inode, when it was told. */
interface Told {
  readonly changedMs: number;
  /** A file's content. */
  readonly version: number;
}

export class Mirror {
  readonly #changed = new Set<Inode>();
  readonly #told = new WeakMap<Inode, Told>();
  readonly #mounted = new WeakMap<ArrayBufferLike, number>();
  readonly #countCalls: () => number;
  #mounts: number[] = [];
  #store: MirrorStore | null = null;
  #isTelling = false;

  /** `countCalls` tells how many calls the kernel has had. */
  constructor(countCalls: () => number) {
    this.#countCalls = countCalls;
  }

  /** From now on the store is told what changes. */
  keepIn(store: MirrorStore): void {
    this.#store = store;
  }

  note(inode: Inode): void {
    if (this.#store === null) return;
    this.#changed.add(inode);
    if (!this.#isTelling) void this.#tellBehind(this.#store);
  }

  /** The store has these bytes, of which files are made now. */
  noteMount(tree: Uint8Array, mount: number): void {
    this.#mounted.set(tree.buffer, mount);
    this.#mounts.push(mount);
  }

  /** The store has this inode as it is. */
  noteTold(inode: Inode): void {
    this.#told.set(inode, { changedMs: inode.changedMs, version: versionOf(inode) });
  }

  async #tellBehind(store: MirrorStore): Promise<void> {
    this.#isTelling = true;
    let rest = 0;
    while (this.#changed.size > 0) {
      await pause(rest);
      await this.#untilQuiet();
      const started = performance.now();
      for (const change of this.#takeChanges()) await store(change);
      rest = REST_FACTOR * (performance.now() - started);
    }
    this.#isTelling = false;
  }

  async #untilQuiet(): Promise<void> {
    for (let look = 0; look < MOST_LOOKS; look++) {
      const before = this.#countCalls();
      await pause(LOOK_MS);
      if (this.#countCalls() === before) return;
    }
  }

  /** Folders come last: then what they lead to is there. */
  *#takeChanges(): Generator<MirrorChange> {
    const changed = [...this.#changed];
    this.#changed.clear();
    const mounts = this.#mounts;
    this.#mounts = [];
    const batch = new Batch(this.#mounted);
    for (const inode of [...changed.filter((each) => !isFolder(each)), ...changed.filter(isFolder)]) {
      yield* this.#takeInode(batch, inode);
      if (batch.isFull) yield batch.take();
    }
    yield { ...batch.take(), mounts };
  }

  *#takeInode(batch: Batch, inode: Inode): Generator<MirrorChange> {
    if (inode instanceof DeviceInode) return;
    const told = this.#told.get(inode);
    if (isGone(inode)) {
      if (told) batch.addGone(inode);
      this.#told.delete(inode);
      return;
    }
    const version = versionOf(inode);
    const isSame = told?.changedMs === inode.changedMs && told.version === version;
    // It was only read.
    if (isSame) return;
    if (Date.now() - inode.changedMs > RECENT_MS) this.noteTold(inode);
    else this.#told.set(inode, { changedMs: 0, version });
    if (!(inode instanceof FileInode) || told?.version === version) batch.add(inode);
    else yield* takeFile(batch, inode, told?.version);
  }
}

/** A large file comes in several records. `before` is the version that was told, if one was. */
function* takeFile(batch: Batch, inode: FileInode, before: number | undefined): Generator<MirrorChange> {
  const { data } = inode;
  const since = before !== undefined && data.hasOnlyGrown(before) ? before : undefined;
  let adds = since !== undefined;
  let parts: ContentPart<Bytes | PartOfMount>[] = [];
  for (const { position, bytes } of data.parts(since)) {
    parts.push(batch.partOf(data, position, bytes));
    if (!batch.isFull) continue;
    batch.add(inode, { size: data.size, parts, ...(adds && { adds }) });
    yield batch.take();
    [parts, adds] = [[], true];
  }
  batch.add(inode, { size: data.size, parts, ...(adds && { adds }) });
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

const isFolder = (inode: Inode): boolean => inode instanceof DirectoryInode;

const versionOf = (inode: Inode): number => (inode instanceof FileInode ? inode.data.version : 0);

function isGone(inode: Inode): boolean {
  return inode instanceof DirectoryInode ? inode.parent === null : inode.links === 0;
}

class Batch {
  readonly #mounted: Pick<WeakMap<ArrayBufferLike, number>, 'get'>;
  #changed: ToldRecord[] = [];
  #gone: number[] = [];
  #bytes = 0;
  /** Views of files, as long as they have not changed. */
  readonly #short: { bytes: Uint8Array }[] = [];

  /** `mounted` has the numbers of mounts. */
  constructor(mounted: Pick<WeakMap<ArrayBufferLike, number>, 'get'>) {
    this.#mounted = mounted;
  }

  get isFull(): boolean {
    return this.#bytes >= MOST_BYTES || this.#changed.length + this.#gone.length >= MOST_RECORDS;
  }

  /** `content` is a file's, where it has changed. */
  add(inode: Inode, content?: ToldRecord['content']): void {
    const { number, mode, uid, gid } = inode;
    this.#changed.push({
      number,
      mode,
      uid,
      gid,
      times: [inode.accessedMs, inode.modifiedMs, inode.changedMs, inode.bornMs],
      ...(content && { content }),
      ...(inode instanceof DirectoryInode && { entries: entriesOf(inode) }),
      ...(inode instanceof LinkInode && { target: inode.target }),
    });
  }

  /** Bytes of a file, as they are now. */
  partOf({ adopted }: FileData, position: number, bytes: Uint8Array): ContentPart<Bytes | PartOfMount> {
    const mount = adopted ? this.#mounted.get(adopted) : undefined;
    if (mount !== undefined) return { position, bytes: { mount, at: bytes.byteOffset, length: bytes.length } };
    this.#bytes += bytes.length;
    if (bytes.length > SHORT_BYTES) return { position, bytes: new Blob([bytes as Uint8Array<ArrayBuffer>]) };
    const part = { position, bytes };
    this.#short.push(part);
    return part;
  }

  addGone({ number }: Inode): void {
    this.#gone.push(number);
  }

  take(): MirrorChange {
    this.#pack();
    const change = { changed: this.#changed, gone: this.#gone, mounts: [] };
    [this.#changed, this.#gone, this.#bytes] = [[], [], 0];
    return change;
  }

  /** One array is sent in a tenth of the time that hundreds take. */
  #pack(): void {
    const packed = new Uint8Array(this.#short.reduce((sum, { bytes }) => sum + bytes.length, 0));
    let end = 0;
    for (const part of this.#short) {
      const start = end;
      packed.set(part.bytes, start);
      end += part.bytes.length;
      part.bytes = packed.subarray(start, end);
    }
    this.#short.length = 0;
  }
}

function entriesOf({ entries }: DirectoryInode): Map<string, number> {
  return new Map(Array.from(entries, ([name, { number }]) => [name, number]));
}
