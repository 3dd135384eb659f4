/**
 * What only one text of a replacement has at its ends: a line break, an indentation, the line that follows in the file. It is a slip as like as
 * not, and with it lines are joined, torn apart, moved or doubled. Where nothing else changes, it is what is meant.
 */
import type { Replacement } from '../edit.ts';
import { lineAt, type SourceText } from '../source-text.ts';

type Texts = Omit<Replacement, 'path'>;

/** Letters that a line has so that its standing twice is no chance, whatever its indentation. */
const LEAST_LETTERS = 8;
/** Lines that stand twice, equally deep, in no program. */
const ONCE = /[A-Za-z]{3}|^\s*[)\]}]+[;,]?$/;

/** Why what `replace` leaves at its ends is not certain; null when it is. */
export function oneSided(source: SourceText, start: number, { find, replace }: Texts): string | null {
  if (replace === '' && find.endsWith('\n') && /^[ \t]+$/.test(lineBefore(source, start)))
    return '`find` leaves out the indentation of its line and takes its line break, so that the next line would be moved: begin with the indentation.';
  if (find.trim() === '' || replace.trim() === '' || find.trim() === replace.trim()) return null;
  return (
    brokenEnd(source, start, { find, replace }) ??
    brokenStart(source, start, { find, replace }) ??
    brokenBlank(source, start, { find, replace }) ??
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
  // Blank lines at the end of `replace` alone are meant, where the file has none there that `find` may have forgotten.
  const isGap = /\n[ \t]*\r?\n$/.test(replace) && breaks(/\s*$/, replace) > breaks(/\s*$/, find);
  if (old && isGap && /^[ \t]*\S/.test(source.text.slice(start + find.length))) return null;
  const isShared = lastLine(find.trimEnd()) === lastLine(replace.trimEnd());
  return isShared && breaks(/\s*$/, find) !== breaks(/\s*$/, replace)
    ? '`find` and `replace` end with the same line, but not with as many line breaks: end both the same way, or repeat the next line in both.'
    : null;
}

const lineBefore = (source: SourceText, start: number): string =>
  source.text.slice(source.starts[lineAt(source, start)] ?? 0, start);

function brokenStart(source: SourceText, start: number, { find, replace }: Texts): string | null {
  const before = lineBefore(source, start);
  if (/^\s*\n/.test(find) && /^\S/.test(replace))
    return '`find` begins with a line break and `replace` does not, so that its first line would be joined to the one above: begin both the same way.';
  if (before.trim() === '' && /^\S/.test(find) && /^[ \t]*\r?\n/.test(replace))
    return '`replace` begins with a line break and `find` does not, so that a blank line would come in: begin both the same way, or repeat the line above in both.';
  const isShared = firstLine(find.trimStart()) === firstLine(replace.trimStart());
  if (isShared && breaks(/^\s*/, find) !== breaks(/^\s*/, replace))
    return '`find` and `replace` begin with the same line, but not with as many line breaks: begin both the same way.';
  const isAfterIndent = /^[ \t]+$/.test(before) && /^\S/.test(find);
  if (isAfterIndent && /^[ \t]+\S/.test(replace))
    return '`find` leaves out the indentation of its line and `replace` has one, so that it would stand there twice: begin both the same way.';
  return before === '' ? lostIndentation({ find, replace }) : null;
}

/** Why it is not certain that the first new line stands less deep than all that `find` has; null where it does not, or that is nothing strange. */
export function lostIndentation({ find, replace }: Texts): string | null {
  // Brackets, labels and directives stand less deep than what they close or head.
  if (!/^[ \t]+\S/.test(find) || !/^\S/.test(replace)) return null;
  const [shared, ...rest] = find.split('\n').map((line) => line.trimEnd());
  const now = new Set(replace.split('\n').map((line) => line.trimEnd()));
  const isShared =
    shared?.trim() === firstLine(replace) && rest.some((line) => /^[ \t]+\S/.test(line) && now.has(line));
  if (isShared)
    return '`find` and `replace` begin with the same line, but not with the same indentation: begin both the same way.';
  const isHead = /[:{[(>,]\s*$/.test(firstLine(replace));
  if (!/^(?:[\w"'`$@<]|[-*+] )/.test(replace) || isHead) return null;
  const isDeep = (line: string) => line.trim() === '' || /^[ \t]/.test(line);
  return find.split('\n').every(isDeep) && replace.split('\n').slice(1).every(isDeep)
    ? '`find` begins with an indentation and `replace` does not, while its other lines have one: begin both the same way.'
    : null;
}

const breaks = (where: RegExp, text: string) => (where.exec(text)?.[0].match(/\n/g) ?? []).length;

/** Blanks that one of the two has lost at its ends, in the middle of a line. */
function brokenBlank({ text }: SourceText, start: number, { find, replace }: Texts): string | null {
  const isWord = (character: string | undefined) => /[\p{L}\p{N}_]/u.test(character ?? '');
  const isBlank = (character: string | undefined) => character === ' ' || character === '\t';
  const isDoubled =
    (isBlank(text[start - 1]) && !isBlank(find[0]) && isBlank(replace[0])) ||
    (isBlank(text[start + find.length]) && !isBlank(find.at(-1)) && isBlank(replace.at(-1)));
  const isJoined =
    (isBlank(find[0]) && isWord(text[start - 1]) && isWord(replace[0])) ||
    (isBlank(find.at(-1)) && isWord(text[start + find.length]) && isWord(replace.at(-1)));
  if (isJoined)
    return '`find` begins or ends with a blank and `replace` does not, so that two words would be joined: begin and end both the same way.';
  return isDoubled
    ? '`replace` begins or ends with a blank that the file has there already and `find` leaves out: begin and end both the same way.'
    : null;
}

const firstLine = (text: string) => text.split('\n')[0]?.trimEnd() ?? '';
const lastLine = (text: string) => text.split('\n').at(-1)?.trimEnd() ?? '';

/** Whether a new line stands as the next one in no program twice. */
export const isOnce = (line: string, next: string): boolean =>
  (line === next && ONCE.test(line)) ||
  (line.trim() === next.trim() && line.replace(/\W/g, '').length >= LEAST_LETTERS);

/** The last new line is the one that follows anyway: `find` forgot it. */
function doubledLine(source: SourceText, start: number, { find, replace }: Texts): string | null {
  const end = start + find.length;
  const line = lineAt(source, end - 1);
  const isBroken = find.endsWith('\n');
  if (!isBroken && !/^\r?(\n|$)/.test(source.text.slice(end, end + 2))) return null;
  const next = (source.lines[line + 1] ?? '').trimEnd();
  const [old, last] = [find, replace].map((text) => lastLine(text.replace(/\r?\n$/, '')));
  if (last === undefined || old?.trim() === last.trim() || !replace.trim().includes('\n')) return null;
  return isOnce(last, next)
    ? `\`replace\` ends with "${last.slice(0, 80)}", which is the line that follows in the file (${line + 2}), so that it would stand there twice: put it into \`find\`, too, or leave it out of both.`
    : null;
}
