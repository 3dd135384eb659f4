/** What was compiled for which file: gives positions in transformed code back as positions in what the user wrote. */

import type { CompiledText, SourceRegistry } from '../context.ts';
import { lineStarts } from '../modules/lines.ts';
import { originalOffset } from '../modules/transform/edits.ts';

interface Entry {
  original: string | (() => string);
  prefix: number;
  compiled: CompiledText | null;
  /** Offsets at which lines start, counted when they are first needed. */
  starts?: { original: number[]; compiled: number[] };
}

/** `fallback` finds the text of a file that nobody registered. */
export function createSourceRegistry(fallback: (file: string) => string | undefined): SourceRegistry {
  const entries = new Map<string, Entry>();
  return {
    register(file, original, compiled, prefix = 0) {
      entries.set(file, { original, prefix, compiled: compiled ?? null });
    },
    sourceOf: (file) => {
      const entry = entries.get(file);
      return entry === undefined ? fallback(file) : textOf(entry);
    },
    originalText(piece) {
      for (const entry of entries.values()) {
        const start = entry.compiled?.code.indexOf(piece) ?? -1;
        if (start < 0 || entry.compiled === null) continue;
        const [from, to] = [start, start + piece.length].map((offset) => placeIn(entry.compiled, offset));
        return textOf(entry).slice(from, to);
      }
      return undefined;
    },
    isInFront(file, line, column) {
      const { compiled, prefix } = entries.get(file) ?? {};
      return (
        line === 1 &&
        compiled !== null &&
        compiled !== undefined &&
        column - 1 < (prefix ?? 0) + (compiled.segments[0] ?? 0)
      );
    },
    originalColumn(file, line, column) {
      const entry = entries.get(file);
      if (entry === undefined) return column;
      const bare = line === 1 ? Math.max(1, column - entry.prefix) : column;
      return entry.compiled === null ? bare : mapColumn(entry, entry.compiled, { line, column: bare });
    },
  };
}

function textOf(entry: Entry): string {
  if (typeof entry.original === 'function') entry.original = entry.original();
  return entry.original;
}

function mapColumn(entry: Entry, compiled: CompiledText, { line, column }: { line: number; column: number }): number {
  entry.starts ??= { original: lineStarts(textOf(entry)), compiled: lineStarts(compiled.code) };
  const start = entry.starts.compiled[line - 1];
  // Of Node's library the original text is not shipped; transforms keep lines, so the map knows where they start.
  const originalStart =
    entry.original === compiled.code && start !== undefined
      ? placeIn(compiled, start)
      : entry.starts.original[line - 1];
  if (start === undefined || originalStart === undefined) return column;
  return Math.max(1, placeIn(compiled, start + column - 1) - originalStart + 1);
}

/** Where the author wrote what stands there. */
function placeIn(compiled: CompiledText | null, offset: number): number {
  if (compiled === null) return offset;
  const place = originalOffset(compiled.segments, offset);
  return compiled.before ? originalOffset(compiled.before, place) : place;
}
