/** `sh` on a terminal: a prompt, a line, and again. */
import { ExitRequest, ShellError } from './errors.ts';
import { runSource } from './execute.ts';
import { report, type Shell } from './shell.ts';
import { type Reader, Writer } from './streams.ts';
import { parseScript } from './syntax.ts';

export async function runInteractive(shell: Shell, input: Reader): Promise<number> {
  shell.interactive = true;
  const screen = new Writer(shell.descriptors.get(2));
  for (;;) {
    const source = await readCommand(shell, input, screen);
    if (source === undefined) return shell.status;
    await runOne(shell, source);
  }
}

/** A whole command: more lines while the first is incomplete. */
async function readCommand(shell: Shell, input: Reader, screen: Writer): Promise<string | undefined> {
  await screen.print(shell.getVariable('PS1') ?? '$ ');
  let source = '';
  for (;;) {
    const line = new TextDecoder().decode(await input.takeLine());
    if (line === '') return source === '' ? undefined : source;
    source += line;
    if (!parseScript(source).failure?.incomplete) return source;
    await screen.print(shell.getVariable('PS2') ?? '> ');
  }
}

async function runOne(shell: Shell, source: string): Promise<void> {
  try {
    await runSource(shell, source);
  } catch (error) {
    if (error instanceof ExitRequest) throw error;
    if (!(error instanceof ShellError)) throw error;
    await report(shell, error);
    shell.status = error.status;
  }
}
