import { SystemError } from '../../kernel/syscalls.ts';
import type { BindingFactory } from '../context.ts';

type Source = BlobHandle | ArrayBufferView | ArrayBuffer;
type Pull = (status: number, buffer?: ArrayBuffer, last?: () => void) => void;

const MORE = 1;
const END = 0;

class BlobHandle {
  readonly bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
  /** One piece, then the end. */
  getReader() {
    let done = false;
    return {
      pull: (callback: Pull) => {
        if (done) return callback(END);
        done = true;
        callback(MORE, new Uint8Array(this.bytes).buffer);
      },
    };
  }
  slice(start: number, end: number): BlobHandle {
    return new BlobHandle(this.bytes.subarray(start, end));
  }
}

/** `internalBinding('blob')`: blobs are bytes in memory. */
export const blob: BindingFactory = (context) => {
  context.nativeCloneables.register(BlobHandle, {
    name: 'Blob',
    isCloneable: true,
    contentOf: (handle) => (handle as BlobHandle).bytes,
    revive: (bytes) => new BlobHandle(bytes as Uint8Array),
  });
  const urls = new Map<string, [handle: unknown, length: number, type: string]>();
  return {
    ...context.described('blob'),
    createBlob: (sources: Source[]) => new BlobHandle(concatenate(sources)),
    concat: (sources: Source[]) => concatenate(sources).buffer,
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

function concatenate(sources: readonly Source[]): Uint8Array {
  const parts = sources.map(bytesOf);
  const whole = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

function bytesOf(source: Source): Uint8Array {
  if (source instanceof BlobHandle) return source.bytes;
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  return new Uint8Array(source);
}
