/** A script that comes bit by bit on standard input: what is complete runs at once, as whoever writes it may wait for its output. */
import { runSource } from './execute.ts';
import type { Shell } from './shell.ts';
import { concatenate, type Reader } from './streams.ts';
import { lineAt, lineStart, parseScript } from './syntax.ts';

const NEWLINE = 10;
/** So much is read at once. */
const BLOCK = 64 * 1024;
/** While more is there already, an incomplete text is looked at again when it is so many times as long. */
const GROWTH = 1.2;

/** Runs it to its end; the status is that of the last command. Throws what {@link runSource} throws. */
export async function runInput(shell: Shell, input: Reader): Promise<number> {
  let pending: Uint8Array = new Uint8Array(0);
  let linesBefore = 0;
  let nextLook = 0;
  for (;;) {
    const bytes = await input.read(BLOCK);
    const isEnd = bytes.length === 0;
    const taken = shell.bash ? takeLine(bytes, input, nextLook - pending.length) : bytes;
    pending = concatenate([pending, taken]);
    const hasMore = taken.length < bytes.length || bytes.length === BLOCK;
    if (hasMore && pending.length < nextLook) continue;
    const whole = new TextDecoder().decode(isEnd ? pending : pending.subarray(0, pending.lastIndexOf(NEWLINE) + 1));
    const text = isEnd ? whole : completePart(whole);
    nextLook = text === '' ? pending.length * GROWTH : 0;
    if (text !== '') {
      const lines = lineAt(text, text.length) - 1;
      const rest = isEnd ? pending.subarray(pending.length) : behindLines(pending, lines);
      if (shell.bash) input.giveBack(rest);
      pending = shell.bash ? new Uint8Array(0) : rest;
      // Its lines are counted from the beginning of the script.
      await runSource(shell, '\n'.repeat(linesBefore) + text);
      linesBefore += lines;
    }
    if (isEnd) return shell.status;
  }
}

/** bash takes a line, and leaves the others to commands such as `read`; more of a text that is known to go on for so many bytes. */
function takeLine(bytes: Uint8Array, input: Reader, least: number): Uint8Array {
  const end = bytes.indexOf(NEWLINE, Math.max(0, Math.ceil(least) - 1)) + 1;
  if (end === 0 || end === bytes.length) return bytes;
  input.giveBack(bytes.subarray(end));
  return bytes.subarray(0, end);
}

function behindLines(bytes: Uint8Array, count: number): Uint8Array {
  let end = 0;
  for (let line = 0; line < count; line++) end = bytes.indexOf(NEWLINE, end) + 1;
  return bytes.subarray(end);
}

/** The lines of a text that may run before more is known of it: all of them, or those before its last command. */
function completePart(text: string): string {
  if (text === '' || isComplete(text)) return text;
  const { script, failure } = parseScript(text);
  // No more lines make that right.
  if (failure && !failure.incomplete) return text;
  const last = script.commands.at(-1);
  const before = last ? text.slice(0, lineStart(text, lineAt(text, last.pos))) : '';
  return before !== '' && isComplete(before) ? before : '';
}

/** Whether what comes behind it is a command of its own: no quotation, here-document or continued line takes it in. */
function isComplete(text: string): boolean {
  const { script, failure } = parseScript(`${text}:`);
  return failure === undefined && script.commands.at(-1)?.pos === text.length;
}
