/** Secrets never reach the model or the log: they are replaced where they turn up in what commands write. */
import type { Files } from '../../../session/files.ts';
import { findInText } from '../../../share/find-in-text.ts';
import { maskFor } from '../../../share/mask.ts';
import { spellingsOf } from './spellings.ts';

export interface Redactor {
  /** Values to be replaced from now on. What stands in the project's own files is no secret any more. */
  know(kind: string, values: readonly string[], files: Files): void;
  redact(text: string, files: Files): string;
  /** The kind of the known value that a text holds; null when it holds none. */
  holds(text: string): string | null;
}

export function createRedactor(): Redactor {
  const known = new Map<string, { readonly kind: string; readonly pattern: RegExp }>();
  const isPublic = (value: string, files: Files) =>
    Object.values(files).some((content) => typeof content === 'string' && content.includes(value));
  return {
    know: (kind, values, files) => {
      for (const value of values)
        if (value !== '' && !isPublic(value, files)) known.set(value, { kind, pattern: spellingsOf(value) });
    },
    redact: (text, files) => {
      const sorted = [...known].sort(([one], [other]) => other.length - one.length);
      const masked = sorted.reduce(
        (result, [, { kind, pattern }]) => result.replace(pattern, () => maskFor(kind)),
        text,
      );
      const found = findInText(masked).filter(
        // Nobody edits a private key, and samples of them in tests look like any other.
        ({ kind, start, end }) => kind === 'private key' || !isPublic(masked.slice(start, end), files),
      );
      return found
        .toSorted((one, other) => other.start - one.start)
        .reduce((result, { kind, start, end }) => result.slice(0, start) + maskFor(kind) + result.slice(end), masked);
    },
    holds: (text) => [...known.values()].find(({ pattern }) => text.search(pattern) >= 0)?.kind ?? null,
  };
}
