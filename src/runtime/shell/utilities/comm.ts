/** comm: lines that two sorted files share, and those that only one has. */
import type { Utility, UtilityContext } from '../utility.ts';
import { eachInput } from './inputs.ts';
import { lastValue, parseOptions } from './options.ts';
import { wrongUse } from './wrong-use.ts';

async function linesOf(
  context: UtilityContext,
  name: string,
  end: string,
): Promise<{ lines: string[]; complete: boolean }> {
  const lines: string[] = [];
  const complete = await eachInput(context, { names: [name] }, async (reader) => {
    const text = await reader.text();
    if (text !== '') for (const line of (text.endsWith(end) ? text.slice(0, -1) : text).split(end)) lines.push(line);
  });
  return { lines, complete };
}

export const comm: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: '123z',
    long: {
      'output-delimiter=': 'delimiter',
      'check-order': 'check',
      'nocheck-order': 'nocheck',
      total: 'total',
      'zero-terminated': 'z',
    },
  });
  if (options.problem) return await wrongUse(context, options.problem);
  const [left, right, more] = options.operands;
  if (left === undefined) return await wrongUse(context, 'missing operand');
  if (right === undefined) return await wrongUse(context, `missing operand after ‘${left}’`);
  if (more !== undefined) return await wrongUse(context, `extra operand ‘${more}’`);
  const end = options.flags.has('z') ? '\0' : '\n';
  const read = async (name: string) => await linesOf(context, name, end);
  const first = await read(left);
  if (!first.complete) return 1;
  const second = await read(right);
  if (!second.complete) return 1;
  const [a, b] = [first.lines, second.lines];
  const { flags } = options;
  const delimiter = lastValue(options, 'delimiter') ?? '\t';
  const indent = (column: number) =>
    delimiter.repeat(['1', '2'].slice(0, column).filter((name) => !flags.has(name)).length);
  const totals = [0, 0, 0];
  const disordered = new Set<number>();
  let differed = false;
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    const [x, y] = [a[i], b[j]];
    const column = y === undefined || (x !== undefined && x < y) ? 0 : x === undefined || y < x ? 1 : 2;
    // Files out of order are told of once, where they have differed before.
    for (const [number, list, at] of [
      [1, a, i],
      [2, b, j],
    ] as const) {
      const wrong = at > 0 && (column === 2 || column === number - 1) && (list[at - 1] ?? '') > (list[at] ?? '\uffff');
      if (!wrong || disordered.has(number) || flags.has('nocheck') || !(differed || flags.has('check'))) continue;
      disordered.add(number);
      await context.stdout.flush();
      await context.complain(`file ${number} is not in sorted order`);
      if (flags.has('check')) return 1;
    }
    differed ||= column !== 2;
    if (column !== 1) i += 1;
    if (column !== 0) j += 1;
    totals[column] = (totals[column] ?? 0) + 1;
    if (!flags.has(String(column + 1))) await context.stdout.write(indent(column) + (column === 1 ? y : x) + end);
  }
  if (flags.has('total')) await context.stdout.write(`${totals.join(delimiter)}${delimiter}total${end}`);
  if (disordered.size === 0) return 0;
  await context.complain('input is not in sorted order');
  return 1;
};
