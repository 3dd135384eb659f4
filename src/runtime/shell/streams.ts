/** Readers and writers over descriptors: files by synchronous calls (they never wait), pipes and terminals by asynchronous ones. */

import { bytesOfText } from '../kernel/byte-text.ts';
import { joinBytes } from '../kernel/join-bytes.ts';
import { SystemError } from '../kernel/syscalls.ts';
import type { Descriptor } from './descriptor.ts';
import { errorCode } from './errors.ts';
import { giveTurn, isTurnOver } from './turns.ts';

const CHUNK = 65536;
const FLUSH_AT = 16384;
/** So much of an input is held at a time; as text, what a string can hold. */
export const MOST_BYTES = 2 ** 30;
const MOST_TEXT = 2 ** 28;

/** One array of all the bytes: the only chunk itself where there is one. */
export function concatenate(chunks: readonly Uint8Array[]): Uint8Array {
  return chunks.length === 1 && chunks[0] ? chunks[0] : joinBytes(chunks);
}

/** Writes to one descriptor, collecting small pieces until {@link Writer.flush}. Rejects with a SystemError (EPIPE, EBADF, …). */
export class Writer {
  readonly descriptor: Descriptor | undefined;
  readonly #unbuffered: boolean;
  #chunks: Uint8Array[] = [];
  #text = '';
  #size = 0;

  constructor(descriptor: Descriptor | undefined, unbuffered = false) {
    this.descriptor = descriptor;
    this.#unbuffered = unbuffered;
  }

  write(data: string | Uint8Array): Promise<void> | undefined {
    if (typeof data === 'string') this.#text += data;
    else {
      this.#takeText();
      this.#chunks.push(data);
    }
    this.#size += data.length;
    return this.#unbuffered || this.#size >= FLUSH_AT ? this.flush() : undefined;
  }

  line(text: string): Promise<void> | undefined {
    return this.write(`${text}\n`);
  }

  /** Writes at once. */
  async print(text: string): Promise<void> {
    await this.write(text);
    await this.flush();
  }

  async flush(): Promise<void> {
    if (this.#size === 0) return;
    this.#takeText();
    const data = concatenate(this.#chunks);
    this.#chunks = [];
    this.#size = 0;
    await writeAll(this.descriptor, data);
    await giveTurn();
  }

  #takeText(): void {
    if (this.#text === '') return;
    this.#chunks.push(bytesOfText(this.#text));
    this.#text = '';
  }
}

async function writeAll(descriptor: Descriptor | undefined, data: Uint8Array): Promise<void> {
  if (!descriptor) return;
  const { sys, fd } = descriptor;
  let rest = data;
  while (rest.length > 0) {
    const written = descriptor.immediate
      ? sys.call('write', fd, rest, null)
      : await sys.callAsync('write', fd, rest, null);
    rest = rest.subarray(written);
  }
}

/** Reads from one descriptor. */
export class Reader {
  readonly descriptor: Descriptor | undefined;
  readonly #beforeWait: (() => Promise<void>) | undefined;
  readonly #signal: AbortSignal | undefined;

  /**
   * `beforeWait` runs before a read that may wait: a filter flushes its output there, so that it streams. `signal` ends a wait for a
   * terminal, and the reading of what has no end.
   */
  constructor(descriptor: Descriptor | undefined, beforeWait?: () => Promise<void>, signal?: AbortSignal) {
    this.descriptor = descriptor;
    this.#beforeWait = beforeWait;
    this.#signal = signal;
  }

  /** The next bytes; empty at the end. */
  async read(length = CHUNK): Promise<Uint8Array> {
    const { descriptor } = this;
    if (!descriptor) return new Uint8Array(0);
    if (descriptor.pushedBack.length > 0) {
      const bytes = descriptor.pushedBack.subarray(0, length);
      descriptor.pushedBack = descriptor.pushedBack.subarray(length);
      return bytes;
    }
    if (descriptor.immediate) {
      if (isTurnOver()) await this.#giveTurn();
      return descriptor.sys.call('read', descriptor.fd, length, null);
    }
    await this.#beforeWait?.();
    if (descriptor.kind === 'tty') return await readWhenReady(descriptor, length, this.#signal);
    return await descriptor.sys.callAsync('read', descriptor.fd, length, null);
  }

  async #giveTurn(): Promise<void> {
    await giveTurn();
    this.#signal?.throwIfAborted();
  }

  /** As {@link read}; empty, too, when the signal comes before anything is there. */
  async #readBefore(signal: AbortSignal, length: number): Promise<Uint8Array> {
    const { descriptor } = this;
    if (!descriptor || descriptor.pushedBack.length > 0 || descriptor.immediate) return await this.read(length);
    try {
      return await readWhenReady(descriptor, length, signal);
    } catch (error) {
      if (signal.aborted) return new Uint8Array(0);
      throw error;
    }
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    for (let bytes = await this.read(); bytes.length > 0; bytes = await this.read()) yield bytes;
  }

  /** All there is. Throws ENOMEM past {@link MOST_BYTES}: what gets it is in the memory of all programs. */
  async bytes(most = MOST_BYTES): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    let held = 0;
    for await (const chunk of this.chunks()) {
      held += chunk.length;
      if (held > most) throw new SystemError('ENOMEM');
      chunks.push(chunk);
    }
    return concatenate(chunks);
  }

