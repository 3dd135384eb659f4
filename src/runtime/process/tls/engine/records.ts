/** The record layer (RFC 8446, section 5): fragments, and their protection by the keys of the moment. */
import { joinBytes } from '../../../kernel/join-bytes.ts';
import { Alert, TlsFailure } from './failure.ts';
import { EMPTY, numberBytes } from './wire.ts';

export const ContentType = { changeCipherSpec: 20, alert: 21, handshake: 22, applicationData: 23 } as const;

export const LARGEST_FRAGMENT = 16_384;
const HEADER = 5;

export interface TlsRecord {
  type: number;
  content: Uint8Array;
}

/** One direction's cipher with its keys. */
export interface Protection {
  /** By so many bytes may it lengthen a fragment. */
  readonly mostGrowth: number;
  /** The record as it goes out, without its header. */
  seal(record: TlsRecord): TlsRecord;
  /** Throws TlsFailure when it is not authentic. */
  open(record: TlsRecord): TlsRecord;
}

export class Records {
  /** Clients speak another protocol first, at times. */
  isServer = false;
  /** Version in the headers; the first message of a client has the oldest. */
  version = 0x301;
  maxFragment = LARGEST_FRAGMENT;
  #input: Uint8Array = EMPTY;
  #output: Uint8Array[] = [];
  #isFirst = true;
  #hasDummyChange = false;
  #reading: Protection | null = null;
  #writing: Protection | null = null;

  /** What has come from the peer. */
  push(bytes: Uint8Array): void {
    this.#input = this.#input.length === 0 ? bytes : joinBytes([this.#input, bytes]);
  }
  /** What is to go to the peer, and goes there now. */
  takeOutput(): Uint8Array {
    const output = this.#output.length === 1 ? (this.#output[0] ?? EMPTY) : joinBytes(this.#output);
    this.#output = [];
    return output;
  }
  get hasOutput(): boolean {
    return this.#output.length > 0;
  }
  get isReadProtected(): boolean {
    return this.#reading !== null;
  }
  protectReads(protection: Protection): void {
    this.#reading = protection;
  }
  protectWrites(protection: Protection): void {
    this.#writing = protection;
  }

  /** The next record, opened; null when it is not there as a whole. */
  read(): TlsRecord | null {
    if (this.#input.length < HEADER) return null;
    const [type = 0, major = 0, , high = 0, low = 0] = this.#input;
    if (this.#isFirst && this.isServer) this.#checkFirst(type, major);
    const length = high * 256 + low;
    if (length > LARGEST_FRAGMENT + (this.#reading?.mostGrowth ?? 0))
      throw new TlsFailure('packet length too long', Alert.recordOverflow);
    if (major !== 3) throw new TlsFailure('wrong version number', Alert.protocolVersion);
    if (this.#input.length < HEADER + length) return null;
    this.#isFirst = false;
    const content = this.#input.subarray(HEADER, HEADER + length);
    this.#input = this.#input.subarray(HEADER + length);
    const record = { type, content };
    if (this.#reading === null) return record;
    const opened = this.#reading.open(record);
    if (opened.content.length > LARGEST_FRAGMENT) throw new TlsFailure('packet length too long', Alert.recordOverflow);
    return opened;
  }

  /** Somebody may speak another protocol. */
  #checkFirst(type: number, major: number): void {
    if (major === 3 && type >= ContentType.changeCipherSpec && type <= ContentType.applicationData) return;
    const text = String.fromCharCode(...this.#input.subarray(0, HEADER));
    if (/^(GET |POST |HEAD |PUT )/.test(text)) throw new TlsFailure('http request');
    if (text === 'CONNE') throw new TlsFailure('https proxy request');
    throw new TlsFailure('wrong version number');
  }

  /** In as many records as it needs. */
  write(type: number, content: Uint8Array): void {
    let at = 0;
    do {
      const piece = { type, content: content.subarray(at, at + this.maxFragment) };
      const record = this.#writing === null ? piece : this.#writing.seal(piece);
      const header = [numberBytes(2, this.version), numberBytes(2, record.content.length)];
      this.#output.push(joinBytes([Uint8Array.of(record.type), ...header, record.content]));
      at += this.maxFragment;
    } while (at < content.length);
  }
  /** For middleboxes, once a connection: TLS 1.3 has no use for it (RFC 8446, appendix D.4). It is not protected. */
  writeDummyChange(): void {
    if (this.#hasDummyChange) return;
    this.#hasDummyChange = true;
    this.#output.push(Uint8Array.of(ContentType.changeCipherSpec, 3, 3, 0, 1, 1));
  }
}
