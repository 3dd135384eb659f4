import { describeError, errorCode } from '../errors.ts';
import { readWhole } from '../utilities/inputs.ts';
import { runOnInput } from '../utilities/shell-command.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import { gunzip } from './gunzip.ts';

/** Options of grep that take the next word. */
const WITH_VALUE =
  /^-[a-zA-Z]*[efmABCdD]$|^--(regexp|file|max-count|context|after-context|before-context|label|color)$/;

/** grep in files that may be packed: each is searched by itself. */
export const zgrep: Utility = async (context) => {
  const { options, operands } = splitWords(context.args);
  const hasPattern = options.some((word) => /^-[a-zA-Z]*[ef]|^--(regexp|file)/.test(word));
  const pattern = hasPattern ? [] : ['-e', operands.shift() ?? ''];
  if (!hasPattern && pattern[1] === '' && context.args.length === 0) {
    await context.complain("missing pattern; try `zgrep --help' for help");
    return 2;
  }
  const named = operands.length > 1 && !options.some((word) => /^-[a-zA-Z]*h|^--no-filename/.test(word)) ? ['-H'] : [];
  let status = 1;
  for (const name of operands.length > 0 ? operands : ['-']) {
    const input = await unpacked(context, name);
    if (!input) {
      status = 2;
      continue;
    }
    const label = name === '-' ? [] : [`--label=${name}`];
    const one = await runOnInput(context, ['grep', ...named, ...label, ...options, ...pattern], { input });
    if (status !== 2) status = one === 0 || one > 1 ? one : status;
  }
  return status;
};

async function unpacked(context: UtilityContext, name: string): Promise<Uint8Array | undefined> {
  try {
    const bytes = await readWhole(context, name);
    return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzip(bytes) : bytes;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    await context.stderr.line(`gzip: ${name}: ${describeError(error)}`);
    return undefined;
  }
}

function splitWords(args: readonly string[]): { options: string[]; operands: string[] } {
  const options: string[] = [];
  const operands: string[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? '';
    if (word === '--') return { options, operands: [...operands, ...args.slice(index + 1)] };
    if (!/^-./.test(word)) operands.push(word);
    else if (WITH_VALUE.test(word)) options.push(word, args[++index] ?? '');
    else options.push(word);
  }
  return { options, operands };
}
