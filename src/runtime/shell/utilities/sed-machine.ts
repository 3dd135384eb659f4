/** Runs a sed script over lines. */

import { errorCode } from '../errors.ts';
import type { UtilityContext } from '../utility.ts';
import { CONTROL_ESCAPES } from './control-escapes.ts';
import { readWholeText } from './inputs.ts';
import type { SedFiles } from './sed-files.ts';
import {
  type Address,
  type ReplacementPart,
  type SedCommand,
  SedSyntaxError,
  type Substitution,
} from './sed-script.ts';
import { outputOf } from './shell-command.ts';

export interface SedRun {
  commands: SedCommand[];
  quiet: boolean;
  /** What ends a line: a newline, or NUL with `-z`. */
  separator: string;
  /** Where `l` wraps; 0 and 1: nowhere. */
  lineLength: number;
  files: SedFiles;
  /** The file that is being read, for `F`. */
  currentName(): string;
  write(text: string): Promise<void> | undefined;
  context: UtilityContext;
}

type Next = 'next-line' | 'restart' | 'quit';

export class SedMachine {
  readonly #run: SedRun;
  #lines: AsyncIterator<string> | undefined;
  #ahead: string | undefined;
  #pattern = '';
  #newline = '';
  #hold = '';
  #number = 0;
  #substituted = false;
  #appended: string[] = [];
  #lastPattern: RegExp | undefined;
  #status = 0;
  #missingNewline = false;
  /** What `R` has not read yet of its files. */
  readonly #readLines = new Map<string, string[]>();

  constructor(run: SedRun) {
    this.#run = run;
    this.#newline = run.separator;
    for (const command of run.commands) command.range = { active: false, lastLine: 0 };
  }

  async run(lines: AsyncIterable<string>): Promise<number> {
    this.#lines = lines[Symbol.asyncIterator]();
    try {
      await this.#lookAhead();
      let restart = false;
      while (restart || (await this.#nextLine())) {
        const next = await this.#cycle();
        if (next === 'quit') break;
        restart = next === 'restart';
      }
    } finally {
      await this.#lines.return?.();
    }
    return this.#status;
  }

  async #lookAhead(): Promise<void> {
    const result = await this.#lines?.next();
    this.#ahead = result?.done ? undefined : result?.value;
  }

