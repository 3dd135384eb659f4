import { joinBytes } from '../../kernel/join-bytes.ts';
import { SystemError } from '../../kernel/syscalls.ts';
import type { BindingFactory, ProcessContext } from '../context.ts';

type Source = BlobHandle | ArrayBufferView | ArrayBuffer;
type Pull = (status: number, buffer?: ArrayBuffer, last?: () => void) => void;

const MORE = 1;
const END = 0;
const UNREADABLE = -1;

type BlobContent = [bytes: Uint8Array, ends: readonly number[]];

class BlobHandle {
  readonly #bytes: Uint8Array;
  /** Where its parts end: its stream gives them one by one. */
  readonly #ends: readonly number[];
  readonly #isReadable: () => boolean;

  constructor(bytes: Uint8Array, ends: readonly number[] = [bytes.length], isReadable = () => true) {
    this.#bytes = bytes;
    this.#ends = ends;
    this.#isReadable = isReadable;
  }

  get bytes(): Uint8Array {
    return this.#bytes;
  }

  get content(): BlobContent {
    return [this.#bytes, this.#ends];
  }

  /** The lengths of its parts. */
  get parts(): number[] {
    return this.#ends.map((end, index) => end - (this.#ends[index - 1] ?? 0));
  }

  /** One part after the other, then the end; or the failure, once it cannot be read any more. */
  getReader() {
    let next = 0;
    return {
      pull: (callback: Pull) => {
        if (!this.#isReadable()) return callback(UNREADABLE);
        while (next < this.#ends.length) {
          const part = this.#bytes.slice(this.#ends[next - 1] ?? 0, this.#ends[next]);
          next++;
          if (part.length > 0) return callback(MORE, part.buffer);
        }
        callback(END);
      },
    };
  }

  slice(start: number, end: number): BlobHandle {
    const ends = this.#ends.map((at) => Math.min(Math.max(at - start, 0), end - start));
    return new BlobHandle(this.#bytes.subarray(start, end), ends, this.#isReadable);
  }
}

/** `internalBinding('blob')`: blobs are bytes in memory. */
export const blob: BindingFactory = (context) => {
  context.nativeCloneables.register(BlobHandle, {
    name: 'Blob',
    isCloneable: true,
    contentOf: (handle) => (handle as BlobHandle).content,
    revive: (content) => new BlobHandle(...(content as BlobContent)),
  });
  const urls = new Map<string, [handle: unknown, length: number, type: string]>();
  return {
    ...context.described('blob'),
    createBlob: (sources: Source[]) => new BlobHandle(joinBytes(sources.map(bytesOf)), endsOf(sources)),
    concat: (sources: Source[]) => joinBytes(sources.map(bytesOf)).buffer,
    storeDataObject: (id: string, handle: unknown, length: number, type: string) =>
      urls.set(id, [handle, length, type]),
    getDataObject: (id: string) => urls.get(id),
    revokeObjectURL: (id: string) => urls.delete(id),
    createBlobFromFilePath(path: string) {
      try {
        const version = versionOf(context, path);
        const bytes = context.sys.call('readFile', path);
        const isUnchanged = () => versionOf(context, path) === version;
        return [new BlobHandle(bytes, [bytes.length], isUnchanged), bytes.length];
      } catch (error) {
        if (error instanceof SystemError) return undefined;
        throw error;
      }
    },
  };
};

/** A blob of a file that was written to meanwhile, or is gone, cannot be read. */
function versionOf({ sys }: ProcessContext, path: string): string {
  const stat = sys.call('statOrNull', path, true);
  return stat === null ? '' : [stat.ino, stat.size, stat.mtimeMs].join();
}

function endsOf(sources: readonly Source[]): number[] {
  let end = 0;
  return sources.flatMap((source) => {
    const lengths = source instanceof BlobHandle ? source.parts : [source.byteLength];
    return lengths.map((length) => {
      end += length;
      return end;
    });
  });
}

function bytesOf(source: Source): Uint8Array {
  if (source instanceof BlobHandle) return source.bytes;
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  return new Uint8Array(source);
}
