/** What `set -x` shows. */

import type { Assignment } from 'unbash';
import { expandAssignment, expandText } from './expansion/expand.ts';
import { quoteForShell } from './expansion/parameter-changes.ts';
import type { Shell } from './shell.ts';
import { Writer } from './streams.ts';

/** Lines behind PS4, whose first character bash repeats for each substitution around the command. */
export async function traceLines(shell: Shell, lines: readonly string[]): Promise<void> {
  const options = { ...shell.options };
  shell.options.xtrace = false;
  const prompt = await expandText(shell, shell.getVariable('PS4') ?? '+ ');
  shell.options.xtrace = options.xtrace;
  const prefix = shell.bash ? prompt.slice(0, 1).repeat(shell.traceDepth) + prompt : prompt;
  await new Writer(shell.descriptors.get(2)).print(lines.map((line) => `${prefix}${line}\n`).join(''));
}

export async function traceCommand(
  shell: Shell,
  assignments: readonly Assignment[],
  argv: readonly string[],
): Promise<void> {
  const words: string[] = [];
  const quoted = (text: string) => (shell.bash ? quoteTraced(text) : text);
  for (const { name, value, append, text } of assignments) {
    if (value.type === 'ArrayValue') words.push(text);
    else words.push(`${name}${append ? '+' : ''}=${quoted(await expandAssignment(shell, value))}`);
  }
  // In bash each assignment has a line of its own.
  const lines = shell.bash
    ? [...words, ...(argv.length > 0 ? [argv.map(quoted).join(' ')] : [])]
    : [[...words, ...argv].join(' ')];
  await traceLines(shell, lines);
}

function quoteTraced(text: string): string {
  if (text === '') return "''";
  if (/\p{Cc}/u.test(text)) return quoteForShell(text);
  return /[^\w@%+=:,./^-]/.test(text) ? `'${text.replaceAll("'", "'\\''")}'` : text;
}

/** One test of `[[ … ]]`. */
export async function traceTest(shell: Shell, words: readonly string[], negated: boolean): Promise<void> {
  if (!shell.options.xtrace) return;
  const shown = words.map((word) => (word === '' ? "''" : word)).join(' ');
  await traceLines(shell, [`[[ ${negated ? '! ' : ''}${shown} ]]`]);
}

/** The first line of a compound command, as it was written. */
export async function traceHead(shell: Shell, text: string): Promise<void> {
  if (shell.bash && shell.options.xtrace) await traceLines(shell, [text]);
}
