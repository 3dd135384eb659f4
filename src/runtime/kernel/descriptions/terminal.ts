/**
 * A terminal. Cooked, what is typed goes through a line discipline; raw, everything passes as it is. Output has its line
 * feeds turned into CR LF, as a terminal's driver does.
 */
import { ByteQueue } from '../byte-queue.ts';
import { anonymousStat, type CallSite, type Description } from '../description.ts';
import { S_IFCHR } from '../file-modes.ts';
import { type Stat, SystemError } from '../syscalls.ts';
import { type Caller, WAIT, WaitQueue } from '../wait-queue.ts';
import { LineDiscipline } from './line-discipline.ts';

const LF = 10;
const CR = 13;
const encoder = new TextEncoder();

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
  /** Lines that are complete, or raw bytes; an empty one is the end of input. */
  #input: Uint8Array[] = [];
  readonly #readers = new WaitQueue();
  readonly #echoing: Caller = { waiting: new Set() };
  readonly #line = new LineDiscipline({
    deliver: (bytes) => this.#deliver(bytes),
    echo: (text) => void this.output.write(this.#echoing, null, withCarriageReturns(encoder.encode(text))),
    signal: (signal) => {
      this.#input = [];
      this.onSignal(this.foreground, signal);
    },
  });

  constructor(columns: number, rows: number) {
    this.size = [columns, rows];
  }

  /** What was typed ahead while it was raw becomes lines. */
  setRawMode(raw: boolean): void {
    if (raw === this.#raw) return;
    this.#raw = raw;
    if (raw) this.#line.release();
    else for (const typed of this.#input.splice(0)) this.#line.type(typed);
  }

  /** What the person at the terminal types. */
  type(bytes: Uint8Array): void {
    if (this.#raw) this.#deliver(bytes.slice());
    else this.#line.type(bytes);
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
