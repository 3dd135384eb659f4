/** echo, printf, test and [: builtins here and programs of their own. */

import { evaluateTest } from '../conditions/test-command.ts';
import { ShellError } from '../errors.ts';
import type { Shell } from '../shell.ts';
import { Writer } from '../streams.ts';
import { echoText, formatPrintf } from '../utilities/printf.ts';
import type { Builtin } from './builtin.ts';

const echo: Builtin = async ({ shell, args, stdout }) => {
  const { text, ended } = echoText(args, !shell.bash);
  await stdout.write(ended ? text : `${text}\n`);
  return 0;
};

function setVariableOrElement(shell: Shell, name: string, text: string): void {
  const element = /^(\w+)\[(.*)\]$/s.exec(name);
  if (element) shell.setElement(element[1] ?? '', element[2] ?? '', text);
  else shell.setVariable(name, text);
}

/** In the words of bash. */
function bashProblem(problem: string): string {
  return problem
    .replace(/(expected numeric value|not completely converted)$/, 'invalid number')
    .replace(/^%(.): invalid directive$/, "`$1': invalid format character");
}

const printf: Builtin = async ({ args, stdout, shell, name }) => {
  const variable = shell.bash && args[0] === '-v' ? args[1] : undefined;
  const words = variable === undefined ? args : args.slice(2);
  const [format, ...rest] = words[0] === '--' ? words.slice(1) : words;
  if (format === undefined && shell.bash) {
    await new Writer(shell.descriptors.get(2)).print('printf: usage: printf [-v var] format [arguments]\n');
    return 2;
  }
  if (format === undefined) throw new ShellError('usage: printf format [arg ...]');
  const { text, problems } = formatPrintf(format, rest, { bash: shell.bash });
  if (variable !== undefined) setVariableOrElement(shell, variable, text);
  else await stdout.write(text);
  for (const problem of problems) {
    await stdout.flush();
    await shell.complain(`${name}: ${shell.bash ? bashProblem(problem) : problem}`);
  }
  if (problems.length === 0) return 0;
  return !shell.bash && problems.some((problem) => problem.endsWith('invalid directive')) ? 2 : 1;
};

const test: Builtin = ({ shell, args, name }) => {
  const world = {
    sys: shell.sys,
    posix: !shell.bash,
    resolve: (path: string) => shell.resolve(path),
    hasVariable: (variable: string) => shell.hasVariable(variable),
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
