import type { Utility } from '../utility.ts';
import { lastValue, parseOptions } from './options.ts';
import { wrongUse } from './wrong-use.ts';

/** Both files beside each other: `diff -y` under its older name. Merging them (`-o`) asks at a terminal, and is not there. */
export const sdiff: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'sw:iEZbWBatdlI:o:',
    long: {
      'suppress-common-lines': 's',
      'width=': 'w',
      'ignore-case': 'i',
      'ignore-all-space': 'W',
      'ignore-space-change': 'b',
      'ignore-blank-lines': 'B',
      'ignore-tab-expansion': 'E',
      'ignore-trailing-space': 'Z',
      'strip-trailing-cr': 'strip',
      text: 'a',
      'expand-tabs': 't',
      minimal: 'd',
      'output=': 'o',
    },
  });
  if (options.problem) return await wrongUse(context, options.problem, 2);
  if (options.flags.has('o')) {
    await context.complain('merging with -o is not available in this sandbox');
    return 2;
  }
  const names: Record<string, string> = { s: '--suppress-common-lines', W: '-w', strip: '--strip-trailing-cr' };
  const passed = [...options.flags].filter((flag) => 'sWbBEZiatd'.includes(flag) || flag === 'strip');
  const width = lastValue(options, 'w');
  return await context.run([
    'diff',
    '-y',
    ...passed.map((flag) => names[flag] ?? `-${flag}`),
    ...(width === undefined ? [] : ['-W', width]),
    '--',
    ...options.operands,
  ]);
};
