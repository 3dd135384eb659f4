/**
 * One end of a channel between two threads, in the memory that they share: messages of moderate size pass without the kernel.
 * Each message has a number, whichever way it goes, and the receiver takes them in that order.
 */
import { decode, Encoder } from '../../kernel/channel/codec.ts';
import { WriteBehindRing } from '../../kernel/channel/write-behind.ts';
import type { Channel, Message } from './message.ts';
import { ChannelWord, type Direction, type MessageMemory, type Side } from './message-memory.ts';

/** What is longer goes through the kernel. */
const MAX_BYTES = 24 * 1024;
/** Records of a ring have the message's number and, in the lowest bit, whether there is more to it than its data. */
const NUMBERS = 2 ** 30;

const encoder = new Encoder();

export class DirectChannel implements Channel {
  readonly #memory: MessageMemory;
  readonly #slot: number;
  readonly #side: Side;
  readonly #outgoing: Direction;
  readonly #incoming: Direction;
  readonly #sends: WriteBehindRing;
  readonly #receives: WriteBehindRing;

  constructor(memory: MessageMemory, slot: number, side: Side) {
    this.#memory = memory;
    this.#slot = slot;
    this.#side = side;
    this.#outgoing = memory.direction(slot, side);
    this.#incoming = memory.direction(slot, side === 0 ? 1 : 0);
    this.#sends = ringOf(this.#outgoing);
    this.#receives = ringOf(this.#incoming);
  }

  nextNumber(): number {
    const { words } = this.#outgoing;
    const number = words[ChannelWord.sent] ?? 0;
    words[ChannelWord.sent] = (number + 1) % NUMBERS;
    return number;
  }

  get expected(): number {
    return this.#incoming.words[ChannelWord.expected] ?? 0;
  }
  set expected(number: number) {
    this.#incoming.words[ChannelWord.expected] = number % NUMBERS;
  }

  skip(count: number): void {
    this.#incoming.words[ChannelWord.sent] = count;
    this.expected = count;
  }

  send({ data, hosts, buffers, ports, shared, number }: Message): boolean {
    if (ports.length > 0 || shared === null || shared.length > 0) return false;
    if (data.length > MAX_BYTES || buffers.some((buffer) => buffer.byteLength > MAX_BYTES)) return false;
    const isPlain = hosts.length === 0 && buffers.length === 0;
    const contents = buffers.map((buffer) => new Uint8Array(buffer));
    const bytes = isPlain ? data : encoder.encode([data, hosts, contents]);
    const { words } = this.#outgoing;
    const start = this.#sends.position;
    if (bytes.length > MAX_BYTES || !this.#sends.append(number * 2 + (isPlain ? 0 : 1), bytes)) return false;
    // Who has not taken all that lay here before will look again before it waits.
    const receiver = Atomics.load(words, ChannelWord.receiver);
    if (receiver > 0 && Atomics.load(words, ChannelWord.tail) === start) this.#memory.ring(receiver - 1);
    return true;
  }

  take(): Message | null {
    const record = this.#receives.take();
    if (record === null) return null;
    const number = record.fd >>> 1;
    const base = { number, ports: [], shared: [] };
    if (record.fd % 2 === 0) return { ...base, data: record.data, hosts: [], buffers: [] };
    const [data, hosts, contents] = decode(record.data) as [Uint8Array, string[], Uint8Array[]];
    return { ...base, data, hosts, buffers: contents.map((bytes) => bytes.buffer as ArrayBuffer) };
  }

  belongTo(thread: number | null): void {
    Atomics.store(this.#incoming.words, ChannelWord.receiver, thread === null ? 0 : thread + 1);
  }

  close(): void {
    this.#memory.closeEnd(this.#slot, this.#side);
  }

  otherClosed(): void {
    this.#memory.closeEnd(this.#slot, this.#side === 0 ? 1 : 0);
  }
}

function ringOf({ words, ring }: Direction): WriteBehindRing {
  return new WriteBehindRing({ words, head: ChannelWord.head, tail: ChannelWord.tail, ring });
}
