/**
 * What only one text of a replacement has at its ends: a line break, an indentation, the line that follows in the file. It is a slip as like as
 * not, and with it lines are joined, torn apart, moved or doubled. Where nothing else changes, it is what is meant.
 */
import type { Replacement } from '../edit.ts';
import { lineAt, type SourceText } from '../source-text.ts';

type Texts = Omit<Replacement, 'path'>;

/** Letters that a line has so that its standing twice is no chance. */
const LEAST_LETTERS = 8;

/** Why what `replace` leaves at its ends is not certain; null when it is. */
export function oneSided(source: SourceText, start: number, { find, replace }: Texts): string | null {
  if (find.trim() === '' || replace.trim() === '' || find.trim() === replace.trim()) return null;
  return (
    brokenEnd(source, start, { find, replace }) ??
    brokenStart(source, start, { find, replace }) ??
    doubledBlank(source, start, { find, replace }) ??
    doubledLine(source, start, { find, replace })
  );
}

function brokenEnd(source: SourceText, start: number, { find, replace }: Texts): string | null {
  const [old, now] = [find, replace].map((text) => text.endsWith('\n'));
  if (old && !now)
    return '`find` ends with a line break and `replace` does not, so that the next line would be joined: end both the same way.';
  const rest = source.text.slice(start + find.length, start + find.length + 2);
  if (!old && now && (rest === '' || /^\r?\n/.test(rest)))
    return '`replace` ends with a line break and `find` does not, so that a blank line would come in: end both the same way, or repeat the next line in both.';
  return null;
}

function brokenStart(source: SourceText, start: number, { find, replace }: Texts): string | null {
  const before = source.text.slice(source.starts[lineAt(source, start)] ?? 0, start);
  if (/^\s*\n/.test(find) && /^\S/.test(replace))
    return '`find` begins with a line break and `replace` does not, so that its first line would be joined to the one above: begin both the same way.';
  if (before.trim() === '' && /^\S/.test(find) && /^[ \t]*\r?\n/.test(replace))
    return '`replace` begins with a line break and `find` does not, so that a blank line would come in: begin both the same way, or repeat the line above in both.';
  const isAfterIndent = /^[ \t]+$/.test(before) && /^\S/.test(find);
  if (isAfterIndent && /^[ \t]+\S/.test(replace))
    return '`find` leaves out the indentation of its line and `replace` has one, so that it would stand there twice: begin both the same way.';
  const [indent = ''] = /^[ \t]+(?=\S)/.exec(find) ?? [];
  // Brackets, labels and directives stand less deep than what they close or head.
  if (before !== '' || indent === '' || !/^[\w"'`$@<]/.test(replace) || /^[^\n]*:\s*$/m.test(firstLine(replace)))
    return null;
  const others = replace.split('\n').slice(1);
  return others.every((line) => line.trim() === '' || line.startsWith(indent))
    ? '`find` begins with an indentation and `replace` does not, while its other lines are as deep: begin both the same way.'
    : null;
}

/** Blanks that `find` has lost at its ends, in the middle of a line. */
function doubledBlank({ text }: SourceText, start: number, { find, replace }: Texts): string | null {
  const isBlank = (character: string | undefined) => character === ' ' || character === '\t';
  const isDoubled =
    (isBlank(text[start - 1]) && !isBlank(find[0]) && isBlank(replace[0])) ||
    (isBlank(text[start + find.length]) && !isBlank(find.at(-1)) && isBlank(replace.at(-1)));
  return isDoubled
    ? '`replace` begins or ends with a blank that the file has there already and `find` leaves out: begin and end both the same way.'
    : null;
}

const firstLine = (text: string) => text.split('\n')[0] ?? '';

/** The last new line is the one that follows anyway: `find` forgot it. */
function doubledLine(source: SourceText, start: number, { find, replace }: Texts): string | null {
  const end = start + find.length;
  const line = lineAt(source, end - 1);
  const isBroken = find.endsWith('\n');
  if (!isBroken && !/^\r?(\n|$)/.test(source.text.slice(end, end + 2))) return null;
  const next = source.lines[line + 1]?.trim() ?? '';
  const last = (
    replace
      .replace(/\r?\n$/, '')
      .split('\n')
      .at(-1) ?? ''
  ).trim();
  const old = (
    find
      .replace(/\r?\n$/, '')
      .split('\n')
      .at(-1) ?? ''
  ).trim();
  const isSeen = last === next && old !== last && last.replace(/\W/g, '').length >= LEAST_LETTERS;
  return isSeen && replace.trim().includes('\n')
    ? `\`replace\` ends with "${last.slice(0, 80)}", which is the line that follows in the file (${line + 2}), so that it would stand there twice: put it into \`find\`, too, or leave it out of both.`
    : null;
}
