/** One connection of a preview to a server of the sandbox, as the headless page relays it. */
import type { Remote } from 'comlink';
import type { KernelClient } from '../../kernel/client/client-interface.ts';
import { type ConnectionMessage, Credit } from './wire.ts';

/** Of one kernel: the numbers of connections are its own. */
export type Network = Pick<Remote<KernelClient>, 'connect' | 'receive' | 'transmit' | 'finish' | 'disconnect'>;

/** The way to the other end. */
export interface ConnectionSink {
  say(type: 'refused' | 'end' | 'reset' | 'took', bytes?: number): void;
  send(data: Uint8Array): void;
  /** Nothing more will be said. */
  closed(): void;
}

export class PreviewConnection {
  readonly #network: Network;
  readonly #sink: ConnectionSink;
  readonly #credit = new Credit();
  /** What has come from the browser is written in its order. */
  #written: Promise<unknown>;
  #id: number | null = null;
  #closed = false;
  #endings = 0;

  constructor(network: Network, port: number, sink: ConnectionSink) {
    this.#network = network;
    this.#sink = sink;
    this.#written = network.connect(port).then(
      (id) => {
        this.#id = id;
        if (this.#closed) this.#leave(id);
        else void this.#readAll(id);
      },
      () => {
        if (!this.#closed) sink.say('refused');
        this.close();
      },
    );
  }

  /** Takes what the browser sent. */
  write(data: Uint8Array): void {
    this.#inOrder(async (id) => {
      await this.#network.transmit(id, data);
      this.#sink.say('took', data.length);
    });
  }

  /** What the other end says of the connection. */
  take(message: ConnectionMessage): void {
    if (message.type === 'took') this.#credit.regain(message.bytes);
    else if (message.type === 'reset') this.close();
    else
      this.#inOrder(async (id) => {
        await this.#network.finish(id);
        this.#end();
      });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#sink.closed();
    if (this.#id !== null) this.#leave(this.#id);
  }

  #leave(id: number): void {
    // With the kernel went all its connections.
    this.#network.disconnect(id).catch(() => undefined);
  }

  #inOrder(work: (id: number) => Promise<void>): void {
    this.#written = this.#written.then(async () => {
      if (this.#closed || this.#id === null) return;
      await work(this.#id).catch(() => this.#break());
    });
  }

  async #readAll(id: number): Promise<void> {
    try {
      for (;;) {
        const data = await this.#network.receive(id);
        if (this.#closed) return;
        if (data.length === 0) break;
        this.#credit.spend(data.length);
        this.#sink.send(data);
        await new Promise<void>((resolve) => this.#credit.whenRoom(resolve));
      }
      this.#sink.say('end');
      this.#end();
    } catch {
      // The server reset it, or this side closed it meanwhile.
      this.#break();
    }
  }

  /** One side has ended. */
  #end(): void {
    this.#endings++;
    if (this.#endings === 2) this.close();
  }

  #break(): void {
    if (this.#closed) return;
    this.#sink.say('reset');
    this.close();
  }
}
