import type { BindingFactory } from '../context.ts';

/** `internalBinding('block_list')`: socket addresses. */
export const blockList: BindingFactory = (context) => ({ ...context.described('block_list'), SocketAddress });

class SocketAddress {
  readonly #address: string;
  readonly #port: number;
  readonly #family: number;
  readonly #flowLabel: number;
  constructor(address: string, port: number, family: number, flowLabel: number) {
    this.#address = address;
    this.#port = port;
    this.#family = family;
    this.#flowLabel = flowLabel;
  }
  /** Fills and returns the object. */
  detail(target: Record<string, unknown>): Record<string, unknown> {
    return Object.assign(target, {
      address: this.#address,
      port: this.#port,
      family: this.#family,
      flowlabel: this.#flowLabel,
    });
  }
  flowlabel(): number {
    return this.#flowLabel;
  }
}
