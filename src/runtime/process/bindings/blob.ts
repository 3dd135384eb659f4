import { joinBytes } from '../../kernel/join-bytes.ts';
import type { BindingFactory } from '../context.ts';
import { type BlobPart, createPieceReader, fileRange, type ReadPiece, sliceParts } from '../files/blob-parts.ts';

type Source = BlobHandle | ArrayBufferView<ArrayBuffer> | ArrayBuffer;
type Pull = (status: number, buffer?: ArrayBuffer, last?: () => void) => void;

const MORE = 1;
const END = 0;
const UNREADABLE = -1;

class BlobHandle {
  readonly #parts: readonly BlobPart[];
  readonly #readPiece: ReadPiece;

  constructor(parts: readonly BlobPart[], readPiece: ReadPiece) {
    this.#parts = parts;
    this.#readPiece = readPiece;
  }

  get parts(): readonly BlobPart[] {
    return this.#parts;
  }

  /** One part after the other, files in pieces, then the end; or the failure, once one cannot be read any more. */
  getReader() {
    const parts = [...this.#parts];
    const pull = (callback: Pull): void => {
      const part = parts.shift();
      if (part === undefined) callback(END);
      else if (part instanceof Uint8Array) callback(MORE, part.slice().buffer);
      else {
        this.#readPiece(part, (bytes) => {
          const start = part.start + (bytes?.length ?? 0);
          if (start < part.end) parts.unshift({ ...part, start });
          if (bytes === null) callback(UNREADABLE);
          else if (bytes.length > 0) callback(MORE, bytes.buffer);
          else pull(callback);
        });
      }
    };
    return { pull };
  }

  slice(start: number, end: number): BlobHandle {
    return new BlobHandle(sliceParts(this.#parts, start, end), this.#readPiece);
  }
}

/** `internalBinding('blob')`. */
export const blob: BindingFactory = (context) => {
  const { URL } = context.host;
  const readPiece = createPieceReader(context);
  context.nativeCloneables.register(BlobHandle, {
    name: 'Blob',
    isCloneable: true,
    contentOf: (handle) => (handle as BlobHandle).parts,
    revive: (content) => new BlobHandle(content as BlobPart[], readPiece),
  });
  const urls = new Map<string, [handle: unknown, length: number, type: string]>();
  return {
    ...context.described('blob'),
    createBlob: (sources: Source[]) => new BlobHandle(sources.flatMap(partsOf), readPiece),
    concat: (sources: (ArrayBufferView<ArrayBuffer> | ArrayBuffer)[]) => joinBytes(sources.map(bytesOf)).buffer,
    storeDataObject: (id: string, handle: unknown, length: number, type: string) =>
      urls.set(id, [handle, length, type]),
    getDataObject: (id: string) => urls.get(id),
    revokeObjectURL(url: string) {
      const [store, id, ...rest] = URL.parse(url)?.pathname.split(':') ?? [];
      if (store !== '' && id !== undefined && rest.length === 0) urls.delete(id);
    },
    createBlobFromFilePath(path: string) {
      const range = fileRange(context, path);
      if (range === null) {
        throw Object.assign(new TypeError('Unable to open file as blob'), { code: 'ERR_INVALID_ARG_VALUE' });
      }
      return [new BlobHandle([range], readPiece), range.end];
    },
  };
};

function partsOf(source: Source): readonly BlobPart[] {
  if (source instanceof BlobHandle) return source.parts;
  const bytes = bytesOf(source);
  return bytes.length > 0 ? [bytes] : [];
}

function bytesOf(source: ArrayBufferView<ArrayBuffer> | ArrayBuffer): Uint8Array<ArrayBuffer> {
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  return new Uint8Array(source);
}
