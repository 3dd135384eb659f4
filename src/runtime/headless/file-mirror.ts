/** The files of a sandbox, as they were a moment ago, outside of its process. */
import type { Bytes, FileContent, InodeRecord, MirrorChange, ToldRecord } from '../kernel/mirror/records.ts';

/** Of one message to the kernel. */
const MOST_BYTES = 2 ** 23;
const MOST_RECORDS = 1000;

export class FileMirror {
  readonly #records = new Map<number, InodeRecord>();
  /** Until all is told that was made of them. */
  readonly #mounts = new Map<number, Uint8Array>();
  #lastMount = 0;

  /** Keeps what is about to be mounted; returns its number. */
  addMount(tree: Uint8Array): number {
    this.#mounts.set(++this.#lastMount, tree);
    return this.#lastMount;
  }

  take({ changed, gone, mounts }: MirrorChange): void {
    for (const record of changed) {
      const before = this.#records.get(record.number);
      const now = this.#kept(record);
      const content = now.content?.adds ? sum(before?.content, now.content) : (now.content ?? before?.content);
      this.#records.set(record.number, { ...now, ...(content && { content }) });
    }
    for (const number of gone) this.#records.delete(number);
    for (const mount of mounts) this.#mounts.delete(mount);
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

/** Without the rest of the memory that it is a part of, which would be sent with it. */
const alone = (bytes: Bytes): Bytes =>
  bytes instanceof Uint8Array && bytes.length < bytes.buffer.byteLength ? bytes.slice() : bytes;
