/**
 * What a terminal's driver does with what is typed, as Linux does: a line is edited and echoed until it is complete (termios: ICANON
 * ECHO ECHOE ECHOK ECHOCTL ECHOKE ISIG IEXTEN ICRNL IUTF8); of these ICANON, ECHO, ISIG, IEXTEN and ICRNL can be off.
 */
import { SIGINT, SIGQUIT, SIGTSTP } from '../processes/signals.ts';
import {
  DEFAULT_ATTRIBUTES,
  ECHO,
  ICANON,
  ICRNL,
  IEXTEN,
  ISIG,
  type TerminalAttributes,
} from '../terminal-attributes.ts';

export interface LineOutput {
  /** To whoever reads; an empty one is the end of input. */
  deliver(bytes: Uint8Array): void;
  /** Shows on the screen. */
  echo(text: string): void;
  signal(signal: number): void;
}

const LF = 10;
const CR = 13;
const ESCAPE_NEXT = 22;
const END = 4;
const SIGNALS = new Map([
  [3, SIGINT],
  [26, SIGTSTP],
  [28, SIGQUIT],
]);
const TAB_STOP = 8;

const decoder = new TextDecoder();
const encoder = new TextEncoder();

export class LineDiscipline {
  readonly #output: LineOutput;
  #attributes: Readonly<TerminalAttributes> = DEFAULT_ATTRIBUTES;
  /** The line so far, a character each; how wide each shows follows from it. */
  #line: string[] = [];
  /** Bytes of a character that is not complete. */
  #partial: number[] = [];
  #takesNext = false;
  /** Column where the line began, for tabs: unknown to a driver too, which counts from its last line feed. */
  #column = 0;

  constructor(output: LineOutput) {
    this.#output = output;
  }

  get attributes(): Readonly<TerminalAttributes> {
    return this.#attributes;
  }

  set attributes(attributes: Readonly<TerminalAttributes>) {
    this.#attributes = attributes;
    if (!(attributes.local & ICANON)) this.release();
  }

  type(bytes: Uint8Array): void {
    if (this.#attributes.local & ICANON) for (const byte of bytes) this.#type(byte);
    else this.#pass(bytes);
  }

  /** Nothing is a line: what is typed is read at once. */
  #pass(bytes: Uint8Array): void {
    let passed: number[] = [];
    for (const byte of bytes) {
      const signal = this.#signalOf(byte);
      if (signal === undefined) {
        passed.push(byte === CR && this.#attributes.input & ICRNL ? LF : byte);
        continue;
      }
      this.#echoAll(passed);
      passed = [];
      this.#signal(byte, signal);
    }
    this.#echoAll(passed);
    if (passed.length > 0) this.#output.deliver(Uint8Array.from(passed));
  }

  #signalOf(byte: number): number | undefined {
    return this.#attributes.local & ISIG ? SIGNALS.get(byte) : undefined;
  }

  /** What was typed before is forgotten. */
  #signal(byte: number, signal: number): void {
    this.#echo(String.fromCharCode(byte));
    this.#line = [];
    this.#output.signal(signal);
  }

  #echoAll(bytes: readonly number[]): void {
    for (const character of decoder.decode(Uint8Array.from(bytes))) this.#echo(character);
  }

  #echo(character: string): void {
    this.#show(character === '\n' || character === '\t' ? character : shown(character));
  }

  #show(text: string): void {
    if (this.#attributes.local & ECHO) this.#output.echo(text);
  }

  /** Gives up the line that is being edited: what was typed is read as it is. */
  release(): void {
    const bytes = encoder.encode(this.#line.join(''));
    this.#line = [];
    if (bytes.length > 0) this.#output.deliver(bytes);
  }

  #type(byte: number): void {
    if (byte >= 0x80) {
      this.#continueCharacter(byte);
      return;
    }
    this.#partial = [];
    if (this.#takesNext) {
      this.#takesNext = false;
      this.#add(String.fromCharCode(byte));
      return;
    }
    const signal = this.#signalOf(byte);
    if (signal !== undefined) this.#signal(byte, signal);
    else this.#edit(byte === CR && this.#attributes.input & ICRNL ? LF : byte);
  }

  #edit(byte: number): void {
    switch (byte) {
      case LF:
        this.#add('\n');
        this.release();
        return;
      case END:
        if (this.#line.length > 0) this.release();
        else this.#output.deliver(new Uint8Array(0));
        return;
      case 8:
      case 127:
        this.#erase(1);
        return;
      case 21: // Ctrl-U: the line
        this.#erase(this.#line.length);
        return;
      default:
        if (!(this.#attributes.local & IEXTEN && this.#extend(byte))) this.#add(String.fromCharCode(byte));
    }
  }

  /** What more than POSIX asks for can be done to a line. */
  #extend(byte: number): boolean {
    switch (byte) {
      case 23: // Ctrl-W: the last word, and the blanks behind it
        this.#erase(/\S*\s*$/.exec(this.#line.join(''))?.[0].length ?? 0);
        return true;
      case 18: // Ctrl-R: shows the line again
        this.#show(`^R\n${this.#line.map(shown).join('')}`);
        return true;
      case ESCAPE_NEXT:
        this.#takesNext = true;
        this.#show('^\b');
        return true;
      default:
        return false;
    }
  }

  #continueCharacter(byte: number): void {
    this.#takesNext = false;
    if (byte >= 0xc0) this.#partial = [];
    this.#partial.push(byte);
    const lead = this.#partial[0] ?? 0;
    const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (this.#partial.length < length) return;
    const character = decoder.decode(new Uint8Array(this.#partial));
    this.#partial = [];
    this.#add(character);
  }

  #add(character: string): void {
    this.#line.push(character);
    this.#echo(character);
    if (character === '\n') this.#column = 0;
  }

  #erase(count: number): void {
    for (let left = count; left > 0 && this.#line.length > 0; left--) {
      const character = this.#line.pop() ?? '';
      const width = character === '\t' ? this.#tabWidth() : shown(character).length;
      this.#show(character === '\t' ? '\b'.repeat(width) : '\b \b'.repeat(character.length > 1 ? 1 : width));
    }
  }

  /** Of a tab behind the line as it is. */
  #tabWidth(): number {
    let column = this.#column;
    for (const character of this.#line) {
      if (character === '\t') column += TAB_STOP - (column % TAB_STOP);
      else column += shown(character).length;
    }
    return TAB_STOP - (column % TAB_STOP);
  }
}

/** A control character shows as ^X. */
function shown(character: string): string {
  const code = character.charCodeAt(0);
  return code < 32 || code === 127 ? `^${String.fromCharCode(code ^ 64)}` : character;
}
