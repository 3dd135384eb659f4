/**
 * llhttp, the HTTP parser of Node, from the WebAssembly build that Node's own library carries for undici.
 * One instance serves all parsers of a process; a call into it names the parser whose events it raises.
 */
import { decodeBase64, decodeLatin1 } from './text.ts';

export const REQUEST = 1;
export const RESPONSE = 2;

/** What llhttp tells while it executes. A number other than 0 stops it. */
export interface ParserEvents {
  onMessageBegin(): number;
  onUrl(part: string): number;
  onStatus(part: string): number;
  onHeaderField(part: string): number;
  onHeaderValue(part: string): number;
  /** 1 skips the body, 2 also treats the connection as upgraded. */
  onHeadersComplete(statusCode: number, upgrade: boolean, shouldKeepAlive: boolean): number;
  /** `framing`: bytes between what was told before in this execution and this part, as the size and extensions of a chunk. */
  onBody(part: Uint8Array<ArrayBuffer>, framing: number): number;
  onMessageComplete(): number;
}

/** How an execution ended; `code` is empty when all is well. */
export interface Execution {
  consumed: number;
  code: string;
  reason: string;
  /** Bytes behind the last that a callback was told of. */
  framing: number;
}

type Exports = Record<string, (...args: number[]) => number>;

/** Finds the WebAssembly text in the source of `internal/deps/undici/undici`. Throws when it is not there. */
export function findLlhttp(undiciSource: string): Uint8Array<ArrayBuffer> {
  const base64 = /AGFzbQ[A-Za-z0-9+/=]+/.exec(undiciSource)?.[0];
  if (base64 === undefined) throw new Error("Node's library carries no llhttp");
  return decodeBase64(base64);
}

export class Llhttp {
  readonly #memory: WebAssembly.Memory;
  readonly #exports: Exports;
  #current: ParserEvents | null = null;
  /** All of the memory, as long as it has not grown. */
  #bytes = new Uint8Array(0);
  #buffer = 0;
  #bufferSize = 0;
  #bufferInUse = false;
  /** Where the last callback's bytes ended. */
  #mark = 0;

