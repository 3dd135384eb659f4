/** Messages of the domain name system (RFC 1035, with AAAA, SRV, NAPTR, TLSA and CAA). */
import { decodeBytes } from '../encoding/decode.ts';
import { addressText } from '../streams/addresses.ts';

/** Numbers of the types of records. */
export const RECORD_TYPES = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  NAPTR: 35,
  TLSA: 52,
  ANY: 255,
  CAA: 257,
} as const;

export type RecordType = keyof typeof RECORD_TYPES;

export interface DnsRecord {
  type: RecordType;
  ttl: number;
  /** With the names, and in the order, that Node's `dns` gives them. */
  data: Record<string, unknown>;
}

export interface Answer {
  /** The server's RCODE; 0 when all is well. */
  code: number;
  /** Of the types that are known, in the class IN. */
  records: DnsRecord[];
}

const HEADER = 12;
const CLASS_IN = 1;
const RECURSION_DESIRED = 0x0100;
const POINTER = 0xc0;
const MAX_LABEL = 63;
const MAX_NAME = 253;

/** The question; null for what can be no name. */
export function encodeQuestion(id: number, name: string, type: RecordType): Uint8Array | null {
  const labels = name.replace(/\.$/, '').split('.');
  const encoded = labels.map((label) => new TextEncoder().encode(label));
  if (name.length > MAX_NAME + 1 || encoded.some(({ length }) => length === 0 || length > MAX_LABEL)) return null;
  const bytes = encoded.flatMap((label) => [label.length, ...label]);
  const message = new Uint8Array(HEADER + bytes.length + 5);
  const view = new DataView(message.buffer);
  for (const [index, value] of [id, RECURSION_DESIRED, 1].entries()) view.setUint16(index * 2, value);
  message.set(bytes, HEADER);
  view.setUint16(message.length - 4, RECORD_TYPES[type]);
  view.setUint16(message.length - 2, CLASS_IN);
  return message;
}

/** Throws a RangeError for what is cut off. As in c-ares, the bit that tells an answer from a question does not matter. */
export function decodeAnswer(message: Uint8Array): Answer {
  const reader = new Reader(message);
  reader.at = 2;
  const [flags, questions, answers] = [reader.uint16(), reader.uint16(), reader.uint16()];
  reader.at = HEADER;
  for (let i = 0; i < questions; i++) {
    reader.name();
    reader.at += 4;
  }
  const records: DnsRecord[] = [];
  for (let i = 0; i < answers; i++) {
    const record = readRecord(reader);
    if (record) records.push(record);
  }
  return { code: flags & 0xf, records };
}

function readRecord(reader: Reader): DnsRecord | null {
  reader.name();
  const [number, group, ttl, length] = [reader.uint16(), reader.uint16(), reader.uint32(), reader.uint16()];
  const end = reader.at + length;
  if (end > reader.length) throw new RangeError('a record is cut off');
  const type = Object.entries(RECORD_TYPES).find(([, known]) => known === number)?.[0] as RecordType | undefined;
  const read = type && group === CLASS_IN ? READERS[type] : undefined;
  const data = read?.(reader, end);
  reader.at = end;
  return type && data ? { type, ttl, data } : null;
}

const address = (size: number) => (reader: Reader) => ({ address: addressText(reader.bytes(size)) });
const value = (reader: Reader) => ({ value: reader.name() });

const READERS: { readonly [Type in RecordType]?: (reader: Reader, end: number) => Record<string, unknown> } = {
  A: address(4),
  AAAA: address(16),
  NS: value,
  CNAME: value,
  PTR: value,
  MX(reader) {
    const priority = reader.uint16();
    return { exchange: reader.name(), priority };
  },
  TXT(reader, end) {
    const entries: string[] = [];
    while (reader.at < end) entries.push(reader.text());
    return { entries };
  },
  SRV(reader) {
    const [priority, weight, port] = [reader.uint16(), reader.uint16(), reader.uint16()];
    return { name: reader.name(), port, priority, weight };
  },
  SOA: (reader) => ({
    nsname: reader.name(),
    hostmaster: reader.name(),
    serial: reader.uint32(),
    refresh: reader.uint32(),
    retry: reader.uint32(),
    expire: reader.uint32(),
    minttl: reader.uint32(),
  }),
  NAPTR(reader) {
    const [order, preference] = [reader.uint16(), reader.uint16()];
    const [flags, service, regexp] = [reader.text(), reader.text(), reader.text()];
    return { flags, service, regexp, replacement: reader.name(), order, preference };
  },
  TLSA(reader, end) {
    const [certUsage, selector, match] = reader.bytes(3);
    return { certUsage, selector, match, data: reader.bytes(end - reader.at).buffer };
  },
  CAA(reader, end) {
    const [critical] = reader.bytes(1);
    const property = reader.text();
    return { critical, [property]: latin1(reader.bytes(end - reader.at)) };
  },
};

const latin1 = (bytes: Uint8Array): string => decodeBytes(bytes, 'latin1');

/** Its methods throw a RangeError at the end of the message. */
class Reader {
  at = 0;
  readonly #message: Uint8Array;
  readonly #view: DataView;

  constructor(message: Uint8Array) {
    this.#message = message;
    this.#view = new DataView(message.buffer, message.byteOffset, message.length);
  }

  get length(): number {
    return this.#message.length;
  }

  uint16(): number {
    this.at += 2;
    return this.#view.getUint16(this.at - 2);
  }

  uint32(): number {
    this.at += 4;
    return this.#view.getUint32(this.at - 4);
  }

  /** A copy. */
  bytes(count: number): Uint8Array {
    if (count < 0 || this.at + count > this.length) throw new RangeError('the message is cut off');
    this.at += count;
    return this.#message.slice(this.at - count, this.at);
  }

  /** A character string: its length, then its bytes. */
  text(): string {
    const [count = 0] = this.bytes(1);
    return latin1(this.bytes(count));
  }

  /** A name, whose end may be a pointer to another place; each pointer must lead back. */
  name(): string {
    const labels: string[] = [];
    let end: number | null = null;
    for (let bound = this.length; ; ) {
      const [count = 0] = this.bytes(1);
      if (count === 0) break;
      if ((count & POINTER) !== POINTER) {
        labels.push(latin1(this.bytes(count)));
        continue;
      }
      const target = ((count & ~POINTER) << 8) | (this.bytes(1)[0] ?? 0);
      end ??= this.at;
      if (target >= bound) throw new RangeError('a name leads in a circle');
      bound = target;
      this.at = target;
    }
    if (end !== null) this.at = end;
    return labels.join('.');
  }
}
