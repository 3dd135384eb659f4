/** Parsing of sed scripts. */
import { posixToRegExp } from './posix-regexp.ts';
import { escapeAt, plainExpression, plainText } from './sed-escapes.ts';

export class SedSyntaxError extends Error {
  override name = 'SedSyntaxError';
  readonly status: number;
  constructor(message: string, status = 1) {
    super(message);
    this.status = status;
  }
}

export type Address =
  | { type: 'line'; line: number }
  | { type: 'last' }
  | { type: 'step'; first: number; step: number }
  | { type: 'pattern'; pattern: RegExp | undefined }
  | { type: 'offset'; lines: number }
  /** Up to the next line whose number is a multiple. */
  | { type: 'multiple'; of: number };

export interface SedCommand {
  addresses: Address[];
  negated: boolean;
  name: string;
  /** Text of a, i, c; label of b, t, `:`; file of r, w. */
  text: string;
  substitution?: Substitution;
  translation?: Map<string, string>;
  /** Of `{`: the index behind the matching `}`. */
  end: number;
  /** Whether a range of addresses is open, and the line on which it ends when that is known. */
  range: { active: boolean; lastLine: number };
}

export interface Substitution {
  /** Undefined: the last one used. */
  pattern: RegExp | undefined;
  replacement: ReplacementPart[];
  global: boolean;
  print: boolean;
  nth: number;
  file: string | undefined;
  /** What came of it is a command, whose output takes its place. */
  runs: boolean;
}

/** Text, a group's number, or a change of case. */
export type ReplacementPart = string | number | { change: 'U' | 'L' | 'u' | 'l' | 'E' };

/** Throws {@link SedSyntaxError}. */
export function parseSed(script: string, extended: boolean): SedCommand[] {
  return new SedParser(script, extended).run();
}

class SedParser {
  readonly #script: string;
  readonly #extended: boolean;
  readonly #commands: SedCommand[] = [];
  #at = 0;

  constructor(script: string, extended: boolean) {
    this.#script = script;
    this.#extended = extended;
  }

  run(): SedCommand[] {
    const open: SedCommand[] = [];
    for (;;) {
      this.#skip(/[\s;]*/y);
      if (this.#at >= this.#script.length) break;
      if (this.#script[this.#at] === '#') {
        this.#skip(/[^\n]*/y);
        continue;
      }
      const command = this.#command();
      if (command.name === '{') open.push(command);
      this.#commands.push(command);
      if (command.name !== '}') continue;
      const block = open.pop();
      if (!block) throw this.#error("unexpected `}'");
      block.end = this.#commands.length;
    }
    if (open.length > 0) throw new SedSyntaxError("-e expression #1, char 0: unmatched `{'");
    this.#checkLabels();
    return this.#commands;
  }

  #checkLabels(): void {
    const labels = new Set(this.#commands.filter(({ name }) => name === ':').map(({ text }) => text));
    for (const { name, text } of this.#commands)
      if ('btT'.includes(name) && text !== '' && !labels.has(text))
        throw new SedSyntaxError(`can't find label for jump to \`${text}'`, 4);
  }

  #error(message: string): SedSyntaxError {
    return new SedSyntaxError(`-e expression #1, char ${this.#at}: ${message}`);
  }

  /** One of the characters that were just read is at fault. */
  #errorIn(read: string, index: number, message: string): SedSyntaxError {
    this.#at += index + 1 - read.length;
    return this.#error(message);
  }

