import { refuseElision } from './doubts/elision.ts';
import { refuseLeftOut } from './doubts/left-out.ts';
import { refusePlaceholders } from './doubts/omission.ts';
import type { WholeFile } from './edit.ts';
import { refuseEscapedBreaks } from './escapes.ts';
import { Refusal } from './refusal.ts';
import { hasBom, readSource, withBom } from './source-text.ts';

/** A file's new text: the one that was given, with the line endings and the byte order mark that the file has. */
export function rewrite(before: string | undefined, file: WholeFile): string {
  if (before === undefined) return file.content;
  if (before === file.content) throw new Refusal(`${file.path} has exactly this content already.`);
  const after = withEnd(before, withEndings(before, file.content), file.fenced === true);
  try {
    refusePlaceholders(before, after);
    refuseEscapedBreaks(before, after);
    refuseElision(before, after, file.path);
    refuseLeftOut(before, after, file.path);
  } catch (error) {
    throw error instanceof Refusal ? new Refusal(`${file.path}: ${error.message}`) : error;
  }
  const text = hasBom(before) && !hasBom(after) ? withBom(after) : after;
  if (text === before) throw new Refusal(`${file.path} has exactly this content already (but for its line endings).`);
  return text;
}

/** Line endings that differ throughout are drift, never what a rewrite means. */
function withEndings(before: string, after: string): string {
  const [old, now] = [endingOf(before), endingOf(after)];
  if (old === null || now === null || old === now) return after;
  return after.replace(/\r?\n/g, old);
}

/** null for a text that has no line ending, or both kinds. */
function endingOf(text: string): string | null {
  const kinds = new Set(readSource(text).ends.filter((end) => end !== ''));
  const [kind] = kinds;
  return kinds.size === 1 && kind !== undefined ? kind : null;
}

function withEnd(before: string, after: string, isFenced: boolean): string {
  if (!isFenced || before === '' || before.endsWith('\n')) return after;
  return after.replace(/\r?\n$/, '');
}
