/** What was compiled for which file: gives positions in transformed code back as positions in what the user wrote. */

import type { SourceRegistry } from '../context.ts';
import { lineStarts } from '../modules/lines.ts';

interface Compiled {
  code: string;
  segments: number[];
}

interface Entry {
  original: string | (() => string);
  prefix: number;
  compiled: Compiled | null;
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
        const { segments } = entry.compiled;
        const end = originalOffset(segments, start + piece.length - 1) + 1;
        return textOf(entry).slice(originalOffset(segments, start), end);
      }
      return undefined;
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

function mapColumn(entry: Entry, compiled: Compiled, { line, column }: { line: number; column: number }): number {
  entry.starts ??= { original: lineStarts(textOf(entry)), compiled: lineStarts(compiled.code) };
  const start = entry.starts.compiled[line - 1];
  // Of Node's library the original text is not shipped; transforms keep lines, so the map knows where they start.
  const originalStart =
    entry.original === compiled.code && start !== undefined
      ? originalOffset(compiled.segments, start)
      : entry.starts.original[line - 1];
  if (start === undefined || originalStart === undefined) return column;
  return Math.max(1, originalOffset(compiled.segments, start + column - 1) - originalStart + 1);
}

/** The original offset of a compiled one; `segments` are flat pairs (compiled, original), ascending. */
function originalOffset(segments: readonly number[], offset: number): number {
  let low = 0;
  let high = segments.length / 2 - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((segments[2 * middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  const base = segments[2 * low + 1] ?? 0;
  const mapped = base + Math.max(0, offset - (segments[2 * low] ?? 0));
  // Inside inserted text there is no further to go than where the source continues; a mark may lie beyond that.
  return Math.max(base, Math.min(mapped, segments[2 * low + 3] ?? mapped));
}
