/**
 * A terminal. What is typed goes through a line discipline; output has its line feeds turned into CR LF, as a terminal's driver
 * does, unless its attributes say otherwise.
 */
import { ByteQueue } from '../byte-queue.ts';
import { anonymousStat, type CallSite, type Description } from '../description.ts';
import { S_IFCHR } from '../file-modes.ts';
import { type Stat, SystemError } from '../syscalls.ts';
import { ICANON, ONLCR, OPOST, type TerminalAttributes } from '../terminal-attributes.ts';
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
  /** Lines that are complete, or bytes as they were typed; an empty one is the end of input. */
  #input: Uint8Array[] = [];
  readonly #readers = new WaitQueue();
  readonly #echoing: Caller = { waiting: new Set() };
  readonly #line = new LineDiscipline({
    deliver: (bytes) => this.#deliver(bytes),
    echo: (text) => void this.output.write(this.#echoing, null, this.#shown(encoder.encode(text))),
    signal: (signal) => {
      this.#input = [];
      this.onSignal(this.foreground, signal);
    },
  });

  constructor(columns: number, rows: number) {
    this.size = [columns, rows];
  }

  get attributes(): Readonly<TerminalAttributes> {
    return this.#line.attributes;
  }

  /** What was typed ahead while it was not read in lines becomes lines. */
  set attributes(attributes: Readonly<TerminalAttributes>) {
    const isNew = !(this.attributes.local & ICANON) && attributes.local & ICANON;
    this.#line.attributes = attributes;
    if (isNew) for (const typed of this.#input.splice(0)) this.#line.type(typed);
  }

  /** What the person at the terminal types. */
  type(bytes: Uint8Array): void {
    this.#line.type(bytes);
  }

  read({ caller, fd }: CallSite, length: number): Uint8Array | Promise<Uint8Array> {
    const isOver = this.#startWait();
    return this.#readers.run(caller, fd, () => {
      const first = this.#input.shift();
      if (!first) return isOver() ? new Uint8Array(0) : WAIT;
      if (first.length > length) this.#input.unshift(first.subarray(length));
      return first.subarray(0, length);
    });
  }

  readable({ caller, fd }: CallSite): undefined | Promise<undefined> {
    const isOver = this.#startWait();
    return this.#readers.run(caller, fd, () => (this.#input.length > 0 || isOver() ? undefined : WAIT));
  }

  /** Whether nothing need be typed for a read to return. */
  get #readsNothing(): boolean {
    return !(this.attributes.local & ICANON) && this.attributes.least === 0;
  }

  /** Tells whether a read that begins now returns though nothing was typed. */
  #startWait(): () => boolean {
    if (!this.#readsNothing) return () => false;
    let isOver = this.attributes.tenths === 0;
    const end = () => {
      isOver = true;
      this.#readers.wake();
    };
    if (!isOver) setTimeout(end, this.attributes.tenths * 100);
    return () => isOver;
  }

  readAvailable(length: number): Uint8Array {
    const first = this.#input.shift();
    if (!first && this.#readsNothing) return new Uint8Array(0);
    if (!first) throw new SystemError('EAGAIN');
    if (first.length > length) this.#input.unshift(first.subarray(length));
    return first.subarray(0, length);
  }

  async write({ caller, fd }: CallSite, data: Uint8Array): Promise<number> {
    await this.output.write(caller, fd, this.#shown(data));
    return data.length;
  }

  stat(): Stat {
    return anonymousStat(S_IFCHR | 0o620);
  }

  close(): void {
    this.output.end();
  }

  #shown(data: Uint8Array): Uint8Array {
    const both = OPOST | ONLCR;
    return (this.attributes.output & both) === both ? withCarriageReturns(data) : data;
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
