/** read. */

import { SystemError } from '../../kernel/syscalls.ts';
import { ECHO, ICANON } from '../../kernel/terminal-attributes.ts';
import type { Descriptor } from '../descriptor.ts';
import { describeError, ShellError } from '../errors.ts';
import type { Shell } from '../shell.ts';
import { Reader, Writer } from '../streams.ts';
import { ShellArray } from '../variables/arrays.ts';
import { type Builtin, VARIABLE_NAME } from './builtin.ts';

/** As if SIGALRM had ended it. */
const TIMED_OUT = 142;

interface ReadOptions {
  raw: boolean;
  /** What is typed is not shown. */
  silent: boolean;
  /** Of bash: all fields into this array. */
  array: string | undefined;
  prompt: string | undefined;
  delimiter: string;
  /** At most so many characters; `exact` takes the delimiter as one of them. */
  length: number | undefined;
  exact: boolean;
  seconds: number | undefined;
  fd: number;
  names: string[];
}

function readOptions(shell: Shell, args: readonly string[]): ReadOptions {
  const options: ReadOptions = {
    raw: false,
    silent: false,
    array: undefined,
    prompt: undefined,
    delimiter: '\n',
    length: undefined,
    exact: false,
    seconds: undefined,
    fd: 0,
    names: [],
  };
  const takesValue = shell.bash ? 'adinNptu' : 'p';
  const known = shell.bash ? 'ers' : 'r';
  let index = 0;
  for (; /^-./.test(args[index] ?? ''); index += 1) {
    const word = args[index] ?? '';
    if (word === '--') {
      index += 1;
      break;
    }
    for (let at = 1; at < word.length; at += 1) {
      const letter = word[at] ?? '';
      if (letter === 'r') options.raw = true;
      if (letter === 's') options.silent = true;
      if (!takesValue.includes(letter)) {
        if (known.includes(letter)) continue;
        throw new ShellError(shell.bash ? `-${letter}: invalid option` : `Illegal option -${letter}`, 2, true);
      }
      const attached = word.slice(at + 1);
      if (attached === '') index += 1;
      setOption(options, letter, attached || (args[index] ?? ''));
      break;
    }
  }
  options.names = args.slice(index);
  return options;
}

function setOption(options: ReadOptions, letter: string, value: string): void {
  if (letter === 'a') options.array = value;
  else if (letter === 'd') options.delimiter = value.slice(0, 1) || '\0';
  else if (letter === 'p') options.prompt = value;
  else if (letter === 't') options.seconds = secondsOf(value);
  else if (letter === 'u') options.fd = Number(value);
  else if (letter === 'n' || letter === 'N') {
    options.length = Number(value);
    options.exact = letter === 'N';
  }
}

function secondsOf(value: string): number {
  const seconds = value.trim() === '' ? Number.NaN : Number(value);
  if (seconds >= 0) return seconds;
  throw new ShellError(`${value}: invalid timeout specification`, 1, true);
}

export const read: Builtin = async ({ shell, args }) => {
  const options = readOptions(shell, args);
  const { names } = options;
  const descriptor = shell.descriptors.get(options.fd);
  const { prompt } = options;
  const ask = async () => {
    if (prompt !== undefined && descriptor?.kind === 'tty') await new Writer(shell.descriptors.get(2)).print(prompt);
  };
  if (!shell.bash) await ask();
  if (names.length === 0 && options.array === undefined) {
    if (!shell.bash) throw new ShellError('arg count');
    names.push('REPLY');
  }
  for (const name of names) {
    if (VARIABLE_NAME.test(name) || (shell.bash && /^\w+\[.*\]$/.test(name))) continue;
    throw new ShellError(
      shell.bash ? `\`${name}': not a valid identifier` : `${name}: bad variable name`,
      shell.bash ? 1 : 2,
    );
  }
  const restore = prepareTerminal(shell, descriptor, options);
  let deadline: AbortSignal | undefined;
  const answer = async () => {
    // Asked for a secret, a person may type before the prompt is read to its end: the terminal must not show it by then.
    if (shell.bash) await ask();
    const { seconds } = options;
    deadline = seconds === undefined ? undefined : AbortSignal.timeout(seconds * 1000);
    return await readText(new Reader(descriptor), options, deadline);
  };
  let line: { text: string; ended: boolean };
  try {
    line = await answer().finally(restore);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    // A folder, for one, opens and cannot be read: that is no reason for the script to end.
    if (shell.bash) await shell.complain(`read: read error: ${options.fd}: ${describeError(error)}`);
    else assign(shell, options, '');
    return 1;
  }
  assign(shell, options, line.text);
  if (!line.ended) return 0;
  return deadline?.aborted ? TIMED_OUT : 1;
};

