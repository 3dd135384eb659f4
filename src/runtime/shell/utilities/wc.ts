import type { Utility } from '../utility.ts';
import { isDirectory } from './files.ts';
import { eachInput } from './inputs.ts';
import { parseOptions } from './options.ts';
import { wrongUse } from './wrong-use.ts';

/** lines, words, characters, bytes, longest line: in the order in which they are printed. */
const COLUMNS = ['l', 'w', 'm', 'c', 'L'];

function count(bytes: Uint8Array): Record<string, number> {
  const text = new TextDecoder().decode(bytes);
  const lines = text.split('\n');
  return {
    l: lines.length - 1,
    w: text.match(/\S+/g)?.length ?? 0,
    m: [...text].length,
    c: bytes.length,
    L: Math.max(...lines.map((line) => line.length)),
  };
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
  let piped = options.operands.length === 0;
  const complete = await eachInput(context, { names: options.operands }, async (reader, name) => {
    if (name === '-') piped = true;
    const counts = count(await reader.bytes());
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
