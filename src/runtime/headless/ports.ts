/** The ports at which programs listen, as the client hears of them. */
import type { ClientEvents } from './events.ts';

export class ClientPorts {
  readonly #events: ClientEvents;
  readonly #urlOf: (port: number) => Promise<string>;
  readonly #open = new Set<number>();

  constructor(events: ClientEvents, urlOf: (port: number) => Promise<string>) {
    this.#events = events;
    this.#urlOf = urlOf;
  }

  async tell(port: number, state: 'open' | 'close'): Promise<void> {
    if (state === 'open') this.#open.add(port);
    else this.#open.delete(port);
    const url = await this.#urlOf(port);
    await this.#events.emit('port', port, state, url);
    if (state === 'open') await this.#events.emit('server-ready', port, url);
  }

  /** All that listened has ended. */
  async closeAll(): Promise<void> {
    for (const port of [...this.#open]) await this.tell(port, 'close');
  }
}