/** As bash does: a terminal gives characters at once where not a whole line is wanted. What it returns puts it back. */
function prepareTerminal(shell: Shell, descriptor: Descriptor | undefined, options: ReadOptions): () => void {
  const readsLines = options.length === undefined && options.delimiter === '\n';
  if (!shell.bash || descriptor?.kind !== 'tty' || (readsLines && !options.silent)) return () => undefined;
  const { sys } = shell;
  const before = sys.call('terminalAttributes', descriptor.fd);
  const hidden = (readsLines ? 0 : ICANON) | (options.silent ? ECHO : 0);
  sys.call('setTerminalAttributes', descriptor.fd, { ...before, local: before.local & ~hidden, least: 1, tenths: 0 });
  return () => sys.call('setTerminalAttributes', descriptor.fd, before);
}

/** Escaped characters are marked with a NUL before them, so that they do not split. */
async function readText(
  reader: Reader,
  options: ReadOptions,
  deadline: AbortSignal | undefined,
): Promise<{ text: string; ended: boolean }> {
  const delimiter = options.exact ? -1 : options.delimiter.charCodeAt(0);
  let text = '';
  for (;;) {
    const bytes = await reader.takeUntil(delimiter, options.length, deadline);
    const piece = new TextDecoder().decode(bytes);
    const full = options.length !== undefined && [...piece].length >= options.length;
    const ended = !full && bytes.at(-1) !== delimiter;
    const body = ended || bytes.at(-1) !== delimiter ? piece : piece.slice(0, -1);
    if (options.raw) return { text: text + body, ended };
    const continues = !ended && !full && /(^|[^\\])(\\\\)*\\$/.test(body);
    text += (continues ? body.slice(0, -1) : body).replace(/\\([\s\S])/g, '\0$1');
    if (!continues) return { text, ended };
  }
}

function assign(shell: Shell, options: ReadOptions, text: string): void {
  const plain = (part: string) => part.replaceAll('\0', '');
  if (options.exact) shell.setVariable(options.names[0] ?? 'REPLY', plain(text));
  else if (options.array !== undefined) shell.setArray(options.array, ShellArray.of(allFields(shell, text).map(plain)));
  else if (shell.bash && options.names[0] === 'REPLY' && options.names.length === 1)
    shell.setVariable('REPLY', plain(text));
  else assignFields(shell, options.names, text);
}

function setNamed(shell: Shell, name: string, value: string): void {
  const element = /^(\w+)\[(.*)\]$/.exec(name);
  if (element) shell.setElement(element[1] ?? '', element[2] ?? '', value);
  else shell.setVariable(name, value);
}

function allFields(shell: Shell, text: string): string[] {
  const fields: string[] = [];
  const scanner = new FieldScanner(shell.getVariable('IFS') ?? ' \t\n', text);
  while (!scanner.atEnd) fields.push(scanner.next());
  return fields;
}

function assignFields(shell: Shell, names: readonly string[], text: string): void {
  const scanner = new FieldScanner(shell.getVariable('IFS') ?? ' \t\n', text);
  const plain = (part: string) => part.replaceAll('\0', '');
  for (const name of names.slice(0, -1)) setNamed(shell, name, plain(scanner.next()));
  setNamed(shell, names.at(-1) ?? 'REPLY', plain(scanner.rest()));
}

class FieldScanner {
  readonly #ifs: string;
  readonly #text: string;
  #at = 0;

  constructor(ifs: string, text: string) {
    this.#ifs = ifs;
    this.#text = text;
    this.#skipSpace();
  }

  get atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  next(): string {
    let field = '';
    for (; !this.atEnd && !this.#separates(this.#at); this.#at += 1) {
      if (this.#text[this.#at] === '\0') this.#at += 1;
      field += this.#text[this.#at] ?? '';
    }
    this.#skipSpace();
    if (!this.atEnd && this.#separates(this.#at) && !this.#isSpace(this.#at)) {
      this.#at += 1;
      this.#skipSpace();
    }
    return field;
  }

  /** What is left, without the white space at its end; one separator after a single field goes too. */
  rest(): string {
    const start = this.#at;
    let end = this.#text.length;
    while (end > start && this.#isSpace(end - 1) && this.#text[end - 2] !== '\0') end -= 1;
    const body = this.#text.slice(start, end);
    const last = body.length - 1;
    const only =
      last >= 0 && this.#separates(end - 1) && ![...body.slice(0, -1)].some((char) => this.#ifs.includes(char));
    return only ? body.slice(0, -1) : body;
  }

  #separates(at: number): boolean {
    return this.#ifs.includes(this.#text[at] ?? '\0');
  }

  #isSpace(at: number): boolean {
    const char = this.#text[at] ?? '';
    return char !== '' && this.#ifs.includes(char) && ' \t\n'.includes(char);
  }

  #skipSpace(): void {
    while (this.#isSpace(this.#at)) this.#at += 1;
  }
}
