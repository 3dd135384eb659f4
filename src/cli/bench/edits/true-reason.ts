/** Whether what a refusal says is so, as far as the case itself can tell. */
import type { EditCase } from './edit-case.ts';

export function isTrueReason({ edit, files, damage }: EditCase, refusal: string): boolean {
  const text = Object.values(files)[0] ?? '';
  const file = text.split('\n').map(keyOf);
  const hunks = 'text' in edit ? hunksIn(edit.text) : [];
  if (/There is no file "([^"]+)"/.test(refusal))
    return !Object.hasOwn(files, /There is no file "([^"]+)"/.exec(refusal)?.[1] ?? '');
  if (refusal.includes('applied already')) return hunks.some(({ after }) => stands(file, after));
  const places = /match (\d+) places \(lines ([\d, ]+)/.exec(refusal)?.[2];
  if (places !== undefined) {
    const starts = places.split(',').map((number) => Number(number) - 1);
    return hunks.some(({ before }) => starts.every((start) => before.every((line, at) => file[start + at] === line)));
  }
  if (/0 places|does not occur/.test(refusal))
    return hunks.length === 0 || hunks.some(({ before }) => !stands(file, before));
  // All else is a doubt about damage: it is true when there was some.
  return damage !== 'none';
}

const keyOf = (line: string) => line.replace(/[’]/g, "'").replace(/–/g, '-').trim();

function stands(file: readonly string[], wanted: readonly string[]): boolean {
  return file.some((_, start) => wanted.every((line, at) => file[start + at] === line));
}

/** The old and new lines of each hunk or block, read as simply as can be. */
function hunksIn(text: string): { before: string[]; after: string[] }[] {
  const blocks = [...text.matchAll(/^<{7} SEARCH\n([\s\S]*?)\n?^={7}\n([\s\S]*?)\n?^>{7} REPLACE/gm)];
  if (blocks.length > 0)
    return blocks.map(([, before = '', after = '']) => ({
      before: before.split('\n').map(keyOf),
      after: after.split('\n').map(keyOf),
    }));
  return text
    .split(/^@@.*\n/m)
    .slice(1)
    .map((body) => {
      const lines = body
        .replace(/\n$/, '')
        .split('\n')
        .filter((line) => !/^(\\|\*\*\*|```)/.test(line));
      const side = (op: string) => lines.filter((line) => !line.startsWith(op)).map((line) => keyOf(line.slice(1)));
      return { before: side('+'), after: side('-') };
    });
}