  async #nextLine(): Promise<boolean> {
    const line = this.#ahead;
    if (line === undefined) return false;
    await this.#lookAhead();
    this.#number += 1;
    const { separator } = this.#run;
    this.#newline = line.endsWith(separator) ? separator : '';
    this.#pattern = this.#newline === '' ? line : line.slice(0, -1);
    return true;
  }

  async #write(text: string): Promise<void> {
    await this.#run.write(this.#missingNewline ? this.#run.separator + text : text);
    this.#missingNewline = false;
  }

  async #print(text: string): Promise<void> {
    await this.#write(text + this.#newline);
    this.#missingNewline = this.#newline === '';
  }

  async #endCycle(): Promise<void> {
    if (!this.#run.quiet) await this.#print(this.#pattern);
    await this.#flushAppended();
  }

  async #flushAppended(): Promise<void> {
    for (const text of this.#appended.splice(0)) await this.#write(text);
  }

  async #cycle(): Promise<Next> {
    const { commands } = this.#run;
    this.#substituted = false;
    for (let index = 0; index < commands.length; index += 1) {
      const command = commands[index];
      if (!command) break;
      const selected = this.#selects(command) !== command.negated;
      if (command.name === '{' && !selected) index = command.end - 1;
      if (!selected || '{}:'.includes(command.name)) continue;
      if ('btT'.includes(command.name)) {
        const jump = command.name === 'b' || this.#substituted === (command.name === 't');
        if (command.name !== 'b') this.#substituted = false;
        if (!jump) continue;
        if (command.text === '') break;
        index = commands.findIndex(({ name, text }) => name === ':' && text === command.text);
        continue;
      }
      const next = await this.#execute(command);
      if (next) return next;
    }
    await this.#endCycle();
    return 'next-line';
  }

  #selects({ addresses, range }: SedCommand): boolean {
    const [first, second] = addresses;
    if (!first) return true;
    if (!second) return this.#matches(first);
    if (range.active) {
      if (second.type !== 'pattern' && second.type !== 'last' && second.type !== 'step') {
        if (this.#number >= range.lastLine) range.active = false;
        return this.#number <= range.lastLine;
      }
      if (this.#matches(second)) range.active = false;
      return true;
    }
    const fromStart = first.type === 'line' && first.line === 0;
    if (!fromStart && !this.#matches(first)) return false;
    if (fromStart && (range.lastLine < 0 || this.#number > 1)) return false;
    const lastLine = this.#endOfRange(second);
    range.lastLine = lastLine ?? 0;
    range.active =
      lastLine === undefined ? second.type !== 'last' || this.#ahead !== undefined : lastLine > this.#number;
    if (fromStart && this.#matches(second)) range.active = false;
    return true;
  }

  /** The line a range that begins here ends on; undefined when its number does not tell. */
  #endOfRange(second: Address): number | undefined {
    switch (second.type) {
      case 'line':
        return second.line;
      case 'offset':
        return this.#number + second.lines;
      case 'multiple':
        return second.of === 0 ? this.#number : (Math.floor(this.#number / second.of) + 1) * second.of;
      default:
        return undefined;
    }
  }

  #matches(address: Address): boolean {
    switch (address.type) {
      case 'line':
        return this.#number === address.line;
      case 'last':
        return this.#ahead === undefined;
      case 'step':
        return address.step === 0
          ? this.#number === address.first
          : this.#number >= address.first && (this.#number - address.first) % address.step === 0;
      case 'offset':
      case 'multiple':
        return false;
      case 'pattern': {
        const pattern = this.#patternInUse(address.pattern);
        pattern.lastIndex = 0;
        return pattern.test(this.#pattern);
      }
    }
  }

  #patternInUse(pattern: RegExp | undefined): RegExp {
    this.#lastPattern = pattern ?? this.#lastPattern;
    if (!this.#lastPattern) throw new SedSyntaxError('-e expression #1, char 0: no previous regular expression');
    return this.#lastPattern;
  }

  async #execute(command: SedCommand): Promise<Next | undefined> {
    switch (command.name) {
      case 's':
        if (command.substitution) await this.#substitute(command.substitution);
        return undefined;
      case 'y':
        this.#pattern = [...this.#pattern].map((char) => command.translation?.get(char) ?? char).join('');
        return undefined;
      case 'p':
        await this.#print(this.#pattern);
        return undefined;
      case 'P':
        await this.#write(this.#firstLine() + this.#run.separator);
        return undefined;
      case 'w':
      case 'W':
        await this.#writeTo(command.text, command.name === 'w' ? this.#pattern : this.#firstLine());
        return undefined;
      case 'F':
        await this.#write(`${this.#run.currentName()}\n`);
        return undefined;
      case '=':
        await this.#write(`${this.#number}\n`);
        return undefined;
      case 'l':
        await this.#write(
          unambiguous(this.#pattern, command.text === '' ? this.#run.lineLength : Number(command.text)),
        );
        return undefined;
      case 'd':
        await this.#flushAppended();
        return 'next-line';
      case 'D':
        return await this.#deleteFirstLine();
      case 'a':
        this.#appended.push(command.text);
        return undefined;
      case 'i':
        await this.#write(command.text);
        return undefined;
      case 'c':
        if (command.addresses.length < 2 || command.negated || !command.range.active) await this.#write(command.text);
        await this.#flushAppended();
        return 'next-line';
      case 'e':
        // Without a command of its own, the line is one.
        if (command.text === '') await this.#runPattern();
        else await this.#write(await this.#outputOf(command.text));
        return undefined;
      case 'r':
        this.#appended.push(await this.#contentOf(command.text));
        return undefined;
      case 'R':
        await this.#appendLine(command.text);
        return undefined;
      case 'q':
        this.#status = Number(command.text || '0');
        await this.#endCycle();
        return 'quit';
      case 'Q':
        this.#status = Number(command.text || '0');
        return 'quit';
      case 'n':
      case 'N':
        return await this.#readNext(command.name);
      case 'h':
        this.#hold = this.#pattern;
        return undefined;
      case 'H':
        this.#hold += this.#run.separator + this.#pattern;
        return undefined;
      case 'g':
        this.#pattern = this.#hold;
        return undefined;
      case 'G':
        this.#pattern += this.#run.separator + this.#hold;
        return undefined;
      case 'x':
        [this.#pattern, this.#hold] = [this.#hold, this.#pattern];
        return undefined;
      case 'z':
        this.#pattern = '';
        return undefined;
      default:
        throw new Error(`the command '${command.name}' is not supported in this sandbox`);
    }
  }

  async #deleteFirstLine(): Promise<Next> {
    const end = this.#pattern.indexOf(this.#run.separator);
    await this.#flushAppended();
    if (end === -1) return 'next-line';
    this.#pattern = this.#pattern.slice(end + 1);
    return 'restart';
  }

  async #readNext(name: 'n' | 'N'): Promise<Next | undefined> {
    if (this.#ahead === undefined) {
      await this.#endCycle();
      return 'quit';
    }
    if (name === 'n' && !this.#run.quiet) await this.#print(this.#pattern);
    await this.#flushAppended();
    const before = this.#pattern;
    await this.#nextLine();
    if (name === 'N') this.#pattern = before + this.#run.separator + this.#pattern;
    return undefined;
  }

  #firstLine(): string {
    return this.#pattern.split(this.#run.separator)[0] ?? '';
  }

  async #writeTo(file: string, text: string): Promise<void> {
    if (file === '/dev/stdout') await this.#print(text);
    else await this.#run.files.write(file, text + this.#run.separator);
  }

  /** Of a file, or a pipe; nothing where it cannot be read, as POSIX says. */
  async #contentOf(name: string): Promise<string> {
    try {
      return await readWholeText(this.#run.context, name === '/dev/stdin' ? '-' : name);
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
      return '';
    }
  }

  /** The next line of the file, each time. */
  async #appendLine(name: string): Promise<void> {
    let lines = this.#readLines.get(name);
    if (!lines) {
      lines = (await this.#contentOf(name)).match(/[^\n]+\n?|\n/g) ?? [];
      this.#readLines.set(name, lines);
    }
    const line = lines.shift();
    if (line !== undefined) this.#appended.push(line.endsWith('\n') ? line : `${line}\n`);
  }

  async #runPattern(): Promise<void> {
    this.#pattern = (await this.#outputOf(this.#pattern)).replace(/\n$/, '');
  }

  async #outputOf(command: string): Promise<string> {
    return (await outputOf(this.#run.context, ['sh', '-c', command])).output;
  }

  async #substitute(substitution: Substitution): Promise<void> {
    const pattern = this.#patternInUse(substitution.pattern);
    let count = 0;
    let changed = false;
    let end = -1;
    pattern.lastIndex = 0;
    this.#pattern = this.#pattern.replace(pattern, (...found: unknown[]) => {
      const match = String(found[0]);
      const at = Number(found.find((item) => typeof item === 'number'));
      // Nothing is not found a second time where a match has just ended.
      if (match === '' && at === end) return '';
      end = at + match.length;
      count += 1;
      if (count < substitution.nth || (!substitution.global && count > substitution.nth)) return String(found[0]);
      changed = true;
      return replace(substitution.replacement, found);
    });
    if (!changed) return;
    this.#substituted = true;
    if (substitution.runs) await this.#runPattern();
    if (substitution.print) await this.#print(this.#pattern);
    if (substitution.file !== undefined) await this.#writeTo(substitution.file, this.#pattern);
  }
}

