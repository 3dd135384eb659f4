/** echo, printf, test and [: builtins here and programs of their own. */

import { ShellError } from '../errors.ts';
import { evaluateTest } from '../test-command.ts';
import { echoText, formatPrintf } from '../utilities/printf.ts';
import type { Builtin } from './builtin.ts';

const echo: Builtin = async ({ shell, args, stdout }) => {
  const { text, ended } = echoText(args, !shell.bash);
  await stdout.write(ended ? text : `${text}\n`);
  return 0;
};

const printf: Builtin = async ({ args, stdout, shell, name }) => {
  const [format, ...rest] = args[0] === '--' ? args.slice(1) : args;
  if (format === undefined) throw new ShellError('usage: printf format [arg ...]');
  const { text, problems } = formatPrintf(format, rest);
  await stdout.write(text);
  for (const problem of problems) {
    await stdout.flush();
    await shell.complain(`${name}: ${problem}`);
  }
  return problems.length > 0 ? 1 : 0;
};

const test: Builtin = ({ shell, args, name }) => {
  const world = {
    sys: shell.sys,
    resolve: (path: string) => shell.resolve(path),
    descriptors: { get: (number: number) => shell.descriptors.get(number) },
  };
  return evaluateTest(world, name, args) ? 0 : 1;
};

export const textBuiltins: readonly [string, Builtin][] = [
  ['echo', echo],
  ['printf', printf],
  ['test', test],
  ['[', test],
];