  /** The character that is read next is at fault; at the end there is none. */
  #failAt(message: string): SedSyntaxError {
    this.#at = Math.min(this.#at + 1, this.#script.length);
    return this.#error(message);
  }

  #skip(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const text = pattern.exec(this.#script)?.[0] ?? '';
    this.#at += text.length;
    return text;
  }

  #command(): SedCommand {
    const addresses: Address[] = [];
    const first = this.#address();
    if (first) addresses.push(first);
    this.#skip(/[ \t]*/y);
    if (first && this.#script[this.#at] === ',') {
      this.#at += 1;
      this.#skip(/[ \t]*/y);
      const second = this.#address();
      if (!second) throw this.#failAt("unexpected `,'");
      addresses.push(second);
    }
    if (first?.type === 'line' && first.line === 0 && addresses[1]?.type !== 'pattern')
      throw this.#failAt('invalid usage of line address 0');
    const negated = this.#skip(/[ \t]*!?[ \t]*/y).includes('!');
    if (negated && this.#script[this.#at] === '!') throw this.#failAt("multiple `!'s");
    const name = this.#script[this.#at] ?? '';
    this.#at += 1;
    if (first && name === '#') throw this.#error("comments don't accept any addresses");
    if (first && name === ':') throw this.#error(": doesn't want any addresses");
    const command: SedCommand = { addresses, negated, name, text: '', end: 0, range: { active: false, lastLine: 0 } };
    this.#arguments(command);
    return command;
  }

  #address(): Address | undefined {
    const number = this.#skip(/\d+/y);
    if (number !== '') {
      if (this.#script[this.#at] !== '~') return { type: 'line', line: Number(number) };
      this.#at += 1;
      return { type: 'step', first: Number(number), step: Number(this.#skip(/\d+/y)) };
    }
    const char = this.#script[this.#at];
    if (char === '$') {
      this.#at += 1;
      return { type: 'last' };
    }
    if (char === '+') {
      this.#at += 1;
      return { type: 'offset', lines: Number(this.#skip(/\d+/y)) };
    }
    if (char === '~') {
      this.#at += 1;
      return { type: 'multiple', of: Number(this.#skip(/\d+/y)) };
    }
    if (char !== '/' && char !== '\\') return undefined;
    this.#at += char === '/' ? 1 : 2;
    const source = this.#delimited(this.#script[this.#at - 1] ?? '/', 'unterminated address regex');
    const flags = this.#skip(/[IM]*/y);
    return { type: 'pattern', pattern: this.#pattern(source, flags) };
  }

  /** Text up to an unescaped delimiter, which is passed. */
  #delimited(delimiter: string, message: string): string {
    let text = '';
    let bracket = false;
    for (; this.#at < this.#script.length; this.#at += 1) {
      const char = this.#script[this.#at] ?? '';
      if (char === '\\' && !bracket) {
        const next = this.#script[this.#at + 1] ?? '';
        text +=
          next === delimiter ? (/[.*[\]^$]/.test(delimiter) ? `\\${next}` : next) : next === '\n' ? '\n' : char + next;
        this.#at += 1;
      } else if (char === delimiter && !bracket) {
        this.#at += 1;
        return text;
      } else {
        if (char === '[' && message.includes('regex') && !bracket)
          bracket = /^\[\^?\]?[^\]]*\]/.test(this.#script.slice(this.#at));
        else if (char === ']' && !/\[\^?$/.test(text)) bracket = false;
        text += char;
      }
    }
    throw this.#error(message);
  }

  #pattern(source: string, flags: string): RegExp | undefined {
    if (source === '') return undefined;
    try {
      return new RegExp(
        posixToRegExp(plainExpression(source), this.#extended),
        `g${/i/i.test(flags) ? 'i' : ''}${flags.includes('M') ? 'm' : ''}u`,
      );
    } catch (error) {
      throw this.#error(error instanceof Error ? error.message : String(error));
    }
  }

  #arguments(command: SedCommand): void {
    switch (command.name) {
      case 's':
        this.#substitution(command);
        break;
      case 'y':
        this.#translation(command);
        break;
      case 'a':
      case 'i':
      case 'c':
        command.text = this.#text();
        return;
      case ':':
      case 'b':
      case 't':
      case 'T':
        this.#skip(/[ \t]*/y);
        command.text = this.#skip(/[^\s;}]*/y);
        if (command.name !== ':') break;
        if (command.text === '') throw this.#error('":" lacks a label');
        // The next command may follow at once.
        return;
      case 'e':
        this.#skip(/[ \t]*/y);
        command.text = this.#skip(/[^\n]*/y);
        return;
      case 'r':
      case 'R':
      case 'w':
      case 'W':
        this.#skip(/[ \t]*/y);
        command.text = this.#skip(/[^\n]*/y);
        if (command.text === '') throw this.#error('missing filename in r/R/w/W commands');
        return;
      case '{':
        return;
      case 'l':
      case 'q':
      case 'Q':
        command.text = this.#skip(/[ \t]*\d*/y).trim();
        break;
      case '=':
      case 'd':
      case 'D':
      case 'g':
      case 'G':
      case 'h':
      case 'H':
      case 'n':
      case 'N':
      case 'p':
      case 'P':
      case 'F':
      case 'x':
      case 'z':
      case '}':
        break;
      case '':
      case '\n':
        this.#at = Math.min(this.#at, this.#script.length);
        throw this.#error('missing command');
      default:
        throw this.#error(`unknown command: \`${command.name}'`);
    }
    this.#skip(/[ \t]*/y);
    const next = this.#script[this.#at];
    if (next !== undefined && !'\n;}#'.includes(next)) {
      this.#at += 1;
      throw this.#error(command.name === 's' ? "unknown option to `s'" : 'extra characters after command');
    }
  }

  /** One-line `a text`, or `a\` and lines that end in a backslash. */
  #text(): string {
    const oneLine = !this.#skip(/[ \t]*(\\\n)?/y).includes('\n');
    if (this.#at >= this.#script.length || this.#script[this.#at] === '\n')
      throw this.#error("expected \\ after `a', `c' or `i'");
    // `$a\\` alone adds nothing but the newline that the last line lacks.
    if (this.#script.slice(this.#at) === '\\') {
      this.#at += 1;
      return '';
    }
    if (oneLine) this.#skip(/\\(?!$)/y);
    const raw = this.#skip(/(?:\\[\s\S]|[^\\\n])*/y);
    return `${plainText(raw)}\n`;
  }

  #substitution(command: SedCommand): void {
    const delimiter = this.#script[this.#at] ?? '';
    this.#at += 1;
    const source = this.#delimited(delimiter, "unterminated `s' command");
    const start = this.#at;
    const replacement = this.#replacement(delimiter, start);
    const flags = this.#skip(/[gpiImMe\d]*/y);
    this.#checkFlags(flags);
    let file: string | undefined;
    if (this.#script[this.#at] === 'w') {
      this.#at += 1;
      this.#skip(/[ \t]*/y);
      file = this.#skip(/[^\n]*/y);
    }
    const pattern = this.#pattern(source, flags);
    const groups = pattern ? (new RegExp(`${pattern.source}|`, 'u').exec('')?.length ?? 1) : 10;
    const reference = replacement.find((part) => typeof part === 'number' && part >= groups);
    if (reference !== undefined) throw this.#error(`invalid reference \\${reference} on \`s' command's RHS`);
    command.substitution = {
      pattern,
      replacement,
      global: flags.includes('g'),
      print: flags.includes('p'),
      nth: Number(/\d+/.exec(flags)?.[0] ?? '1'),
      file,
      runs: flags.includes('e'),
    };
  }

  #checkFlags(flags: string): void {
    for (const flag of 'gp') {
      const second = flags.indexOf(flag, flags.indexOf(flag) + 1);
      if (second > 0 && flags.includes(flag))
        throw this.#errorIn(flags, second, `multiple \`${flag}' options to \`s' command`);
    }
    const numbers = [...flags.matchAll(/\d+/g)];
    if (numbers[1]) throw this.#errorIn(flags, numbers[1].index, "multiple number options to `s' command");
    if (numbers.some(([number]) => Number(number) === 0))
      throw this.#error("number option to `s' command may not be zero");
  }

  #replacement(delimiter: string, start: number): ReplacementPart[] {
    const parts: ReplacementPart[] = [];
    let text = '';
    const take = (part: ReplacementPart) => {
      if (text !== '') parts.push(text);
      text = '';
      parts.push(part);
    };
    for (this.#at = start; this.#at < this.#script.length; this.#at += 1) {
      const char = this.#script[this.#at] ?? '';
      if (char === delimiter) {
        this.#at += 1;
        if (text !== '') parts.push(text);
        return parts;
      }
      if (char === '&') take(0);
      else if (char !== '\\') text += char;
      else {
        this.#at += 1;
        const next = this.#script[this.#at] ?? '';
        if (/\d/.test(next)) take(Number(next));
        else if (/[ULulE]/.test(next)) take({ change: next as 'U' });
        else {
          const found = escapeAt(this.#script, this.#at);
          text += found?.char ?? next;
          this.#at += (found?.length ?? 1) - 1;
        }
      }
    }
    throw this.#error("unterminated `s' command");
  }

  #translation(command: SedCommand): void {
    const delimiter = this.#script[this.#at] ?? '';
    this.#at += 1;
    const decode = (text: string) => [...plainText(text)];
    const from = decode(this.#delimited(delimiter, "unterminated `y' command"));
    const to = decode(this.#delimited(delimiter, "unterminated `y' command"));
    if (from.length !== to.length) throw this.#error("strings for `y' command are different lengths");
    command.translation = new Map(from.map((char, index) => [char, to[index] ?? '']));
  }
}
