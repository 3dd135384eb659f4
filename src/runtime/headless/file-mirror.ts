/** The files of a sandbox, as they were a moment ago, outside of its process. */
import { S_IFMT, S_IFREG } from '../kernel/file-modes.ts';
import type {
  Bytes,
  ContentPart,
  FileContent,
  InodeRecord,
  MirrorChange,
  ToldRecord,
} from '../kernel/mirror/records.ts';

/** Of one message to the kernel. */
const MOST_BYTES = 2 ** 23;
const MOST_RECORDS = 1000;

/** What a sandbox may make its page keep: it lives on when the sandbox does not. What is more is left out, and is not there again. */
const LIMITS = { files: 400_000, bytes: 512 * 2 ** 20 };

export class FileMirror {
  readonly #limits: typeof LIMITS;
  /** In this page: neither in blobs nor in what was mounted. */
  #bytes = 0;
  readonly #records = new Map<number, InodeRecord>();
  /** Until all is told that was made of them. */
  readonly #mounts = new Map<number, Uint8Array>();
  #lastMount = 0;

  constructor(limits = LIMITS) {
    this.#limits = limits;
  }

  /** Keeps what is about to be mounted; returns its number. */
  addMount(tree: Uint8Array): number {
    this.#mounts.set(++this.#lastMount, tree);
    return this.#lastMount;
  }

  take({ changed, gone, mounts }: MirrorChange): void {
    for (const number of gone) this.#remove(number);
    for (const record of changed) {
      const before = this.#records.get(record.number);
      const now = this.#kept(record);
      const content = now.content?.adds ? sum(before?.content, now.content) : (now.content ?? before?.content);
      this.#remove(record.number);
      // Of a file that was left out only what is new was told.
      if (isFile(record) && !before && (!now.content || now.content.adds)) continue;
      this.#add({ ...now, ...(content && { content }) });
    }
    for (const mount of mounts) this.#mounts.delete(mount);
  }

  #add(record: InodeRecord): void {
    const bytes = ownBytes(record);
    if (this.#records.size >= this.#limits.files || this.#bytes + bytes > this.#limits.bytes) return;
    this.#bytes += bytes;
    this.#records.set(record.number, record);
  }

  #remove(number: number): void {
    const record = this.#records.get(number);
    if (record) this.#bytes -= ownBytes(record);
    this.#records.delete(number);
  }

  /** All that there is; the last one is marked. */
  *batches(): Generator<{ records: InodeRecord[]; isLast: boolean }> {
    if (this.#records.size === 0) return;
    let records: InodeRecord[] = [];
    let bytes = 0;
    for (const record of this.#records.values()) {
      records.push(withParts(record, alone));
      for (const part of record.content?.parts ?? []) if (part.bytes instanceof Uint8Array) bytes += part.bytes.length;
      if (records.length < MOST_RECORDS && bytes < MOST_BYTES) continue;
      yield { records, isLast: false };
      [records, bytes] = [[], 0];
    }
    yield { records, isLast: true };
  }

  #kept(record: ToldRecord): InodeRecord {
    return withParts(record, (bytes) => {
      if (bytes instanceof Blob) return bytes;
      // It came in one array with much else.
      if (bytes instanceof Uint8Array) return bytes.slice();
      const mounted = this.#mounts.get(bytes.mount);
      if (!mounted) throw new Error(`The mirror does not have mount ${bytes.mount}`);
      return new Uint8Array(mounted.buffer, bytes.at, bytes.length);
    });
  }
}

function withParts<Content>(
  { content, ...record }: InodeRecord<Content>,
  change: (bytes: Content) => Bytes,
): InodeRecord {
  if (!content) return record;
  const parts = content.parts.map(({ position, bytes }) => ({ position, bytes: change(bytes) }));
  return { ...record, content: { ...content, parts } };
}

function sum(before: FileContent | undefined, { size, parts }: FileContent): FileContent {
  const byPosition = new Map([...(before?.parts ?? []), ...parts].map((part) => [part.position, part]));
  return { size, parts: [...byPosition.values()] };
}

const isFile = ({ mode }: ToldRecord): boolean => (mode & S_IFMT) === S_IFREG;

function ownBytes({ content }: InodeRecord): number {
  const own = ({ bytes }: ContentPart) =>
    bytes instanceof Uint8Array && bytes.length === bytes.buffer.byteLength ? bytes.length : 0;
  return content?.parts.reduce((total, part) => total + own(part), 0) ?? 0;
}

/** Without the rest of the memory that it is a part of, which would be sent with it. */
const alone = (bytes: Bytes): Bytes =>
  bytes instanceof Uint8Array && bytes.length < bytes.buffer.byteLength ? bytes.slice() : bytes;
