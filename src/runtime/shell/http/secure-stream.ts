/** The bytes of a TLS connection over a socket. */
import type { Endpoint } from '../../kernel/network/endpoints.ts';
import type { Connection, ReadResult } from '../../process/tls/engine/connection.ts';
import type { TlsFailure } from '../../process/tls/engine/failure.ts';
import type { ByteStream, SocketStream } from './byte-stream.ts';
import { HttpError } from './http-error.ts';

/** The runtime's part of TLS. */
export type Engine = typeof import('../../process/tls/part.ts');

const CONNECT_FAILED = 35;
const RECEIVE_FAILED = 56;
const NOTHING = new Uint8Array(0);

export class SecureStream implements ByteStream {
  readonly #below: SocketStream;
  readonly #connection: Connection;
  readonly #engine: Engine;
  /** Data that came with the end of the handshake. */
  #early: Uint8Array = NOTHING;
  /** Records go down one after another, whoever made them. */
  #sending: Promise<void> = Promise.resolve();

  constructor(below: SocketStream, connection: Connection, engine: Engine) {
    this.#below = below;
    this.#connection = connection;
    this.#engine = engine;
  }
  get local(): Endpoint {
    return this.#below.local;
  }
  get remote(): Endpoint {
    return this.#below.remote;
  }

  /** `reasonOf`: why the program has refused the server's certificates, if it has. */
  async shakeHands(host: string, reasonOf: () => HttpError | undefined): Promise<void> {
    const { port } = this.remote;
    try {
      for (;;) {
        const result = this.#read();
        await this.#flush();
        if (typeof result !== 'string') this.#early = result.slice();
        if (this.#connection.isEstablished) return;
        if (result === 'closed' || !(await this.#fill())) {
          const what = `OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to ${host}:${port} `;
          throw new HttpError(CONNECT_FAILED, what);
        }
      }
    } catch (error) {
      // The alert, if the server is still there.
      await this.#flush().catch(() => undefined);
      if (error instanceof HttpError) throw new HttpError(CONNECT_FAILED, error.message);
      throw reasonOf() ?? this.#asHttpError(error, CONNECT_FAILED);
    }
  }

  async send(data: Uint8Array): Promise<void> {
    // A record of nothing would be unread data to a server that closes, and closing would be a reset.
    if (data.length === 0) return;
    this.#connection.write(data);
    await this.#flush();
  }

  async receive(): Promise<Uint8Array> {
    const early = this.#early;
    this.#early = NOTHING;
    if (early.length > 0) return early;
    try {
      for (;;) {
        const result = this.#read();
        await this.#flush();
        if (typeof result !== 'string') return result.slice();
        // curl takes an end without a farewell for an end, too.
        if (result === 'closed' || !(await this.#fill())) return NOTHING;
      }
    } catch (error) {
      throw this.#asHttpError(error, RECEIVE_FAILED);
    }
  }

  close(): void {
    this.#connection.close();
    // The calls are answered in their order, and nobody waits for either.
    if (this.#connection.hasOutput) this.#below.send(this.#connection.takeOutput()).catch(() => undefined);
    this.#below.close();
  }

  #read(): ReadResult {
    return this.#connection.read();
  }
  async #fill(): Promise<boolean> {
    const bytes = await this.#below.receive();
    if (bytes.length > 0) this.#connection.push(bytes);
    return bytes.length > 0;
  }
  async #flush(): Promise<void> {
    const output = this.#connection.takeOutput();
    const { promise, resolve } = Promise.withResolvers<void>();
    const before = this.#sending;
    this.#sending = promise;
    await before;
    try {
      await this.#below.send(output);
    } finally {
      resolve();
    }
  }

  #asHttpError(error: unknown, status: number): unknown {
    if (!(error instanceof this.#engine.TlsFailure)) return error;
    const { line, reason } = error as TlsFailure;
    const [, number] = line.split(':');
    return new HttpError(status, `OpenSSL/3.0.19: error:${number}:SSL routines::${reason}`);
  }
}
