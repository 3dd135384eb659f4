/** column join fmt expand unexpand. */
import { everyNth, greatest } from '../../kernel/large-lists.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import { eachInput } from './inputs.ts';
import { lastValue, type Options, parseOptions } from './options.ts';
import { wrongUse } from './wrong-use.ts';

interface Lines {
  lines: string[];
  complete: boolean;
}

async function allLines(context: UtilityContext, names: readonly string[]): Promise<Lines> {
  const lines: string[] = [];
  const complete = await eachInput(context, { names }, async (reader) => {
    for await (const line of reader.lines()) lines.push(line);
  });
  return { lines, complete };
}

/** Terminals show the characters of East Asia and pictures in two columns. */
const widthOf = (text: string) =>
  [...text].reduce(
    (sum, char) =>
      sum +
      (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{1f300}-\u{1faff}]/u.test(char)
        ? 2
        : 1),
    0,
  );

export const column: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'ts:o:c:xN:R:nLe',
    long: {
      table: 't',
      'separator=': 's',
      'output-separator=': 'o',
      'output-width=': 'c',
      fillrows: 'x',
      'table-columns=': 'N',
      'table-right=': 'R',
      'keep-empty-lines': 'L',
    },
  });
  if (options.problem) return await wrongUse(context, options.problem);
  const { lines, complete } = await allLines(context, options.operands);
  const filled = lines.filter((line) => line.trim() !== '');
  const output = options.flags.has('t') ? table(filled, options) : inColumns(filled, options);
  for (const line of output) await context.stdout.line(line);
  return complete ? 0 : 1;
};

/** What has fewer cells than others is filled up with empty ones; the last column is not padded. */
function table(lines: readonly string[], options: Options): string[] {
  const separator = lastValue(options, 's');
  const rows = lines.map((line) => (separator === undefined ? line.trim().split(/\s+/) : splitAny(line, separator)));
  const names = lastValue(options, 'N')?.split(',');
  if (names) rows.unshift(names);
  const widths: number[] = [];
  for (const row of rows)
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, widthOf(cell));
  const gap = lastValue(options, 'o') ?? '  ';
  const right = new Set(lastValue(options, 'R')?.split(',').map(Number));
  const ragged = rows.some((row) => row.length < widths.length);
  return rows.map((row) => {
    const cells = ragged ? widths.map((_, index) => row[index] ?? '') : row;
    return cells
      .map((cell, index) => {
        const space = ' '.repeat((widths[index] ?? 0) - widthOf(cell));
        if (right.has(index + 1)) return space + cell;
        return index === cells.length - 1 ? cell : cell + space;
      })
      .join(gap);
  });
}

/** Each character of the set separates. */
function splitAny(line: string, set: string): string[] {
  const cells = [''];
  for (const char of line) {
    if (set.includes(char)) cells.push('');
    else cells[cells.length - 1] += char;
  }
  return cells;
}

function inColumns(entries: readonly string[], options: Options): string[] {
  const terminal = Number(lastValue(options, 'c') ?? '80');
  const longest = greatest(entries.map(widthOf), 0);
  const cell = (Math.floor(longest / 8) + 1) * 8;
  if (longest >= terminal) return [...entries];
  const columns = Math.max(1, Math.floor(terminal / cell));
  const rows = Math.ceil(entries.length / columns);
  const byRow = options.flags.has('x');
  return Array.from({ length: rows }, (_, row) => {
    const chosen = byRow ? entries.slice(row * columns, (row + 1) * columns) : everyNth(entries, row, rows);
    return chosen
      .map((entry, index) =>
        index === chosen.length - 1 ? entry : entry + '\t'.repeat(Math.ceil((cell - widthOf(entry)) / 8)),
      )
      .join('');
  });
}

