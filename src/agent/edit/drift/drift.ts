/**
 * Drift: an edit's lines are the file's but for white space and punctuation that got lost or changed on the way. It is accepted only when
 * one and the same drift explains every line, so that the lines to put in can be brought back with certainty.
 */

import { similarity } from '../placing/similarity.ts';
import { withoutBom } from '../source-text.ts';
import { explainIndentation } from './indentation.ts';
import { explainBlanks, explainTails } from './line-ends.ts';
import { isBlank, type LinePair, type LineParts, partsOf } from './line-parts.ts';
import { fancyIn, foldedKinds, foldPunctuation } from './punctuation.ts';
import { isCloser, isOpener } from './stripped.ts';

/** Lines that one place of the edit puts in for those that it takes away there. */
export interface Exchange {
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/** How a line that the edit adds is written in the file. */
export type Reword = (line: string) => string;
export type DriftKind = 'indentation' | 'tabs' | 'line ends' | 'punctuation';
export type Drift = { readonly reword: Reword; readonly kinds: readonly DriftKind[] } | { readonly doubt: string };

export const NO_DRIFT: Drift = { reword: (line) => line, kinds: [] };

export function explainDrift(pairs: readonly LinePair[], exchanges: readonly Exchange[]): Drift {
  const added = exchanges.flatMap((exchange) => exchange.added);
  if (pairs.every(({ edit, file }) => edit === file)) return NO_DRIFT;
  const full = pairs.filter(({ edit }) => !isBlank(edit));
  const parts = full.map((pair) => ({ ...pair, edit: partsOf(pair.edit), file: partsOf(pair.file) }));
  const kinds = kindsOf(parts);
  const isStripped = mayHaveLostIndentation(full.map(({ edit }) => edit));
  const isOpened = ({ removed }: Exchange) => {
    const lines = removed.filter((line) => !isBlank(line));
    return isOpener(lines.at(-1) ?? '') || isCloser(lines[0] ?? '');
  };
  if (kinds.includes('indentation') && isStripped && exchanges.some(isOpened))
    return {
      doubt: 'its lines have no indentation, so that of the lines whose block opens or ends elsewhere is not known',
    };
  if (added.length === 0) return { reword: (line) => line, kinds };
  const recore = explainPunctuation(
    parts.map(({ edit, file }) => ({ edit: edit.core, file: file.core })),
    added,
  );
  if (recore === null)
    return { doubt: 'its quotes, dashes or blanks are not those of the file, and it adds such ones' };
  const retail = explainTails(pairs, added);
  if (retail === null)
    return {
      doubt:
        'the blanks at the ends of lines are not those of the file, and it cannot be told which new lines want them',
    };
  const reindents = explainIndentation(parts.map(({ edit, file }) => ({ edit: edit.indent, file: file.indent })));
  const isShifted = parts.some(({ edit, file }) => edit.indent !== file.indent);
  const least = Math.min(...parts.map(({ edit }) => edit.indent.length));
  if (isShifted && added.some((line) => !isBlank(line) && partsOf(line).indent.length < least))
    return { doubt: 'it adds lines with less indentation than any that it shows' };
  if (isShifted && mayHaveLostIndentation([...full.map(({ edit }) => edit), ...added]) && !isLevel(exchanges))
    return { doubt: 'its lines have no indentation, so that of the new lines is not known' };
  // One space more than the edit shows may be the one that marks context: then the new lines are as they are to be.
  if (
    isShifted &&
    pairs.every(({ isRemoved }) => !isRemoved) &&
    parts.every(({ edit, file }) => file.indent === ` ${edit.indent}`)
  )
    return { doubt: 'its context is one space short' };
  const reblank = explainBlanks(pairs, retail);
  if (added.some((line) => isBlank(line) && reblank(line) === null))
    return { doubt: 'it adds lines of blanks alone, of which the file does not show how they are to be' };
  const written = distinct(reindents.map((reindent) => rewrite(added, { reindent, recore, retail, reblank })));
  const [only] = written;
  if (!only || written.length !== 1)
    return {
      doubt: 'its indentation differs from that of the file in a way that does not tell how the new lines are indented',
    };
  const byLine = new Map(added.map((line, index) => [line, only[index] ?? line]));
  return { reword: (line) => byLine.get(line) ?? line, kinds };
}

function kindsOf(parts: readonly { readonly edit: LineParts; readonly file: LineParts }[]): DriftKind[] {
  const kinds: DriftKind[] = [];
  if (parts.some(({ edit, file }) => edit.indent !== file.indent)) kinds.push('indentation');
  if (parts.some(({ edit, file }) => edit.indent.includes('\t') !== file.indent.includes('\t'))) kinds.push('tabs');
  if (parts.some(({ edit, file }) => edit.core !== file.core)) kinds.push('punctuation');
  if (parts.some(({ edit, file }) => edit.tail !== file.tail)) kinds.push('line ends');
  return kinds;
}

interface Rules {
  readonly reindent: (indent: string) => string | null;
  readonly recore: Reword;
  readonly retail: (tail: string) => string;
  readonly reblank: (line: string) => string | null;
}

function rewrite(added: readonly string[], { reindent, recore, retail, reblank }: Rules): string[] | null {
  const lines: string[] = [];
  for (const given of added) {
    // A byte order mark is no blank.
    const line = withoutBom(given);
    const { indent, core, tail } = partsOf(line);
    const now = isBlank(line) ? reblank(line) : reindent(indent);
    if (now === null) return null;
    lines.push(
      given.slice(0, given.length - line.length) + (isBlank(line) ? now : now + recore(core) + retail(recore(tail))),
    );
  }
  return lines;
}

function distinct(results: readonly (string[] | null)[]): string[][] {
  const byText = new Map<string, string[]>();
  for (const result of results) if (result) byText.set(result.join('\n'), result);
  return [...byText.values()];
}

/** Fine punctuation folds to ASCII in one way only; the other way is known just for lines that have none to unfold. */
function explainPunctuation(cores: readonly { edit: string; file: string }[], added: readonly string[]): Reword | null {
  const differing = cores.filter(({ edit, file }) => edit !== file);
  if (differing.length === 0) return (core) => core;
  if (cores.every(({ edit, file }) => foldPunctuation(edit) === file)) {
    // Characters that no line of the file shows to have changed may be meant.
    const seen = new Set(differing.flatMap(({ edit }) => fancyIn(edit)));
    return added.every((line) => fancyIn(line).every((character) => seen.has(character))) ? foldPunctuation : null;
  }
  if (!differing.every(({ edit, file }) => edit === foldPunctuation(file))) return null;
  const kinds = new Set(differing.flatMap(({ file }) => foldedKinds(file)));
  const isKnown = added.every((line) => ![...kinds].some((kind) => line.trim().includes(kind)));
  return isKnown ? (core) => core : null;
}

/** Then every line has lost its own share, and no shift of the whole tells how much. */
function mayHaveLostIndentation(lines: readonly string[]): boolean {
  return lines.every((line) => isBlank(line) || !/^[ \t]/.test(line));
}

/** New lines stand as deep as those around them: one for one, and like them; or one alone that opens nothing. */
function isLevel(exchanges: readonly Exchange[]): boolean {
  return exchanges.every(({ removed, added }) => {
    const [old, now] = [removed, added].map((lines) => lines.filter((line) => !isBlank(line)));
    if (!old || !now || now.length === 0) return true;
    if (now.length === old.length)
      return now.every((line, at) => /\w{2}/.test(line) && similarity(line.trim(), old[at]?.trim() ?? '') >= 0.5);
    return false;
  });
}
