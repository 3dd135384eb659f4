import type { CoreBindingFactory } from '../core.ts';
import { type AddressRule, addressRule, rangeRule, subnetRule } from '../streams/address-rules.ts';
import { addressBytes, canonicalAddress, isIPv4 } from '../streams/addresses.ts';

const AF_INET = 2;

type SocketAddressContent = [address: string, port: number, family: number, flowLabel: number];
/** What a rule is made of: an address, the two ends of a range, or a network and the length of its prefix. */
type RuleContent = [address: string] | [start: string, end: string] | [network: string, prefix: number];
type BlockListContent = [id: string, rules: RuleContent[]];

/** `internalBinding('block_list')`: socket addresses, and rules over them. */
export const blockList: CoreBindingFactory = (context) => {
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
    static contentOf(address: SocketAddress): SocketAddressContent {
      return [address.#address, address.#port, address.#family, address.#flowLabel];
    }
  }

  const { textOf } = SocketAddress;

  class BlockList {
    /** The newest first. */
    readonly #rules: { rule: AddressRule; content: RuleContent }[] = [];
    addAddress(address: SocketAddress): void {
      this.#add([textOf(address)]);
    }
    addRange(start: SocketAddress, end: SocketAddress): boolean {
      return this.#add([textOf(start), textOf(end)]);
    }
    addSubnet(address: SocketAddress, prefix: number): void {
      this.#add([textOf(address), prefix]);
    }
    check(address: SocketAddress): boolean {
      const bytes = addressBytes(textOf(address));
      return this.#rules.some(({ rule }) => rule.matches(bytes));
    }
    getRules(): string[] {
      return this.#rules.map(({ rule }) => rule.text);
    }
    /** False for a range that ends before it starts. */
    #add(content: RuleContent): boolean {
      const rule = ruleOf(content);
      if (rule !== undefined) this.#rules.unshift({ rule, content });
      return rule !== undefined;
    }
    static contentOf(list: BlockList): RuleContent[] {
      return list.#rules.map(({ content }) => content);
    }
    static from(rules: readonly RuleContent[]): BlockList {
      const list = new BlockList();
      for (const content of rules.toReversed()) list.#add(content);
      return list;
    }
  }

  context.nativeCloneables.register(SocketAddress, {
    name: 'SocketAddress',
    isCloneable: true,
    contentOf: (address) => SocketAddress.contentOf(address as SocketAddress),
    revive: (content) => new SocketAddress(...(content as SocketAddressContent)),
  });

  // A list that comes back to its own thread is the same list; another thread has a copy.
  const sent = new Map<string, WeakRef<BlockList>>();
  const ids = new WeakMap<object, string>();
  const idOf = (list: BlockList): string => {
    const id = ids.get(list) ?? `${context.launch.thread?.id ?? 0}:${sent.size}`;
    ids.set(list, id);
    sent.set(id, new WeakRef(list));
    return id;
  };
  context.nativeCloneables.register(BlockList, {
    name: 'BlockList',
    isCloneable: true,
    contentOf: (list): BlockListContent => [idOf(list as BlockList), BlockList.contentOf(list as BlockList)],
    revive(content) {
      const [id, rules] = content as BlockListContent;
      return sent.get(id)?.deref() ?? BlockList.from(rules);
    },
  });

  return { ...context.described('block_list'), SocketAddress, BlockList };
};

function ruleOf([address, other]: RuleContent): AddressRule | undefined {
  if (other === undefined) return addressRule(address);
  return typeof other === 'number' ? subnetRule(address, other) : rangeRule(address, other);
}