  async text(): Promise<string> {
    return new TextDecoder().decode(await this.bytes(MOST_TEXT));
  }

  /** Lines without their newline, or what else they end with. */
  async *lines(end: '\n' | '\0' = '\n'): AsyncGenerator<string> {
    for await (const line of this.rawLines(end)) yield line.endsWith(end) ? line.slice(0, -1) : line;
  }

  /** Lines with their newline, or what else they end with, which only the last may lack. */
  async *rawLines(newline: '\n' | '\0' = '\n'): AsyncGenerator<string> {
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    // Of a line that is longer than a chunk only what is new is looked at.
    let pieces: string[] = [];
    let held = 0;
    for await (const chunk of this.chunks()) {
      const text = decoder.decode(chunk, { stream: true });
      let start = 0;
      for (let end = text.indexOf(newline); end !== -1; end = text.indexOf(newline, start)) {
        yield pieces.join('') + text.slice(start, end + 1);
        pieces = [];
        held = 0;
        start = end + 1;
      }
      held += text.length - start;
      if (held > MOST_TEXT) throw new SystemError('ENOMEM');
      if (start < text.length) pieces.push(text.slice(start));
    }
    const rest = pieces.join('') + decoder.decode();
    if (rest !== '') yield rest;
  }

  /** One line, newline included unless the input ends first; takes no byte beyond it from whoever reads next in this Worker. */
  async takeLine(): Promise<Uint8Array> {
    return await this.takeUntil(10);
  }

  /** As `takeLine`, up to any byte, up to a number of characters, or what is there when the signal comes. */
  async takeUntil(delimiter: number, characters = Number.POSITIVE_INFINITY, signal?: AbortSignal): Promise<Uint8Array> {
    const next = () => (signal ? this.#readBefore(signal, 4096) : this.read(4096));
    const chunks: Uint8Array[] = [];
    let count = 0;
    for (let bytes = await next(); bytes.length > 0; bytes = await next()) {
      const { end, seen } = cut(bytes, delimiter, characters - count);
      count += seen;
      chunks.push(bytes.subarray(0, end));
      this.giveBack(bytes.subarray(end));
      if (end < bytes.length || bytes[end - 1] === delimiter || count >= characters) break;
    }
    return concatenate(chunks);
  }

  /** What was read already is there for whoever reads next in this Worker. */
  giveBack(bytes: Uint8Array): void {
    if (!this.descriptor || bytes.length === 0) return;
    this.descriptor.pushedBack = concatenate([bytes, this.descriptor.pushedBack]);
  }
}

/** Where a delimiter or the last of so many characters ends, and how many characters were seen. */
function cut(bytes: Uint8Array, delimiter: number, characters: number): { end: number; seen: number } {
  if (characters === Number.POSITIVE_INFINITY) {
    const at = bytes.indexOf(delimiter);
    return { end: at === -1 ? bytes.length : at + 1, seen: 0 };
  }
  let seen = 0;
  for (let i = 0; i < bytes.length; i += 1) {
    if (bytes[i] === delimiter) return { end: i + 1, seen };
    // A character starts with any byte that does not continue one.
    if (((bytes[i] ?? 0) & 0xc0) === 0x80) continue;
    if (seen === characters) return { end: i, seen };
    seen += 1;
  }
  return { end: bytes.length, seen };
}

/** Takes nothing while it waits: who is interrupted must not swallow what comes for the next. */
async function readWhenReady({ sys, fd }: Descriptor, length: number, signal?: AbortSignal): Promise<Uint8Array> {
  for (;;) {
    await Promise.race([sys.callAsync('poll', fd), ...(signal ? [whenAborted(signal)] : [])]);
    signal?.throwIfAborted();
    try {
      return sys.call('readAvailable', fd, length);
    } catch (error) {
      if (errorCode(error) !== 'EAGAIN') throw error;
    }
  }
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
