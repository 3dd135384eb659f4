/** What `set -x` shows. */

import type { DescriptorTable } from './descriptor.ts';
import { expandText } from './expansion/expand.ts';
import { quoteForShell } from './expansion/parameter-changes.ts';
import type { Shell } from './shell.ts';
import { Writer } from './streams.ts';

/** Lines behind PS4, whose first character bash repeats for each substitution around the command. */
export async function traceLines(
  shell: Shell,
  lines: readonly string[],
  descriptors: DescriptorTable = shell.descriptors,
): Promise<void> {
  const options = { ...shell.options };
  shell.options.xtrace = false;
  const prompt = await expandText(shell, shell.getVariable('PS4') ?? '+ ');
  shell.options.xtrace = options.xtrace;
  const prefix = shell.bash ? prompt.slice(0, 1).repeat(shell.traceDepth) + prompt : prompt;
  await new Writer(descriptors.get(2)).print(lines.map((line) => `${prefix}${line}\n`).join(''));
}

/** The words of a command as bash shows them; an `export` is followed by what it assigned. */
export async function traceCommand(shell: Shell, argv: readonly string[]): Promise<void> {
  const lines = [argv.map(quoteTraced).join(' ')];
  if (argv[0] === 'export' || argv[0] === 'readonly') {
    for (const word of argv.slice(1)) {
      const [, target, value] = /^([A-Za-z_]\w*\+?=)(.*)$/s.exec(word) ?? [];
      if (target !== undefined && value !== undefined && !value.startsWith('\0'))
        lines.push(target + quoteTraced(value));
    }
  }
  await traceLines(shell, lines);
}

/** A word as `set -x` of bash shows it. */
export function quoteTraced(text: string): string {
  if (text === '') return "''";
  if (/[\s'"\\|&;()<>!{}*[\]?^$`]|^[#~]|[:=]~/.test(text)) return `'${text.replaceAll("'", "'\\''")}'`;
  return /\p{Cc}/u.test(text) ? quoteForShell(text) : text;
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
