import { describeError, errorCode } from '../errors.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import { openInput } from './inputs.ts';
import { parseOptions } from './options.ts';
import { SedMachine } from './sed-machine.ts';
import { parseSed, type SedCommand, SedSyntaxError } from './sed-script.ts';
import { writeFile } from './sort.ts';
import { wrongUse } from './wrong-use.ts';

/** `-i`, `-i.bak`: the suffix belongs to the option, which getopt's rules do not say here. */
function takeInPlace(args: readonly string[]): { rest: string[]; suffix: string | undefined } {
  const rest: string[] = [];
  let suffix: string | undefined;
  for (const arg of args) {
    const match = /^(?:-([nEr]*)i(.*)|--in-place(?:=(.*))?)$/.exec(arg);
    if (!match || rest.at(-1) === '-e') {
      rest.push(arg);
      continue;
    }
    suffix = match[2] ?? match[3] ?? '';
    if (match[1]) rest.push(`-${match[1]}`);
  }
  return { rest, suffix };
}

export const sed: Utility = async (context) => {
  const { rest, suffix } = takeInPlace(context.args);
  const options = parseOptions(rest, {
    short: 'nEre:f:suz',
    long: {
      quiet: 'n',
      silent: 'n',
      'regexp-extended': 'E',
      'expression=': 'e',
      'file=': 'f',
      separate: 's',
      unbuffered: 'u',
    },
  });
  if (options.problem) return await wrongUse(context, options.problem);
  const scripts = [...(options.values.get('e') ?? [])];
  for (const file of options.values.get('f') ?? []) {
    scripts.push(new TextDecoder().decode(context.sys.call('readFile', context.resolve(file))));
  }
  if (scripts.length === 0) {
    const script = options.operands.shift();
    if (script === undefined) return await wrongUse(context, 'no script specified');
    scripts.push(script);
  }
  let commands: SedCommand[];
  try {
    commands = parseSed(scripts.join('\n'), options.flags.has('E') || options.flags.has('r'));
  } catch (error) {
    if (!(error instanceof SedSyntaxError)) throw error;
    await context.complain(error.message);
    return 1;
  }
  const names = options.operands.length > 0 ? options.operands : ['-'];
  const quiet = options.flags.has('n');
  if (suffix === undefined) return await editStream(context, { commands, quiet, names });
  return await editInPlace(context, { commands, quiet, names, suffix });
};

interface Edit {
  commands: SedCommand[];
  quiet: boolean;
  names: readonly string[];
}

async function* linesOf(context: UtilityContext, names: readonly string[], failed: () => void): AsyncGenerator<string> {
  for (const name of names) {
    try {
      const input = openInput(context, name);
      try {
        yield* input.reader.rawLines();
      } finally {
        input.close();
      }
    } catch (error) {
      const code = errorCode(error);
      if (code === undefined || code === 'EPIPE') throw error;
      failed();
      await context.complain(
        code === 'EISDIR' ? `couldn't edit ${name}: not a regular file` : `can't read ${name}: ${describeError(error)}`,
      );
    }
  }
}

async function editStream(context: UtilityContext, { commands, quiet, names }: Edit): Promise<number> {
  let failed = false;
  const lines = linesOf(context, names, () => {
    failed = true;
  });
  const machine = new SedMachine({ commands, quiet, write: (text) => context.stdout.write(text), context });
  const status = await machine.run(lines);
  return status || (failed ? 2 : 0);
}

async function editInPlace(
  context: UtilityContext,
  { commands, quiet, names, suffix }: Edit & { suffix: string },
): Promise<number> {
  let status = 0;
  for (const name of names) {
    let output = '';
    let failed = false;
    const lines = linesOf(context, [name], () => {
      failed = true;
    });
    const write = (text: string) => {
      output += text;
      return undefined;
    };
    const result = await new SedMachine({ commands, quiet, write, context }).run(lines);
    if (failed) {
      status = 4;
      continue;
    }
    if (suffix !== '')
      context.sys.call(
        'copyFile',
        context.resolve(name),
        context.resolve(suffix.includes('*') ? suffix.replaceAll('*', name) : name + suffix),
        0,
      );
    writeFile(context, name, output);
    status = result || status;
  }
  return status;
}
