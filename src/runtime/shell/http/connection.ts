/** One HTTP/1.1 exchange with a server of the sandbox, (RFC 9112). */
import { isLoopback } from '../../kernel/network/addresses.ts';
import type { Endpoint } from '../../kernel/network/endpoints.ts';
import { concatenate } from '../streams.ts';
import type { ByteStream } from './byte-stream.ts';
import { HttpError } from './http-error.ts';

export interface Head {
  status: number;
  reason: string;
  /** Names as the server wrote them. */
  headers: readonly (readonly [string, string])[];
  /** As it came, with the empty line at its end. */
  raw: string;
}

/** A header's last value. */
export function headerOf(head: Head, name: string): string | undefined {
  return head.headers.findLast(([key]) => key.toLowerCase() === name)?.[1];
}

/** The addresses of a host of the sandbox, none of any other. A bracketed IPv6 address as in a URL. */
export function resolveHost(host: string): string[] {
  const name = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (name === 'localhost' || name.endsWith('.localhost')) return ['::1', '127.0.0.1'];
  return name !== '' && isLoopback(name) ? [name] : [];
}

export class Connection {
  #stream: ByteStream;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(stream: ByteStream) {
    this.#stream = stream;
  }
  /** From now on what is sent and received goes over TLS. */
  upgrade(stream: ByteStream): void {
    this.#stream = stream;
  }
  get local(): Endpoint {
    return this.#stream.local;
  }
  get remote(): Endpoint {
    return this.#stream.remote;
  }
  /** A read that waits ends with an error. */
  close(): void {
    this.#stream.close();
  }
  async send(data: Uint8Array): Promise<void> {
    await this.#stream.send(data);
  }

  /** The head of the response; those of 1xx go to `onInterim`. */
  async readHead(onInterim: (head: Head) => Promise<void> | undefined): Promise<Head> {
    for (;;) {
      const raw = await this.#takeHead();
      const head = parseHead(raw);
      if (head.status >= 200 || head.status === 101) return head;
      await onInterim(head);
    }
  }

  async #takeHead(): Promise<string> {
    for (;;) {
      const text = new TextDecoder('latin1').decode(this.#rest);
      const end = /\r?\n\r?\n/.exec(text);
      if (end) {
        const length = end.index + end[0].length;
        const raw = new TextDecoder().decode(this.#rest.subarray(0, length));
        this.#rest = this.#rest.subarray(length);
        return raw;
      }
      if (!(await this.#fill())) {
        if (this.#rest.length > 0) throw new HttpError(1, 'Received HTTP/0.9 when not allowed');
        throw new HttpError(52, 'Empty reply from server');
      }
    }
  }

  /** The body as it arrives. */
  async *body(head: Head, method: string): AsyncGenerator<Uint8Array> {
    if (method === 'HEAD' || head.status === 204 || head.status === 304) return;
    const length = headerOf(head, 'content-length');
    if (/\bchunked\b/i.test(headerOf(head, 'transfer-encoding') ?? '')) yield* this.#chunked();
    else if (length !== undefined) {
      const missing = yield* this.#take(Number(length));
      if (missing > 0) throw new HttpError(18, `transfer closed with ${missing} bytes remaining to read`);
    } else yield* this.#toEnd();
  }

  async *#toEnd(): AsyncGenerator<Uint8Array> {
    do {
      if (this.#rest.length > 0) yield this.#rest;
      this.#rest = new Uint8Array(0);
    } while (await this.#fill());
  }

  async *#chunked(): AsyncGenerator<Uint8Array> {
    const cut = () => new HttpError(18, 'transfer closed with outstanding read data remaining');
    for (;;) {
      const line = await this.#line();
      if (line === undefined) throw cut();
      const size = Number.parseInt(line, 16);
      if (Number.isNaN(size)) throw new HttpError(56, `Illegal or missing hexadecimal sequence in chunked-encoding`);
      if (size === 0) break;
      if ((yield* this.#take(size)) > 0 || (await this.#line()) === undefined) throw cut();
    }
    // The trailers, to the empty line.
    while (await this.#line());
  }

  /** What is missing of so many bytes. */
  async *#take(length: number): AsyncGenerator<Uint8Array, number> {
    let left = length;
    while (left > 0) {
      if (this.#rest.length === 0 && !(await this.#fill())) return left;
      const part = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(part.length);
      left -= part.length;
      yield part;
    }
    return 0;
  }

  async #line(): Promise<string | undefined> {
    for (;;) {
      const end = this.#rest.indexOf(10);
      if (end !== -1) {
        const line = new TextDecoder().decode(this.#rest.subarray(0, end)).trimEnd();
        this.#rest = this.#rest.subarray(end + 1);
        return line;
      }
      if (!(await this.#fill())) return undefined;
    }
  }

  async #fill(): Promise<boolean> {
    const bytes = await this.#stream.receive();
    if (bytes.length === 0) return false;
    this.#rest = this.#rest.length === 0 ? bytes : concatenate([this.#rest, bytes]);
    return true;
  }
}

function parseHead(raw: string): Head {
  const [first = '', ...lines] = raw.trimEnd().split(/\r?\n/);
  const match = /^HTTP\/\d\.\d (\d{3}) ?(.*)$/.exec(first);
  if (!match) throw new HttpError(1, 'Received HTTP/0.9 when not allowed');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  return { status: Number(match[1]), reason: match[2] ?? '', headers, raw };
}
