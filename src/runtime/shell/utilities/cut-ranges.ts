/** The lists of `cut -b`, `-c` and `-f`. */

/** From and to, counted from 1, both included. */
export type Range = readonly [first: number, last: number];

/** Ranges in their order, those that overlap as one; or GNU's sentence about what is wrong. */
export function parseRanges(list: string, unit: 'field' | 'byte'): Range[] | string {
  const ranges: Range[] = [];
  let at = 0;
  for (const part of list.split(/[,\t ]/)) {
    const range = parseRange(part, list.slice(at), unit);
    if (typeof range === 'string') return range;
    ranges.push(range);
    at += part.length + 1;
  }
  return merged(ranges);
}

/** As a C program counts. */
const LARGEST = 2n ** 64n - 1n;

/** `rest` is the list from this part on. */
function parseRange(part: string, rest: string, unit: 'field' | 'byte'): Range | string {
  const isField = unit === 'field';
  const wrong = /[^\d-]/.exec(part);
  const dashes = part.slice(0, wrong?.index).split('-').length - 1;
  if (dashes > 1) return isField ? 'invalid field range' : 'invalid byte or character range';
  if (wrong) return `invalid ${isField ? 'field value' : 'byte/character position'} ‘${rest.slice(wrong.index)}’`;
  const large = part.match(/\d+/g)?.find((number) => BigInt(number) >= LARGEST);
  if (large !== undefined) return `${isField ? 'field number' : 'byte/character offset'} ‘${large}’ is too large`;
  if (part === '-') return 'invalid range with no endpoint: -';
  const [first = '', last] = part.split('-');
  if (Number(first) === 0 && (first !== '' || last === undefined))
    return `${isField ? 'fields' : 'byte/character positions'} are numbered from 1`;
  const from = Number(first || 1);
  const to = last === undefined ? from : last === '' ? Number.POSITIVE_INFINITY : Number(last);
  return to < from ? 'invalid decreasing range' : [from, to];
}

/** What touches stays apart: `--output-delimiter` goes in between. */
function merged(ranges: readonly Range[]): Range[] {
  const result: Range[] = [];
  for (const [first, last] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const before = result.at(-1);
    if (before && first <= before[1]) result[result.length - 1] = [before[0], Math.max(before[1], last)];
    else result.push([first, last]);
  }
  return result;
}

/** All that is in none of them. */
export function complement(ranges: readonly Range[]): Range[] {
  const result: Range[] = [];
  let next = 1;
  for (const [first, last] of ranges) {
    if (next < first) result.push([next, first - 1]);
    next = last + 1;
  }
  if (next !== Number.POSITIVE_INFINITY) result.push([next, Number.POSITIVE_INFINITY]);
  return result;
}