export const join: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'a:v:e:o:t:1:2:j:i',
    long: { 'ignore-case': 'i', 'check-order': 'check', 'nocheck-order': 'nocheck', header: 'header' },
  });
  if (options.problem) return await wrongUse(context, options.problem);
  const [left, right] = options.operands;
  if (left === undefined || right === undefined)
    return await wrongUse(context, left === undefined ? 'missing operand' : `missing operand after ‘${left}’`);
  const files = [await allLines(context, [left]), await allLines(context, [right])];
  if (!files.every(({ complete }) => complete)) return 1;
  const separator = lastValue(options, 't');
  const rows = files.map(({ lines }) =>
    lines.map((line) => (separator === undefined ? line.trim().split(/[ \t]+/) : line.split(separator))),
  );
  for (const line of joined(rows, options)) await context.stdout.line(line);
  return 0;
};

function* joined([left = [], right = []]: string[][][], options: Options): Generator<string> {
  const fields = [lastValue(options, '1'), lastValue(options, '2')].map(
    (field) => Number(field ?? lastValue(options, 'j') ?? '1') - 1,
  );
  const separator = lastValue(options, 't') ?? ' ';
  const empty = lastValue(options, 'e') ?? '';
  const keyOf = (row: readonly string[] | undefined, file: number) => {
    const key = row?.[fields[file] ?? 0] ?? '';
    return options.flags.has('i') ? key.toLowerCase() : key;
  };
  const order = options.values.get('o')?.flatMap((text) => text.split(/[ ,]+/));
  const show = (a: readonly string[] | undefined, b: readonly string[] | undefined) => {
    const key = a?.[fields[0] ?? 0] ?? b?.[fields[1] ?? 0] ?? '';
    if (order && order[0] !== 'auto') {
      const pick = (spec: string) => {
        if (spec === '0') return key;
        const [file, field] = spec.split('.');
        return (file === '1' ? a : b)?.[Number(field) - 1] || empty;
      };
      return order.map(pick).join(separator);
    }
    const rest = (row: readonly string[] | undefined, file: number) =>
      row?.filter((_, index) => index !== fields[file]) ?? [];
    return [key, ...rest(a, 0), ...rest(b, 1)].join(separator);
  };
  const unpaired = (file: string) =>
    [...(options.values.get('a') ?? []), ...(options.values.get('v') ?? [])].includes(file);
  const paired = !options.flags.has('v');
  let [i, j] = [0, 0];
  if (options.flags.has('header')) {
    yield show(left[i++], right[j++]);
  }
  while (i < left.length || j < right.length) {
    const [a, b] = [keyOf(left[i], 0), keyOf(right[j], 1)];
    if (j >= right.length || (i < left.length && a < b)) {
      if (unpaired('1')) yield show(left[i], undefined);
      i += 1;
    } else if (i >= left.length || b < a) {
      if (unpaired('2')) yield show(undefined, right[j]);
      j += 1;
    } else {
      let [endLeft, endRight] = [i, j];
      while (endLeft < left.length && keyOf(left[endLeft], 0) === a) endLeft += 1;
      while (endRight < right.length && keyOf(right[endRight], 1) === a) endRight += 1;
      if (paired) for (const x of left.slice(i, endLeft)) for (const y of right.slice(j, endRight)) yield show(x, y);
      [i, j] = [endLeft, endRight];
    }
  }
}

export const fmt: Utility = async (context) => {
  const options = parseOptions(
    context.args.map((arg) => arg.replace(/^-(\d+)$/, '-w$1')),
    { short: 'w:sutcg:p:', long: { 'width=': 'w', 'split-only': 's', 'uniform-spacing': 'u' } },
  );
  if (options.problem) return await wrongUse(context, options.problem);
  const { lines, complete } = await allLines(context, options.operands);
  const width = Number(lastValue(options, 'w') ?? '75');
  let paragraph: string[] = [];
  const flush = async () => {
    const indent = /^\s*/.exec(paragraph[0] ?? '')?.[0] ?? '';
    for (const line of fill(
      paragraph.flatMap((text) => text.trim().split(/\s+/)).filter(Boolean),
      width - indent.length,
    ))
      await context.stdout.line(indent + line);
    paragraph = [];
  };
  for (const line of lines) {
    if (line.trim() === '') {
      await flush();
      await context.stdout.line('');
    } else paragraph.push(line);
    if (options.flags.has('s')) await flush();
  }
  await flush();
  return complete ? 0 : 1;
};

