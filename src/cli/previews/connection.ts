/** A connection to a server of a sandbox, as a stream: its bytes pass through the WebSocket of the headless page. */
import { Duplex } from 'node:stream';
import { type ConnectionMessage, Credit } from '../../runtime/headless/previews/wire.ts';

/** The way to the other end. */
export interface ConnectionSink {
  say(type: 'end' | 'reset' | 'took', bytes?: number): void;
  send(data: Uint8Array): void;
  closed(): void;
}

export class SandboxConnection extends Duplex {
  readonly #sink: ConnectionSink;
  readonly #credit = new Credit();
  /** Bytes that wait in the stream for its reader. */
  #unread: number[] = [];

  constructor(sink: ConnectionSink) {
    super({ allowHalfOpen: true });
    this.#sink = sink;
  }

  receive(data: Uint8Array): void {
    if (this.destroyed) return;
    this.#unread.push(data.length);
    if (this.push(data)) this._read();
  }

  hear(message: ConnectionMessage | { type: 'refused' }): void {
    if (message.type === 'took') this.#credit.regain(message.bytes);
    else if (message.type === 'end') this.push(null);
    else this.destroy(new Error(message.type === 'refused' ? 'ECONNREFUSED' : 'ECONNRESET'));
  }

  /** The reader wants more: what was given to it has been taken. */
  override _read(): void {
    for (const bytes of this.#unread.splice(0)) this.#sink.say('took', bytes);
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#credit.spend(chunk.length);
    this.#sink.send(chunk);
    this.#credit.whenRoom(done);
  }

  override _final(done: () => void): void {
    this.#sink.say('end');
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#sink.say('reset');
    this.#sink.closed();
    done(error);
  }
}
