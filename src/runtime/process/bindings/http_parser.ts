import type { BindingFactory, ProcessContext } from '../context.ts';
import { endsOfErrors } from '../failures/fatal.ts';
import { type ConnectionsList, defineConnectionsList, type TrackedConnection } from '../streams/connections-list.ts';
import { handleClasses } from '../streams/handle-wrap.ts';
import { HttpMessage } from '../streams/http-message.ts';
import { PARSER_CONSTANTS } from '../streams/http-parser-constants.ts';
import { type Execution, findLlhttp, Llhttp, type ParserEvents, REQUEST, type RESPONSE } from '../streams/llhttp.ts';
import type { StreamHandle } from '../streams/stream-wrap.ts';
import { bytesOf, copyOf } from '../streams/text.ts';

/** Indices under which the library puts its callbacks on a parser. */
const Callback = { messageBegin: 0, headers: 1, headersComplete: 2, body: 3, messageComplete: 4, execute: 5 } as const;
const DEFAULT_MAX_HEADER_SIZE = 16384;
const STOP = -1;
/** llhttp's HPE_PAUSED: it stops behind what it told, and goes on from there. */
const PAUSED = 21;
/** Of the extensions of one chunk; some bytes more belong to its size and to the ends of lines. */
const MAX_CHUNK_EXTENSIONS = 16384;
const CHUNK_FRAMING = 24;

/** `internalBinding('http_parser')`: HTTP/1 for servers and clients. */
export const httpParser: BindingFactory = (context) => {
  const ConnectionsList = defineConnectionsList(() => context.host.now());
  const HTTPParser = defineParser(context);
  Object.assign(HTTPParser, PARSER_CONSTANTS);
  return { ...context.described('http_parser'), HTTPParser, ConnectionsList };
};

