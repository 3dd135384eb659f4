/** awk: the program is compiled to JavaScript, which runs over the input as it comes. */

import { BROKEN_PIPE, describeError, errorCode } from '../errors.ts';
import { readWholeText } from '../utilities/inputs.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import { compileAwk } from './compile.ts';
import { unescapeString } from './lexer.ts';
import { parseAwk } from './parser.ts';
import { AwkError, AwkRuntime } from './runtime.ts';
import { AwkSyntaxError } from './syntax.ts';

interface CommandLine {
  program: string | undefined;
  assignments: [string, string][];
  operands: string[];
}

/** Throws {@link AwkSyntaxError} for wrong use. */
async function readCommandLine(context: UtilityContext): Promise<CommandLine> {
  const { args } = context;
  const files: string[] = [];
  const assignments: [string, string][] = [];
  let index = 0;
  for (; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    if (arg === '--') {
      index += 1;
      break;
    }
    const option = /^-([Fvf])([\s\S]*)$/.exec(arg);
    if (!option) {
      if (arg.startsWith('-') && arg !== '-') throw new AwkSyntaxError(`unknown option ${arg} ignored`);
      break;
    }
    const value = option[2] || (args[++index] ?? '');
    if (option[1] === 'f') files.push(value);
    else if (option[1] === 'F') assignments.push(['FS', value === 't' ? '\t' : unescapeString(value)]);
    else {
      const equals = value.indexOf('=');
      assignments.push([value.slice(0, equals), unescapeString(value.slice(equals + 1))]);
    }
  }
  const rest = args.slice(index);
  if (files.length === 0) return { program: rest[0], assignments, operands: rest.slice(1) };
  const texts: string[] = [];
  for (const file of files) texts.push(await readWholeText(context, file));
  return { program: texts.join('\n'), assignments, operands: rest };
}

export const awk: Utility = async (context) => {
  try {
    const { program, assignments, operands } = await readCommandLine(context);
    if (program === undefined) {
      await context.stderr.print('usage: awk [-F fs][-v var=value][prog | -f progfile][file ...]\n');
      return 2;
    }
    const main = compileAwk(parseAwk(program));
    const runtime = new AwkRuntime(context);
    runtime.assignments = assignments;
    for (const [index, operand] of ['awk', ...operands].entries()) runtime.ARGV.set(String(index), operand);
    runtime.ARGC = operands.length + 1;
    try {
      await main(runtime);
    } finally {
      await runtime.finish();
    }
    return runtime.exitStatus & 255;
  } catch (error) {
    return await failure(context, error);
  }
};

async function failure(context: UtilityContext, error: unknown): Promise<number> {
  if (errorCode(error) === 'EPIPE') return BROKEN_PIPE;
  const known = error instanceof AwkSyntaxError || error instanceof AwkError || error instanceof SyntaxError;
  if (!known && errorCode(error) === undefined && !(error instanceof RangeError)) throw error;
  await context.stdout.flush();
  await context.complain(describeError(error));
  return 2;
}
