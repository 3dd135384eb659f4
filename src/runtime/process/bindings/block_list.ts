import type { BindingFactory } from '../context.ts';
import { type AddressRule, addressRule, rangeRule, subnetRule } from '../streams/address-rules.ts';
import { addressBytes, canonicalAddress, isIPv4 } from '../streams/addresses.ts';

const AF_INET = 2;

/** `internalBinding('block_list')`: socket addresses, and rules over them. */
export const blockList: BindingFactory = (context) => {
  class SocketAddress {
    readonly #address: string;
    readonly #port: number;
    readonly #family: number;
    readonly #flowLabel: number;
    /** Throws ERR_INVALID_ADDRESS. */
    constructor(address: string, port: number, family: number, flowLabel: number) {
      const canonical = canonicalAddress(address);
      if (canonical === undefined || isIPv4(canonical) !== (family === AF_INET)) {
        throw Object.assign(new context.global.Error('Invalid socket address'), { code: 'ERR_INVALID_ADDRESS' });
      }
      this.#address = canonical;
      this.#port = port;
      this.#family = family;
      this.#flowLabel = flowLabel;
    }
    /** The address in its shortest form. */
    static textOf(address: SocketAddress): string {
      return address.#address;
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
    legacyDetail(): Record<string, unknown> {
      return { address: this.#address, family: isIPv4(this.#address) ? 'IPv4' : 'IPv6', port: this.#port };
    }
    flowlabel(): number {
      return this.#flowLabel;
    }
  }

  const { textOf } = SocketAddress;

  class BlockList {
    /** The newest first. */
    readonly #rules: AddressRule[] = [];
    addAddress(address: SocketAddress): void {
      this.#rules.unshift(addressRule(textOf(address)));
    }
    addRange(start: SocketAddress, end: SocketAddress): boolean {
      const rule = rangeRule(textOf(start), textOf(end));
      if (rule !== undefined) this.#rules.unshift(rule);
      return rule !== undefined;
    }
    addSubnet(address: SocketAddress, prefix: number): void {
      this.#rules.unshift(subnetRule(textOf(address), prefix));
    }
    check(address: SocketAddress): boolean {
      const bytes = addressBytes(textOf(address));
      return this.#rules.some((rule) => rule.matches(bytes));
    }
    getRules(): string[] {
      return this.#rules.map(({ text }) => text);
    }
  }

  return { ...context.described('block_list'), SocketAddress, BlockList };
};
