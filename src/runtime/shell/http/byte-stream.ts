/** What an exchange goes over: a socket, or TLS over one. */
import type { Endpoint } from '../../kernel/network/endpoints.ts';
import type { Sys } from '../../process/system-calls/sys.ts';
import { errorCode } from '../errors.ts';
import { HttpError } from './http-error.ts';

const CHUNK = 65536;

export interface ByteStream {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  send(data: Uint8Array): Promise<void>;
  /** Nothing at the end. */
  receive(): Promise<Uint8Array>;
  /** A receive that waits ends with an error. */
  close(): void;
}

export class SocketStream implements ByteStream {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly #sys: Sys;
  readonly #fd: number;
  readonly #closed = Promise.withResolvers<never>();
  #open = true;

  private constructor(sys: Sys, { fd, local, remote }: { fd: number; local: Endpoint; remote: Endpoint }) {
    this.#sys = sys;
    this.#fd = fd;
    this.local = local;
    this.remote = remote;
    this.#closed.promise.catch(() => undefined); // Heard of by whoever waits.
  }

  /** The first address that answers. Throws the error of the last. */
  static async open(sys: Sys, addresses: readonly string[], port: number): Promise<SocketStream> {
    let failure: unknown;
    for (const address of addresses) {
      try {
        return new SocketStream(sys, await sys.callAsync('connect', address, port));
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#closed.reject(new Error('closed'));
    this.#sys.callAsync('close', this.#fd).catch(() => undefined); // It is ours, and open.
  }

  async send(data: Uint8Array): Promise<void> {
    for (let rest = data; rest.length > 0; ) {
      rest = rest.subarray(await this.#sys.callAsync('write', this.#fd, rest, null));
    }
  }

  async receive(): Promise<Uint8Array> {
    try {
      const reading = this.#sys.callAsync('read', this.#fd, CHUNK, null);
      reading.catch(() => undefined); // After a close nobody waits for it.
      return await Promise.race([reading, this.#closed.promise]);
    } catch (error) {
      if (errorCode(error) === 'ECONNRESET') throw new HttpError(56, 'Recv failure: Connection reset by peer');
      throw error;
    }
  }
}
