/** Texts of edits that carry what is not theirs: the line numbers that read_file shows, or line breaks that were escaped once too often. */
import { loadParser } from '../code/syntax.ts';

export interface Replacing {
  readonly find: string;
  readonly replace: string;
}

/** "12: text" as read_file writes it, and as other agents' tools do. */
const NUMBERED = /^[ \t]*(\d+)(?::(?: |$)|\t|[ \t]?\|[ \t]?)(.*)$/;
const CODE = /\.(?:[cm]?[jt]sx?|json|css|html?|vue|svelte)$/i;
const SCRIPT = /\.[cm]?[jt]sx?$/i;

interface Numbered {
  readonly first: number;
  readonly lines: readonly string[];
}

/** null unless each line has a number, in their order; the last may be empty. */
function readNumbered(text: string): Numbered | null {
  const end = text.endsWith('\n') ? [''] : [];
  const lines = text.replace(/\n$/, '').split('\n');
  const read = lines.map((line) => NUMBERED.exec(line));
  const first = Number(read[0]?.[1] ?? Number.NaN);
  return read.every((match, index) => Number(match?.[1]) === first + index)
    ? { first, lines: [...read.map((match) => match?.[2] ?? ''), ...end] }
    : null;
}

/** The edit without line numbers, where those of `find` are right: the lines stand in the file at just these. Null for any other edit. */
export function withoutNumbers(text: string, { find, replace }: Replacing): Replacing | null {
  if (text.includes(find)) return null;
  const found = readNumbered(find);
  const file = text.split(/\r?\n/);
  if (!found?.lines.every((line, index) => line === (file[found.first - 1 + index] ?? ''))) return null;
  const lines = replace.split('\n');
  const isNumbered = lines.filter((line) => line.trim() !== '').every((line) => NUMBERED.test(line));
  const plain = isNumbered ? lines.map((line) => NUMBERED.exec(line)?.[2] ?? line).join('\n') : replace;
  return { find: found.lines.join('\n'), replace: plain };
}

/** The content of a file of code whose every line has its number, without the numbers; null for any other. */
export function contentWithoutNumbers(path: string, content: string): string | null {
  const found = CODE.test(path) ? readNumbered(content) : null;
  return found?.first === 1 && found.lines.length > 2 ? found.lines.join('\n') : null;
}

const ESCAPED = /\\([ntr"\\])/g;
const MEANT: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

/** One level of JSON's escapes less. */
export const unescapeOnce = (text: string): string => text.replace(ESCAPED, (_, char: string) => MEANT[char] ?? char);

/** Line breaks are there as letters only. */
export const isEscapedTwice = (text: string): boolean => text.includes('\\n') && !text.includes('\n');

/** The edit with its escapes read once more, where it stands in the file only so and leaves code that can be read. Null for any other edit. */
export async function unescapedEdit(
  path: string,
  text: string,
  { find, replace }: Replacing,
): Promise<Replacing | null> {
  if (!isEscapedTwice(find) || replace.includes('\n') || text.includes(find)) return null;
  const edit = { find: unescapeOnce(find), replace: unescapeOnce(replace) };
  if (!text.includes(edit.find)) return null;
  return (await isReadable(
    path,
    text.replace(edit.find, () => edit.replace),
  ))
    ? edit
    : null;
}

/** A file's content with its escapes read once more, where it is no code as it stands, and is then. Null for any other. */
export async function unescapedContent(path: string, content: string): Promise<string | null> {
  if (!isEscapedTwice(content) || !SCRIPT.test(path)) return null;
  const meant = unescapeOnce(content);
  // A first line that is a comment would make one of it all.
  const isCode = !/^\s*(\/\/|#!)/.test(content) && (await isReadable(path, content));
  return !isCode && (await isReadable(path, meant)) ? meant : null;
}

async function isReadable(path: string, text: string): Promise<boolean> {
  if (!SCRIPT.test(path)) return true;
  const parse = await loadParser();
  return parse(text, path).ok;
}
