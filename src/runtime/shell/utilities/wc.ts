import { S_IFMT, S_IFREG } from '../../kernel/file-modes.ts';
import type { Reader } from '../streams.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import { isDirectory } from './files.ts';
import { eachInput } from './inputs.ts';
import { parseOptions } from './options.ts';
import { wrongUse } from './wrong-use.ts';

/** lines, words, characters, bytes, longest line: in the order in which they are printed. */
const COLUMNS = ['l', 'w', 'm', 'c', 'L'];

/** Counts chunk by chunk: what comes through a pipe may be longer than memory. */
class Counter {
  readonly #decoder = new TextDecoder();
  readonly #counts = { l: 0, w: 0, m: 0, c: 0, L: 0 };
  #inWord = false;
  #lineLength = 0;

  add(bytes: Uint8Array): void {
    this.#counts.c += bytes.length;
    this.#addText(this.#decoder.decode(bytes, { stream: true }));
  }

  result(): Record<string, number> {
    this.#addText(this.#decoder.decode());
    return { ...this.#counts, L: Math.max(this.#counts.L, this.#lineLength) };
  }

  #addText(text: string): void {
    const counts = this.#counts;
    for (let i = 0; i < text.length; i += 1) {
      const unit = text.charCodeAt(i);
      // The second half of a surrogate pair is no character of its own.
      if ((unit & 0xfc00) !== 0xdc00) counts.m += 1;
      if (unit === LINE_FEED) {
        counts.l += 1;
        counts.L = Math.max(counts.L, this.#lineLength);
        this.#lineLength = 0;
      } else this.#lineLength += 1;
      const isSpace = unit <= SPACE ? WHITE.test(text.charAt(i)) : unit > 0x7f && WHITE.test(text.charAt(i));
      if (!isSpace && !this.#inWord) counts.w += 1;
      this.#inWord = !isSpace;
    }
  }
}

const LINE_FEED = 10;
const SPACE = 32;
const WHITE = /\s/;

/** 0 for what is no file, or says nothing of its size. */
function fileSize({ sys, resolve }: UtilityContext, name: string): number {
  const stat = sys.call('statOrNull', resolve(name), true);
  return stat && (stat.mode & S_IFMT) === S_IFREG ? stat.size : 0;
}

async function count(reader: Reader): Promise<Record<string, number>> {
  const counter = new Counter();
  for await (const chunk of reader.chunks()) counter.add(chunk);
  return counter.result();
}

export const wc: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'lwmcL',
    long: { lines: 'l', words: 'w', chars: 'm', bytes: 'c', 'max-line-length': 'L' },
  });
  if (options.problem) return await wrongUse(context, options.problem);
  const shown = options.flags.size > 0 ? COLUMNS.filter((column) => options.flags.has(column)) : ['l', 'w', 'c'];
  const rows: { name: string; counts: Record<string, number>; failed?: boolean }[] = [];
  const total: Record<string, number> = {};
  const isBytesOnly = shown.every((column) => column === 'c');
  let piped = options.operands.length === 0;
  const complete = await eachInput(context, { names: options.operands }, async (reader, name) => {
    if (name === '-') piped = true;
    const size = isBytesOnly && name !== '-' ? fileSize(context, name) : 0;
    const counts = size > 0 ? { c: size } : await count(reader);
    for (const column of COLUMNS) total[column] = (total[column] ?? 0) + (counts[column] ?? 0);
    rows.push({ name: options.operands.length === 0 ? '' : name, counts });
  });
  if (options.operands.length > 1) rows.push({ name: 'total', counts: total });
  piped ||= options.operands.some((name) => isDirectory(context, name));
  const widest = Math.max(1, ...Object.values(total).map((value) => String(value).length), String(total.c ?? 0).length);
  const width = shown.length === 1 && rows.length <= 1 ? 1 : piped ? 7 : widest;
  for (const { name, counts } of rows) {
    const cells = shown.map((column) => String(counts[column] ?? 0).padStart(width));
    await context.stdout.line([...cells, ...(name === '' ? [] : [name])].join(' '));
  }
  return complete ? 0 : 1;
};