/**
 * Lines of words, chosen as GNU fmt weighs them: short of the goal of 93 % of the width, and shorter than the next line, costs
 * the square of ten times the difference (halved for the next line); each line costs a little; what the last one lacks is free.
 */
function fill(words: readonly string[], width: number): string[] {
  const goal = Math.floor((width * 187) / 200);
  const best: { cost: number; next: number; length: number }[] = [];
  best[words.length] = { cost: 0, next: words.length, length: 0 };
  for (let start = words.length - 1; start >= 0; start -= 1) {
    let length = -1;
    let choice = { cost: Number.POSITIVE_INFINITY, next: start + 1, length: 0 };
    for (let end = start; end < words.length; end += 1) {
      length += 1 + (words[end]?.length ?? 0);
      if (length > width && end > start) break;
      const rest = best[end + 1];
      const last = end === words.length - 1;
      const short = last ? 0 : (10 * (goal - length)) ** 2;
      const ragged = last || rest?.next === words.length ? 0 : (10 * (length - (rest?.length ?? 0))) ** 2 / 2;
      const cost = short + ragged + 70 ** 2 + breakCost(words, start) + (rest?.cost ?? 0);
      if (cost < choice.cost) choice = { cost, next: end + 1, length };
    }
    best[start] = choice;
  }
  const lines: string[] = [];
  for (let at = 0; at < words.length; at = best[at]?.next ?? words.length)
    lines.push(words.slice(at, best[at]?.next).join(' '));
  return lines;
}

/** Of a line that starts with a word: good after a comma, bad where it leaves the last word alone. */
function breakCost(words: readonly string[], start: number): number {
  if (start === 0) return 0;
  const afterComma = /[,;:]$/.test(words[start - 1] ?? '') ? -(40 ** 2) : 0;
  const alone = start === words.length - 1 ? 150 ** 2 / ((words[start]?.length ?? 0) + 2) : 0;
  return afterComma + alone;
}

const tabOf = (options: Options) => Number(lastValue(options, 't') ?? '8') || 8;

export const expand: Utility = async (context) => {
  const options = parseOptions(
    context.args.map((arg) => arg.replace(/^-(\d+)$/, '-t$1')),
    { short: 't:i', long: { 'tabs=': 't', initial: 'i' } },
  );
  if (options.problem) return await wrongUse(context, options.problem);
  const tab = tabOf(options);
  const complete = await eachInput(context, { names: options.operands }, async (reader) => {
    for await (const line of reader.rawLines()) {
      let text = '';
      let initial = true;
      for (const char of line) {
        initial &&= char === ' ' || char === '\t';
        text += char === '\t' && (initial || !options.flags.has('i')) ? ' '.repeat(tab - (text.length % tab)) : char;
      }
      await context.stdout.write(text);
    }
  });
  return complete ? 0 : 1;
};

export const unexpand: Utility = async (context) => {
  const options = parseOptions(context.args, { short: 't:a', long: { 'tabs=': 't', all: 'a', 'first-only': 'first' } });
  if (options.problem) return await wrongUse(context, options.problem);
  const tab = tabOf(options);
  const everywhere = (options.flags.has('a') || options.flags.has('t')) && !options.flags.has('first');
  const complete = await eachInput(context, { names: options.operands }, async (reader) => {
    for await (const line of reader.rawLines()) {
      const initial = /^[ \t]*/.exec(line)?.[0].length ?? 0;
      const end = everywhere ? line.length : initial;
      let [text, column, blanks] = ['', 0, 0];
      for (const [index, char] of [...line].entries()) {
        if (char !== ' ' || index >= end) {
          text += ' '.repeat(blanks) + char;
          column += blanks + 1;
          blanks = 0;
          continue;
        }
        blanks += 1;
        if ((column + blanks) % tab !== 0) continue;
        text += blanks > 1 || index < initial ? '\t' : ' ';
        column += blanks;
        blanks = 0;
      }
      await context.stdout.write(text);
    }
  });
  return complete ? 0 : 1;
};