function defineParser(context: ProcessContext) {
  const { asyncContext, host, loop } = context;
  const { AsyncWrap } = handleClasses(context);
  let shared: Llhttp | null = null;
  const llhttp = (): Llhttp => {
    shared ??= new Llhttp(
      host.WebAssembly,
      findLlhttp(context.library.source('internal/deps/undici/undici')?.code ?? ''),
    );
    return shared;
  };
  const guestBuffer = (bytes: Uint8Array<ArrayBuffer>): Buffer => {
    const { Buffer: GuestBuffer } = context.require('buffer') as { Buffer: typeof Buffer };
    return GuestBuffer.from(bytes.buffer);
  };

  return class HTTPParser extends AsyncWrap implements TrackedConnection, ParserEvents {
    #pointer = 0;
    #type: number = REQUEST;
    #message = new HttpMessage(DEFAULT_MAX_HEADER_SIZE);
    #connections: ConnectionsList | null = null;
    #depth = 0;
    #pausePending = false;
    /** What a callback of the guest threw, or which limit was passed. */
    #thrown: { error: unknown } | null = null;
    #overflow: 'header' | 'chunk' | null = null;
    /** Bytes since the last ones of a body that were none, while a body comes. */
    #framing = 0;
    #inBody = false;
    #stream: StreamHandle | null = null;
    /** The stream's own bytes are parsed, and not by a caller of the guest's. */
    #consuming = false;
    /** llhttp stands behind a part of a body, until the loop has drained. */
    #drains = false;
    /** Counts what the parser was made for: what is left of bytes for another use is not parsed. */
    #use = 0;
    #current: Uint8Array = new Uint8Array(0);
    #messageStart = 0;
    #headersCompleted = false;

    get messageStart(): number {
      return this.#messageStart;
    }
    get headersCompleted(): boolean {
      return this.#headersCompleted;
    }

    initialize(
      type: typeof REQUEST | typeof RESPONSE,
      resource: unknown,
      maxHeaderSize = 0,
      lenientFlags = 0,
      connections?: ConnectionsList,
    ): void {
      const parser = llhttp();
      if (this.#pointer !== 0) parser.free(this.#pointer);
      this.#pointer = parser.allocate(type);
      if (lenientFlags !== 0) parser.setLenient(this.#pointer, lenientFlags);
      this.#use++;
      this.#type = type;
      this.#message = new HttpMessage(maxHeaderSize || defaultMaxHeaderSize(context));
      asyncContext.register(this, type === REQUEST ? 'HTTPINCOMINGMESSAGE' : 'HTTPCLIENTREQUEST', { shown: resource });
      this.#thrown = null;
      this.#overflow = null;
      this.#inBody = false;
      this.#headersCompleted = false;
      this.#connections = connections ?? null;
      // A connection that never sends anything must run into the time limit too.
      this.#messageStart = connections === undefined ? 0 : host.now();
      connections?.track(this, true);
    }

    close(): void {
      if (this.#pointer !== 0) llhttp().free(this.#pointer);
      this.#pointer = 0;
      this.#use++;
      asyncContext.destroy(this);
    }
    free(): void {
      // The parser goes back to the library's pool; `initialize` makes it new.
      this.#use++;
      asyncContext.destroy(this);
    }
    remove(): void {
      this.#connections?.untrack(this);
    }
    pause(): void {
      if (this.#depth > 0) this.#pausePending = true;
      else llhttp().pause(this.#pointer);
    }
    resume(): void {
      if (this.#depth > 0) this.#pausePending = false;
      else llhttp().resume(this.#pointer);
    }

    /** The number of bytes parsed, or the Error. Throws what a callback threw. */
    execute(data: unknown, offset = 0, length?: number): number | Error {
      const bytes = bytesOf(data);
      const part = bytes.subarray(offset, length === undefined ? undefined : offset + length);
      this.#current = part;
      const result = this.#run(() => this.#parse(part));
      return result instanceof Error ? result : result.consumed;
    }
    #parse(part: Uint8Array): Execution {
      const execution = llhttp().execute(this.#pointer, this, part);
      if (execution.code === '' && this.#inBody) {
        this.#framing += execution.framing;
        this.#limitFraming(this.#framing);
      }
      return execution;
    }
    finish(): Error | undefined {
      const result = this.#run(() => llhttp().finish(this.#pointer, this));
      return result instanceof Error ? result : undefined;
    }
    getCurrentBuffer(): Buffer {
      return guestBuffer(copyOf(this.#current));
    }

    /** From now on the stream's data comes here directly instead of through 'data' events. */
    consume(stream: StreamHandle): void {
      this.#stream = stream;
      stream.setReadListener((result) => {
        if (typeof result === 'number') return stream.passToGuest(result);
        this.#current = result;
        this.#parseConsumed(result, 0);
      });
    }
    /**
     * Natively a part of a body is told in a callback scope of its own, with ticks and microtasks behind it, before the bytes behind it
     * are looked at: so the loop drains, and comes back for them.
     */
    #parseConsumed(bytes: Uint8Array, start: number): void {
      const use = this.#use;
      asyncContext.runIn(this, () => {
        this.#consuming = true;
        let result: Execution | Error;
        try {
          result = this.#run(() => this.#parse(bytes.subarray(start)), start);
        } finally {
          this.#consuming = false;
        }
        if (this.#use !== use) return;
        const consumed = result instanceof Error ? result : result.consumed;
        if (!this.#drains || typeof consumed !== 'number') {
          this.#callback(Callback.execute)?.call(this, consumed);
          return;
        }
        this.#drains = false;
        llhttp().resume(this.#pointer);
        // Whoever pauses meanwhile does it in the middle of this.
        this.#depth++;
        loop.enqueueNext(() => {
          this.#depth--;
          if (this.#use === use) this.#parseConsumed(bytes, consumed);
        });
      });
    }
    unconsume(): void {
      this.#stream?.setReadListener(null);
      this.#stream = null;
    }

    onMessageBegin(): number {
      this.#message.begin();
      this.#headersCompleted = false;
      this.#messageStart = host.now();
      this.#connections?.track(this, true);
      const callback = this.#callback(Callback.messageBegin);
      if (callback === undefined) return 0;
      return this.#guarded(() => {
        callback.call(this);
        return 0;
      });
    }
    onUrl(part: string): number {
      return this.#limited(this.#message.addUrl(part));
    }
    onStatus(part: string): number {
      return this.#limited(this.#message.addStatus(part));
    }
    onHeaderField(part: string): number {
      return this.#limited(this.#message.addField(part));
    }
    onHeaderValue(part: string): number {
      return this.#limited(this.#message.addValue(part));
    }
    onHeadersComplete(statusCode: number, upgrade: boolean, shouldKeepAlive: boolean): number {
      this.#headersCompleted = true;
      this.#inBody = true;
      this.#framing = 0;
      const { major, minor } = llhttp().version(this.#pointer);
      const headers = this.#message.takeHeaders();
      const isRequest = this.#type === REQUEST;
      const args = isRequest
        ? [llhttp().method(this.#pointer), this.#message.url, undefined, undefined]
        : [undefined, undefined, statusCode, this.#message.status];
      return this.#guarded(() => {
        const callback = this.#callback(Callback.headersComplete);
        const answer = callback?.call(this, major, minor, headers, ...args, upgrade, shouldKeepAlive);
        return typeof answer === 'number' ? answer : 0;
      });
    }
    onBody(part: Uint8Array<ArrayBuffer>, framing: number): number {
      if (!this.#limitFraming(this.#framing + framing)) return STOP;
      this.#framing = 0;
      return this.#guarded(() => {
        if (part.length === 0) return 0;
        this.#callback(Callback.body)?.call(this, guestBuffer(part));
        this.#drains = this.#consuming;
        return this.#consuming ? PAUSED : 0;
      });
    }
    onMessageComplete(): number {
      this.#inBody = false;
      this.#messageStart = 0;
      this.#connections?.track(this, false);
      const trailers = this.#message.takeHeaders();
      const takesTrailers = trailers.length > 0 ? this.#callback(Callback.headers) : undefined;
      if (takesTrailers === undefined && this.#callback(Callback.messageComplete) === undefined) return 0;
      return this.#guarded(() => {
        takesTrailers?.call(this, trailers, this.#message.url);
        this.#callback(Callback.messageComplete)?.call(this);
        return 0;
      });
    }

    #callback(index: number): ((this: unknown, ...args: unknown[]) => unknown) | undefined {
      const callback: unknown = Reflect.get(this, index);
      return typeof callback === 'function' ? (callback as (this: unknown, ...args: unknown[]) => unknown) : undefined;
    }

    /**
     * An exception must not unwind through llhttp: it is kept, and thrown when llhttp has returned. One that ends the process may: the
     * browser knows where it was thrown.
     */
    #guarded(run: () => number): number {
      let answer = 0;
      asyncContext.runWithin(this, () => {
        answer = endsOfErrors(context) ? run() : this.#kept(run);
      });
      return answer;
    }
    #kept(run: () => number): number {
      try {
        return run();
      } catch (error) {
        this.#thrown = { error };
        return STOP;
      }
    }
    #limited(fits: boolean): number {
      if (!fits) this.#overflow = 'header';
      return fits ? 0 : STOP;
    }
    #limitFraming(bytes: number): boolean {
      if (bytes > MAX_CHUNK_EXTENSIONS + CHUNK_FRAMING) this.#overflow = 'chunk';
      return this.#overflow === null;
    }

    /** `start`: so many bytes were parsed before this step. */
    #run(step: () => Execution, start = 0): Execution | Error {
      this.#depth++;
      this.#drains = false;
      let result: Execution;
      try {
        result = step();
        result.consumed += start;
      } finally {
        this.#depth--;
      }
      const thrown = this.#thrown;
      this.#thrown = null;
      if (thrown !== null) throw thrown.error;
      if (this.#drains) return result;
      // A callback may have closed the parser.
      if (this.#pausePending && this.#pointer !== 0) llhttp().pause(this.#pointer);
      this.#pausePending = false;
      const overflow = this.#overflow;
      this.#overflow = null;
      if (overflow !== null) return parseError(context, { ...result, ...OVERFLOWS[overflow] });
      if (result.code === '' || (this.#pointer !== 0 && llhttp().isUpgrade(this.#pointer))) return result;
      return parseError(context, result);
    }
  };
}

const OVERFLOWS = {
  header: { code: 'HPE_HEADER_OVERFLOW', reason: 'Header overflow' },
  chunk: { code: 'HPE_CHUNK_EXTENSIONS_OVERFLOW', reason: 'Chunk extensions overflow' },
};

function parseError(context: ProcessContext, { consumed, code, reason }: Execution): Error {
  const error = new context.global.Error('Parse Error');
  return Object.assign(error, { bytesParsed: consumed, code, reason });
}

function defaultMaxHeaderSize(context: ProcessContext): number {
  const { getOptionValue } = context.require('internal/options') as { getOptionValue: (name: string) => unknown };
  const size = getOptionValue('--max-http-header-size');
  return typeof size === 'number' && size > 0 ? size : DEFAULT_MAX_HEADER_SIZE;
}
