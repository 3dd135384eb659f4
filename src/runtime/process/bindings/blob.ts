import { joinBytes } from '../../kernel/join-bytes.ts';
import { SystemError } from '../../kernel/syscalls.ts';
import type { BindingFactory } from '../context.ts';

type Source = BlobHandle | ArrayBufferView | ArrayBuffer;
type Pull = (status: number, buffer?: ArrayBuffer, last?: () => void) => void;

const MORE = 1;
const END = 0;

type BlobContent = [bytes: Uint8Array, ends: readonly number[]];

class BlobHandle {
  readonly #bytes: Uint8Array;
  /** Where its parts end: its stream gives them one by one. */
  readonly #ends: readonly number[];

  constructor(bytes: Uint8Array, ends: readonly number[] = [bytes.length]) {
    this.#bytes = bytes;
    this.#ends = ends;
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

  /** One part after the other, then the end. */
  getReader() {
    let next = 0;
    return {
      pull: (callback: Pull) => {
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
    return new BlobHandle(this.#bytes.subarray(start, end), ends);
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
        const bytes = context.sys.call('readFile', path);
        return [new BlobHandle(bytes), bytes.length];
      } catch (error) {
        if (error instanceof SystemError) return undefined;
        throw error;
      }
    },
  };
};

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