  /** `engine` is the browser's WebAssembly; `binary` comes from {@link findLlhttp}. */
  constructor(engine: typeof WebAssembly, binary: Uint8Array<ArrayBuffer>) {
    const instance = new engine.Instance(new engine.Module(binary), { env: this.#imports() });
    this.#memory = instance.exports.memory as WebAssembly.Memory;
    this.#exports = instance.exports as unknown as Exports;
    this.#call('_initialize');
  }

  allocate(type: typeof REQUEST | typeof RESPONSE): number {
    return this.#call('llhttp_alloc', type);
  }
  free(parser: number): void {
    this.#call('llhttp_free', parser);
  }
  /** `flags` are Node's kLenient…, one bit each. */
  setLenient(parser: number, flags: number): void {
    LENIENT.forEach((name, bit) => {
      this.#call(`llhttp_set_lenient_${name}`, parser, (flags >> bit) & 1);
    });
  }
  method(parser: number): number {
    return this.#call('llhttp_get_method', parser);
  }
  version(parser: number): { major: number; minor: number } {
    return {
      major: this.#call('llhttp_get_http_major', parser),
      minor: this.#call('llhttp_get_http_minor', parser),
    };
  }
  isUpgrade(parser: number): boolean {
    return this.#call('llhttp_get_upgrade', parser) !== 0;
  }
  pause(parser: number): void {
    this.#call('llhttp_pause', parser);
  }
  resume(parser: number): void {
    this.#call('llhttp_resume', parser);
  }

  execute(parser: number, events: ParserEvents, data: Uint8Array): Execution {
    const owned = !this.#bufferInUse;
    const start = owned ? this.#reserve(data.length) : this.#call('malloc', data.length || 1);
    this.#wholeMemory().set(data, start);
    if (owned) this.#bufferInUse = true;
    try {
      const { result, mark } = this.#as(events, start, () => this.#call('llhttp_execute', parser, start, data.length));
      const framing = start + data.length - mark;
      if (result === 0) return { consumed: data.length, code: '', reason: '', framing };
      const consumed = this.#call('llhttp_get_error_pos', parser) - start;
      const code = this.#text(this.#call('llhttp_errno_name', result));
      if (code === 'HPE_PAUSED_UPGRADE') {
        this.#call('llhttp_resume_after_upgrade', parser);
        return { consumed, code: '', reason: '', framing };
      }
      return { consumed, code, reason: this.#text(this.#call('llhttp_get_error_reason', parser)), framing };
    } finally {
      if (owned) this.#bufferInUse = false;
      else this.#call('free', start);
    }
  }

  /** The peer ended the stream. */
  finish(parser: number, events: ParserEvents): Execution {
    const { result } = this.#as(events, 0, () => this.#call('llhttp_finish', parser));
    if (result === 0) return { consumed: 0, code: '', reason: '', framing: 0 };
    const code = this.#text(this.#call('llhttp_errno_name', result));
    return { consumed: 0, code, reason: this.#text(this.#call('llhttp_get_error_reason', parser)), framing: 0 };
  }

  #reserve(size: number): number {
    if (size > this.#bufferSize) {
      if (this.#buffer !== 0) this.#call('free', this.#buffer);
      this.#bufferSize = Math.max(size, 65536);
      this.#buffer = this.#call('malloc', this.#bufferSize);
    }
    return this.#buffer;
  }

  #as(events: ParserEvents, start: number, run: () => number): { result: number; mark: number } {
    const outer = { events: this.#current, mark: this.#mark };
    this.#current = events;
    this.#mark = start;
    try {
      const result = run();
      return { result, mark: this.#mark };
    } finally {
      this.#current = outer.events;
      this.#mark = outer.mark;
    }
  }

  /** What a function does not take is ignored. */
  #call(name: string, first = 0, second = 0, third = 0): number {
    const exported = this.#exports[name];
    if (exported === undefined) throw new Error(`llhttp has no ${name}`);
    return exported(first, second, third);
  }

  #wholeMemory(): Uint8Array<ArrayBuffer> {
    if (this.#bytes.length === 0) this.#bytes = new Uint8Array(this.#memory.buffer as ArrayBuffer);
    return this.#bytes;
  }

  #text(pointer: number): string {
    if (pointer === 0) return '';
    const memory = this.#wholeMemory();
    return decodeLatin1(memory, pointer, memory.indexOf(0, pointer));
  }

  #imports(): Record<string, (...args: number[]) => number> {
    const events = (): ParserEvents => {
      if (this.#current === null) throw new Error('llhttp called back outside of an execution');
      return this.#current;
    };
    const text = (at: number, length: number): string => {
      this.#mark = at + length;
      return decodeLatin1(this.#wholeMemory(), at, at + length);
    };
    return {
      wasm_on_message_begin: () => events().onMessageBegin(),
      wasm_on_url: (_parser = 0, at = 0, length = 0) => events().onUrl(text(at, length)),
      wasm_on_status: (_parser = 0, at = 0, length = 0) => events().onStatus(text(at, length)),
      wasm_on_header_field: (_parser = 0, at = 0, length = 0) => events().onHeaderField(text(at, length)),
      wasm_on_header_value: (_parser = 0, at = 0, length = 0) => events().onHeaderValue(text(at, length)),
      wasm_on_headers_complete: (_parser = 0, status = 0, upgrade = 0, keepAlive = 0) =>
        events().onHeadersComplete(status, upgrade !== 0, keepAlive !== 0),
      wasm_on_body: (_parser = 0, at = 0, length = 0) => {
        const framing = at - this.#mark;
        this.#mark = at + length;
        return events().onBody(this.#wholeMemory().slice(at, at + length), framing);
      },
      wasm_on_message_complete: () => events().onMessageComplete(),
    };
  }
}

/** llhttp's setters in the order of Node's kLenient bits. */
const LENIENT = [
  'headers',
  'chunked_length',
  'keep_alive',
  'transfer_encoding',
  'version',
  'data_after_close',
  'optional_lf_after_cr',
  'optional_crlf_after_chunk',
  'optional_cr_before_lf',
  'spaces_after_chunk_size',
];
