/** Reads Node's library out of memory that all processes share: nothing is copied or decoded before it is asked for. */
import type { BindingDescription, LibraryFacts, LibrarySource, NodeLibrary } from '../context.ts';

/** Start and end of a piece of text, in bytes after the header. */
export type Span = [start: number, end: number];

/** Written by `library/pack-library.ts`. A source with a column map has the span of its JSON behind its own. */
export interface LibraryHeader {
  version: string;
  facts: Span;
  sources: Record<string, Span | [...Span, ...Span]>;
  bindings: Record<string, Span>;
  /** Modules that are optional parts of the runtime: id -> file name. */
  parts: Record<string, string>;
  /** See {@link LibrarySource.hot}. */
  hot: Record<string, string>;
}

const NEWLINE = 10;

/** `memory` holds what `packLibrary` made; `loadPart` gives the text of an optional part. */
export function openLibrary(memory: SharedArrayBuffer | ArrayBuffer, loadPart: (part: string) => string): NodeLibrary {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const headerEnd = new Uint8Array(memory).indexOf(NEWLINE) + 1;
  const copy = createCopier(memory);
  const text = (start: number, end: number) => decoder.decode(copy(start, end));
  const piece = (start: number, end: number) => text(headerEnd + start, headerEnd + end);
  const header = JSON.parse(text(0, headerEnd)) as LibraryHeader;
  let facts: LibraryFacts | null = null;
  return {
    version: header.version,
    moduleIds: [...Object.keys(header.sources), ...Object.keys(header.parts)],
    source(id): LibrarySource | undefined {
      const span = header.sources[id];
      if (span === undefined) {
        const part = header.parts[id];
        return part === undefined ? undefined : { code: loadPart(part) };
      }
      const code = piece(span[0], span[1]);
      const hot = header.hot[id];
      const source = hot === undefined ? { code } : { code, hot };
      if (span[2] === undefined || span[3] === undefined) return source;
      return { ...source, segments: JSON.parse(piece(span[2], span[3])) as number[] };
    },
    binding(name): BindingDescription | undefined {
      const span = header.bindings[name];
      return span && (JSON.parse(piece(...span)) as BindingDescription);
    },
    hasBinding: (name) => Object.hasOwn(header.bindings, name),
    get facts() {
      facts ??= JSON.parse(piece(...header.facts)) as LibraryFacts;
      return facts;
    },
  };
}

/**
 * Copies pieces of the memory, as a decoder refuses what is shared; a copy is good until the next one. What it calls is kept from before the guest could replace it,
 * and is asked for no constructor (`slice` and `subarray` are): whoever gets hold of this memory can rewrite the library of every
 * process that starts later.
 */
function createCopier(memory: SharedArrayBuffer | ArrayBuffer): (start: number, end: number) => Uint8Array {
  const Bytes = Uint8Array;
  const { apply } = Reflect;
  const { set } = Bytes.prototype;
  // One for all: to allocate takes longer than to copy.
  let room = new ArrayBuffer(1 << 17);
  return (start, end) => {
    if (end - start > room.byteLength) room = new ArrayBuffer(end - start);
    const piece = new Bytes(room, 0, end - start);
    apply(set, piece, [new Bytes(memory, start, end - start)]);
    return piece;
  };
}
