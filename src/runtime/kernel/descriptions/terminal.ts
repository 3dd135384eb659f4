/**
 * A terminal. Cooked, it echoes, edits lines (erase, kill) and turns Ctrl-C, Ctrl-\ and Ctrl-D into signals and the end
 * of input; raw, everything passes as it is. Output has its line feeds turned into CR LF, as a terminal's driver does.
 */
import { ByteQueue } from '../byte-queue.ts';
import { anonymousStat, type CallSite, type Description } from '../description.ts';
import { SIGINT, SIGQUIT } from '../signals.ts';
import { S_IFCHR, type Stat, SystemError } from '../syscalls.ts';
import { type Caller, WAIT, WaitQueue } from '../wait-queue.ts';

const CTRL_C = 3;
const CTRL_D = 4;
const BACKSPACE = 8;
const LF = 10;
const CR = 13;
const CTRL_U = 21;
const CTRL_BACKSLASH = 28;
const DELETE = 127;

export class TerminalDescription implements Description {
  readonly kind = 'tty';
  /** Columns and rows. */
  size: [number, number];
  /** What the terminal shows. */
  readonly output = new ByteQueue();
  /** The process group that Ctrl-C (2) and Ctrl-\ (3) signal. */
  foreground = 0;
  onSignal: (group: number, signal: number) => void = () => undefined;
  #raw = false;
  #line: number[] = [];
  /** Lines that are complete; an empty one is the end of input. */
  #input: Uint8Array[] = [];
  readonly #readers = new WaitQueue();
  readonly #echoing: Caller = { waiting: new Set() };

  constructor(columns: number, rows: number) {
    this.size = [columns, rows];
  }

  setRawMode(raw: boolean): void {
    this.#raw = raw;
  }

  /** What the person at the terminal types. */
  type(bytes: Uint8Array): void {
    if (this.#raw) this.#deliver(bytes.slice());
    else for (const byte of bytes) this.#cook(byte);
  }

  read({ caller, fd }: CallSite, length: number): Uint8Array | Promise<Uint8Array> {
    return this.#readers.run(caller, fd, () => {
      const first = this.#input.shift();
      if (!first) return WAIT;
      if (first.length > length) this.#input.unshift(first.subarray(length));
      return first.subarray(0, length);
    });
  }

  readable({ caller, fd }: CallSite): undefined | Promise<undefined> {
    return this.#readers.run(caller, fd, () => (this.#input.length > 0 ? undefined : WAIT));
  }

  readAvailable(length: number): Uint8Array {
    const first = this.#input.shift();
    if (!first) throw new SystemError('EAGAIN');
    if (first.length > length) this.#input.unshift(first.subarray(length));
    return first.subarray(0, length);
  }

  async write({ caller, fd }: CallSite, data: Uint8Array): Promise<number> {
    await this.output.write(caller, fd, withCarriageReturns(data));
    return data.length;
  }

  stat(): Stat {
    return anonymousStat(S_IFCHR | 0o620);
  }

  close(): void {
    this.output.end();
  }

  #deliver(bytes: Uint8Array): void {
    this.#input.push(bytes);
    this.#readers.wake();
  }

  #cook(byte: number): void {
    switch (byte) {
      case CTRL_C:
      case CTRL_BACKSLASH:
        this.#echo([0x5e, byte + 64, LF]);
        this.#line = [];
        this.onSignal(this.foreground, byte === CTRL_C ? SIGINT : SIGQUIT);
        return;
      case CTRL_D:
        this.#deliver(new Uint8Array(this.#line.splice(0)));
        return;
      case BACKSPACE:
      case DELETE:
        this.#erase();
        return;
      case CTRL_U:
        while (this.#line.length > 0) this.#erase();
        return;
      default:
        this.#add(byte === CR ? LF : byte);
    }
  }

  #add(byte: number): void {
    this.#line.push(byte);
    this.#echo([byte]);
    if (byte === LF) this.#deliver(new Uint8Array(this.#line.splice(0)));
  }

  /** Takes back one character: a byte and the continuation bytes behind it. */
  #erase(): void {
    if (this.#line.length === 0) return;
    for (let byte = this.#line.pop(); byte !== undefined && (byte & 0xc0) === 0x80; ) byte = this.#line.pop();
    this.#echo([BACKSPACE, 0x20, BACKSPACE]);
  }

  #echo(bytes: number[]): void {
    void this.output.write(this.#echoing, null, withCarriageReturns(new Uint8Array(bytes)));
  }
}

function withCarriageReturns(data: Uint8Array): Uint8Array {
  const feeds = data.reduce((count, byte) => count + (byte === LF ? 1 : 0), 0);
  if (feeds === 0) return data;
  const result = new Uint8Array(data.length + feeds);
  let at = 0;
  for (const byte of data) {
    if (byte === LF) result[at++] = CR;
    result[at++] = byte;
  }
  return result;
}
