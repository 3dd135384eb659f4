/**
 * Node's library as one UTF-8 text, which processes share as memory and read piece by piece: its first line is a JSON header
 * ({@link LibraryHeader}), whose offsets count in bytes from the end of that line. (Text, because hosts compress it.)
 */
import { joinBytes } from '../kernel/join-bytes.ts';
import type { BindingDescription, LibraryFacts, LibrarySource } from '../process/context.ts';
import type { LibraryHeader, Span } from '../process/library/packed-library.ts';

/** What the pinned binary was found to hold, its modules ready to be compiled. */
export interface PreparedLibrary {
  version: string;
  sources: Record<string, LibrarySource>;
  bindings: Record<string, BindingDescription>;
  facts: LibraryFacts;
  /** Modules that are optional parts of the runtime: id -> file name. */
  parts: Record<string, string>;
}

export function packLibrary({ version, sources, bindings, facts, parts }: PreparedLibrary): Uint8Array {
  const chunks: Uint8Array[] = [];
  let offset = 0;
  const add = (text: string): Span => {
    const bytes = new TextEncoder().encode(text);
    chunks.push(bytes);
    offset += bytes.length;
    return [offset - bytes.length, offset];
  };
  const header: LibraryHeader = {
    version,
    facts: add(JSON.stringify(facts)),
    sources: {},
    bindings: {},
    parts,
    hot: {},
  };
  for (const [name, described] of Object.entries(bindings)) header.bindings[name] = add(JSON.stringify(described));
  for (const [id, { code, segments, hot }] of Object.entries(sources)) {
    const span = add(code);
    header.sources[id] = segments === undefined ? span : [...span, ...add(JSON.stringify(segments))];
    if (hot !== undefined) header.hot[id] = hot;
  }
  const head = new TextEncoder().encode(`${JSON.stringify(header)}\n`);
  return joinBytes([head, ...chunks]);
}
