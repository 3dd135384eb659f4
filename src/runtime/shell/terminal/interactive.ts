/** `sh` on a terminal: a prompt, a line that can be edited, and again. */

import { ExitRequest, ShellError } from '../errors.ts';
import { runSource } from '../execute.ts';
import { report } from '../scope.ts';
import type { Shell } from '../shell.ts';
import { type Reader, Writer } from '../streams.ts';
import { parseScript } from '../syntax.ts';
import { complete, inColumns } from './completion.ts';
import { Foreground } from './foreground.ts';
import { type EditorResult, LineEditor, readKey } from './line-editor.ts';

const INTERRUPTED = 130;
const HISTORY_SIZE = 1000;
/** So long a command that was interrupted may take to clean up before the next prompt. */
const GRACE_MS = 200;

export async function runInteractive(shell: Shell, input: Reader): Promise<number> {
  const { descriptor } = input;
  shell.interactive = true;
  if (descriptor?.kind !== 'tty') return await runFromPipe(shell, input);
  const foreground = new Foreground(shell.sys, descriptor.fd);
  const session: Session = { shell, input, foreground, terminal: descriptor.fd, history: [] };
  shell.foreground = foreground;
  shell.hasTerminal = true;
  foreground.enter();
  try {
    for (;;) {
      const source = await readCommand(session);
      if (source === null) continue;
      if (source === undefined) return shell.status;
      await runOne(session, source);
    }
  } finally {
    foreground.leave();
  }
}

interface Session {
  shell: Shell;
  input: Reader;
  foreground: Foreground;
  /** The terminal's descriptor. */
  terminal: number;
  history: string[];
}

/** `sh -i` without a terminal. */
async function runFromPipe(shell: Shell, input: Reader): Promise<number> {
  const screen = new Writer(shell.descriptors.get(2));
  for (let source = ''; ; ) {
    await screen.print(shell.getVariable(source === '' ? 'PS1' : 'PS2') ?? '');
    const line = new TextDecoder().decode(await input.takeLine());
    if (line === '' && source === '') return shell.status;
    source += line;
    if (line !== '' && parseScript(source).failure?.incomplete) continue;
    await runGuarded(shell, source);
    source = '';
  }
}

/** A whole command: more lines while the first is incomplete. Null after Ctrl-C, undefined at the end of input. */
async function readCommand(session: Session): Promise<string | null | undefined> {
  const { shell, history } = session;
  let source = '';
  for (;;) {
    const prompt = shell.getVariable(source === '' ? 'PS1' : 'PS2') ?? '';
    const result = await readLine(session, prompt);
    if (result.kind === 'interrupt') {
      shell.status = INTERRUPTED;
      return null;
    }
    if (result.kind !== 'line') return source === '' ? undefined : source;
    if (result.text.trim() !== '' && history.at(-1) !== result.text) history.push(result.text);
    if (history.length > HISTORY_SIZE) history.shift();
    source += `${result.text}\n`;
    if (!parseScript(source).failure?.incomplete) return source;
  }
}

async function readLine({ shell, input, terminal, history }: Session, prompt: string): Promise<EditorResult> {
  const { sys } = shell;
  const screen = new Writer(shell.descriptors.get(2));
  const columns = () => sys.call('terminalSize', terminal)[0] || 80;
  const editor = new LineEditor(prompt, columns(), history);
  await screen.print(prompt);
  sys.call('setRawMode', terminal, true);
  const nextByte = async () => (await input.read(1))[0] ?? null;
  try {
    for (;;) {
      const key = await readKey(nextByte);
      if (key === null) return { kind: 'end' };
      editor.columns = columns();
      const { screen: shown, result } = editor.press(key);
      await screen.print(shown);
      if (result?.kind === 'complete') await screen.print(completeIn(shell, editor));
      else if (result) return result;
    }
  } finally {
    sys.call('setRawMode', terminal, false);
  }
}

function completeIn(shell: Shell, editor: LineEditor): string {
  const { insert, choices } = complete(shell, editor.beforeCursor);
  if (insert !== '') return editor.insert(insert);
  return choices.length === 0 ? '\x07' : `\n${inColumns(choices, editor.columns)}${editor.redrawBelow()}`;
}

/** Runs a command; Ctrl-C ends it, and the shell goes on. */
async function runOne({ shell, foreground }: Session, source: string): Promise<void> {
  const { descriptors } = shell;
  shell.abort = foreground.begin();
  const { signal } = shell.abort;
  const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
  const running = runGuarded(shell, source);
  try {
    await Promise.race([running, aborted]);
    if (!signal.aborted) return;
    const settled = running.catch(() => undefined); // It was told to stop: how it does is of no interest.
    await Promise.race([settled, new Promise((resolve) => setTimeout(resolve, GRACE_MS))]);
    Object.assign(shell, { descriptors, status: INTERRUPTED, loopDepth: 0, conditionDepth: 0 });
    await new Writer(descriptors.get(2)).print('\n');
  } finally {
    foreground.reset();
  }
}

async function runGuarded(shell: Shell, source: string): Promise<void> {
  try {
    await runSource(shell, source);
  } catch (error) {
    if (error instanceof ExitRequest) throw error;
    if (!(error instanceof ShellError)) throw error;
    await report(shell, error);
    shell.status = error.status;
  }
}
