import { describeError, errorCode } from '../errors.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import { openInput, readWholeText } from './inputs.ts';
import { parseOptions } from './options.ts';
import { SedFiles } from './sed-files.ts';
import { SedMachine } from './sed-machine.ts';
import { parseSed, type SedCommand, SedSyntaxError } from './sed-script.ts';
import { writeFile } from './write-file.ts';
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
    short: 'nEre:f:suzl:',
    long: {
      quiet: 'n',
      silent: 'n',
      'regexp-extended': 'E',
      'expression=': 'e',
      'file=': 'f',
      separate: 's',
      unbuffered: 'u',
      'null-data': 'z',
      posix: 'posix',
      debug: 'debug',
      'line-length=': 'l',
      sandbox: 'sandbox',
    },
  });
  if (rest.includes('--version')) {
    await context.stdout.write('sed (GNU sed) 4.9\n');
    return 0;
  }
  if (options.problem) return await wrongUse(context, options.problem);
  const scripts = [...(options.values.get('e') ?? [])];
  for (const file of options.values.get('f') ?? []) {
    const text = await readWholeText(context, file);
    scripts.push(text.replace(/\n$/, ''));
  }
  if (scripts.length === 0) {
    const script = options.operands.shift();
    if (script === undefined) {
      await context.stderr.print('Usage: sed [OPTION]... {script-only-if-no-other-script} [input-file]...\n');
      return 1;
    }
    scripts.push(script);
  }
  let commands: SedCommand[];
  try {
    commands = parseSed(scripts.join('\n'), options.flags.has('E') || options.flags.has('r'));
  } catch (error) {
    if (!(error instanceof SedSyntaxError)) throw error;
    await context.complain(error.message);
    return error.status;
  }
  const files = await SedFiles.open(context, commands);
  const edit: Edit = {
    commands,
    files,
    quiet: options.flags.has('n') || /^#n\n/.test(`${scripts[0]}\n`),
    separator: options.flags.has('z') ? '\0' : '\n',
    lineLength: Number(options.values.get('l')?.at(-1) ?? 70),
    names: options.operands.length > 0 ? options.operands : ['-'],
  };
  try {
    if (suffix !== undefined) return await editInPlace(context, edit, suffix);
    if (!options.flags.has('s')) return await editStream(context, edit);
    let status = 0;
    for (const name of edit.names) status = (await editStream(context, { ...edit, names: [name] })) || status;
    return status;
  } catch (error) {
    if (!(error instanceof SedSyntaxError)) throw error;
    await context.complain(error.message);
    return error.status;
  } finally {
    files.close();
  }
};

interface Edit {
  commands: SedCommand[];
  files: SedFiles;
  quiet: boolean;
  separator: string;
  lineLength: number;
  names: readonly string[];
}

interface Input {
  lines: AsyncIterable<string>;
  /** The error code of a file that could not be read. */
  failed: string | undefined;
  /** The one that is being read. */
  name: string;
}

function readInput(context: UtilityContext, { names, separator }: Edit): Input {
  const input: Input = { lines: linesOf(), failed: undefined, name: '-' };
  return input;

  async function* linesOf(): AsyncGenerator<string> {
    for (const name of names) {
      try {
        const file = await openInput(context, name);
        input.name = name;
        try {
          if (separator === '\n') yield* file.reader.rawLines();
          else yield* (await file.reader.text()).match(/[^\0]*\0|[^\0]+$/g) ?? [];
        } finally {
          file.close();
        }
      } catch (error) {
        const code = errorCode(error);
        if (code === undefined || code === 'EPIPE') throw error;
        input.failed = code;
        const reason = describeError(error);
        await context.complain(
          code === 'EISDIR' ? `couldn't edit ${name}: not a regular file` : `can't read ${name}: ${reason}`,
        );
      }
    }
  }
}

async function editStream(context: UtilityContext, edit: Edit): Promise<number> {
  const input = readInput(context, edit);
  const write = (text: string) => context.stdout.write(text);
  const machine = new SedMachine({ ...edit, write, context, currentName: () => input.name });
  return (await machine.run(input.lines)) || (input.failed ? 2 : 0);
}

async function editInPlace(context: UtilityContext, edit: Edit, suffix: string): Promise<number> {
  let status = 0;
  for (const name of edit.names) {
    let output = '';
    const input = readInput(context, { ...edit, names: [name] });
    const write = (text: string) => {
      output += text;
      return undefined;
    };
    const result = await new SedMachine({ ...edit, write, context, currentName: () => name }).run(input.lines);
    if (input.failed) {
      status = input.failed === 'EISDIR' ? 4 : 2;
      continue;
    }
    const backup = suffix.includes('*') ? suffix.replaceAll('*', name) : name + suffix;
    if (suffix !== '') context.sys.call('copyFile', context.resolve(name), context.resolve(backup), 0);
    await writeFile(context, name, output);
    status = result || status;
  }
  return status;
}