const NAMED: Readonly<Record<number, string>> = { ...CONTROL_ESCAPES, 92: '\\\\' };

/** What `l` shows: bytes that are not printable in octal, wrapped. */
function unambiguous(text: string, width: number): string {
  let shown = '';
  let column = 0;
  for (const byte of new TextEncoder().encode(text)) {
    const part =
      NAMED[byte] ?? (byte < 32 || byte > 126 ? `\\${byte.toString(8).padStart(3, '0')}` : String.fromCharCode(byte));
    if (width > 1 && column + part.length > width - 1) {
      shown += '\\\n';
      column = 0;
    }
    shown += part;
    column += part.length;
  }
  return `${shown}$\n`;
}

function replace(parts: readonly ReplacementPart[], found: readonly unknown[]): string {
  let result = '';
  let all: 'U' | 'L' | 'E' = 'E';
  let one: 'u' | 'l' | undefined;
  for (const part of parts) {
    if (typeof part === 'object') {
      if (part.change === 'u' || part.change === 'l') one = part.change;
      else all = part.change;
      continue;
    }
    let text = typeof part === 'string' ? part : typeof found[part] === 'string' ? found[part] : '';
    if (all !== 'E') text = all === 'U' ? text.toUpperCase() : text.toLowerCase();
    if (one && text !== '') {
      text = (one === 'u' ? text.charAt(0).toUpperCase() : text.charAt(0).toLowerCase()) + text.slice(1);
      one = undefined;
    }
    result += text;
  }
  return result;
}
