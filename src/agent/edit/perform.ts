/** What is to be done with one file, done. */
import { contentAt } from '../../session/content.ts';
import type { FileChange, Files } from '../../session/files.ts';
import { hashText } from '../../session/tree.ts';
import { refuseNumbered } from './doubts/elision.ts';
import { refuseLeftOut } from './doubts/left-out.ts';
import { refusePlaceholders } from './doubts/omission.ts';
import { refuseEscapedBreaks } from './escapes.ts';
import { type Hunk, oldLines } from './hunk.ts';
import { spansOf } from './hunk-spans.ts';
import type { Operation } from './operation.ts';
import { refuseBlocked, textOf } from './paths.ts';
import { placeByNumbers } from './placing/by-numbers.ts';
import { type Judge, placeHunks } from './placing/place-hunks.ts';
import type { Placement } from './placing/placement.ts';
import { Refusal } from './refusal.ts';
import { locateReplacement } from './replace.ts';
import { readSource, type SourceText, withoutBom } from './source-text.ts';
import { type Span, spliceSpans } from './span.ts';
import { rewrite } from './whole.ts';

/** Combinations of places that are tried against the hash of the result. */
const MOST_TRIED = 256;

type Changing = Extract<Operation, { kind: 'replace' | 'hunks' }>;
type Other = Extract<Operation, { kind: 'move' | 'create' | 'write' | 'delete' }>;

/** The operations all name this path. Throws Refusal that names the file. */
export function performOperations(files: Files, path: string, operations: readonly Operation[]): FileChange[] {
  const copies = operations.flatMap((one) => (one.kind === 'copy' ? copy(files, one) : []));
  const changing = operations.filter((one): one is Changing => one.kind === 'replace' || one.kind === 'hunks');
  const others = operations.filter((one): one is Other => !['replace', 'hunks', 'keep', 'copy'].includes(one.kind));
  const [other] = others;
  if (others.length > 1 || (other && other.kind !== 'move' && changing.length > 0))
    throw new Refusal(`${path}: the edit names it twice, in ways that exclude each other.`);
  const own = other
    ? perform(files, other, changing)
    : changing.length === 0
      ? []
      : [{ path, content: change(files, path, changing) }];
  return [...own, ...copies];
}

function copy(files: Files, { path, to, hunks }: Extract<Operation, { kind: 'copy' }>): FileChange {
  return { path: to, content: hunks ? change(files, path, [hunks]) : (contentAt(files, path) ?? '') };
}

function perform(files: Files, other: Other, changing: readonly Changing[]): FileChange[] {
  const { path } = other;
  switch (other.kind) {
    case 'move': {
      const content = changing.length > 0 ? change(files, path, changing) : (contentAt(files, path) ?? '');
      return [
        { path, content: null },
        { path: other.to, content },
      ];
    }
    case 'create':
      return [{ path, content: other.content }];
    case 'write': {
      const before = contentAt(files, path) === undefined ? undefined : textOf(files, path);
      if (before === undefined) refuseBlocked(files, path);
      return [{ path, content: rewrite(before, { ...other.file, path }) }];
    }
    case 'delete':
      if (other.hunk) refuseOtherContent(textOf(files, path), path, other.hunk);
      return [{ path, content: null }];
  }
}

function change(files: Files, path: string, operations: readonly Changing[]): string {
  const source = readSource(textOf(files, path));
  const replacements = operations.flatMap((one) => (one.kind === 'replace' ? one.replacements : []));
  const hunks = operations.flatMap((one) => (one.kind === 'hunks' ? one.hunks : []));
  try {
    const replaced = replacements.flatMap((replacement, index): Span[] => {
      const label =
        replacements.length === 1 ? 'the replacement' : `replacement ${index + 1} of ${replacements.length}`;
      return locateReplacement(source, replacement, label);
    });
    const result = (placements: readonly Placement[]) =>
      spliceSpans(source.text, [...replaced, ...spansOf(source, placements)]);
    const hash = hashesOf(source, operations);
    const judge: Judge = (choices) =>
      hash === null ? null : choose(choices, (places) => isResult(hash, () => result(places)));
    const stated = hash === null ? null : placeByNumbers(source, hunks);
    const isProven = stated !== null && hash !== null && isResult(hash, () => result(stated));
    if (isProven) return result(stated);
    const text = result(hunks.length === 0 ? [] : placeHunks(source, hunks, judge));
    refusePlaceholders(source.text, text);
    refuseLeftOut(source.text, text, path);
    refuseNumbered(source.text, text);
    refuseEscapedBreaks(source.text, text);
    if (text === source.text) throw new Refusal('the edit changes nothing.');
    if (hash !== null && !hashText(text).startsWith(hash))
      throw new Refusal(
        `the diff was made from exactly this file, but what it makes of it is not what its "index" line says (${hash}): it was damaged or changed by hand. Without the index line it is applied as it is.`,
      );
    return text;
  } catch (error) {
    if (error instanceof Refusal) throw new Refusal(`${path}: ${error.message}`);
    throw error;
  }
}

/** The hash of the result, where the index line of the only diff is that of this very file; models make such lines up. */
function hashesOf(source: SourceText, operations: readonly Changing[]): string | null {
  const [only] = operations;
  if (operations.length !== 1 || only?.kind !== 'hunks' || !only.index) return null;
  return hashText(source.text).startsWith(only.index.before) ? only.index.after : null;
}

function isResult(hash: string, result: () => string): boolean {
  try {
    return hashText(result()).startsWith(hash);
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

function choose(
  choices: readonly (readonly Placement[])[],
  isRight: (places: readonly Placement[]) => boolean,
): readonly Placement[] | null {
  const count = choices.reduce((product, places) => product * places.length, 1);
  if (count > MOST_TRIED) return null;
  for (let number = 0; number < count; number += 1) {
    let rest = number;
    const places = choices.flatMap((options) => {
      const option = options[rest % options.length];
      rest = Math.floor(rest / options.length);
      return option ?? [];
    });
    if (isRight(places)) return places;
  }
  return null;
}

function refuseOtherContent(text: string, path: string, hunk: Hunk): void {
  const { lines } = readSource(text);
  const old = oldLines(hunk);
  const differing = old.findIndex((line, index) => withoutBom(line.text).trimEnd() !== (lines[index] ?? '').trimEnd());
  if (old.length === lines.length && differing === -1) return;
  const at = differing === -1 ? Math.min(old.length, lines.length) : differing;
  throw new Refusal(
    `${path}: the diff deletes a file with other content: they differ at line ${at + 1}. Read the file again.`,
  );
}
