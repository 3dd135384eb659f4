/** From a value to a message. The order of checks and the texts of errors are those of Node's `Message::Serialize`. */

import type { ProcessCore } from '../core.ts';
import { isObject } from '../engine/is-object.ts';
import { type ByteWriter, writeBytes } from '../serdes/byte-writer.ts';
import { ValueWriter } from '../serdes/value-writer.ts';
import { symbolNamed } from '../streams/handle-wrap.ts';
import type { Message, PortState } from './message.ts';

/** What the serializer asks of the class MessagePort. */
export interface PortClass {
  isPort(value: object): boolean;
  /** Takes the port out of its object; null when that was done before. */
  detach(port: object): PortState | null;
  isDetached(port: object): boolean;
}

/** Bits of `transfer_mode_private_symbol`. */
const TRANSFERABLE = 1;
const CLONEABLE = 2;

const TEXT = {
  invalid: 'Found invalid value in transferList.',
  unsupportedTransfer: 'Cannot transfer object of unsupported type.',
  unsupportedClone: 'Cannot clone object of unsupported type.',
  notListed: 'Object that needs transfer was found in message but not listed in transferList',
};

export interface Serialization {
  core: ProcessCore;
  ports: PortClass;
  /** Throws a DataCloneError. */
  refuse(message: string): never;
}

/** Throws a DataCloneError when the value cannot be sent; then nothing was transferred. `source` is the port that sends it. */
export function serialize(
  context: Serialization,
  value: unknown,
  { transfer, source }: { transfer: readonly unknown[]; source?: object },
): Message {
  const list = new TransferList(context, source);
  for (const item of transfer) list.add(item);
  list.addNested();
  const shared: unknown[] = [];
  let rest: Pick<Message, 'buffers' | 'hosts' | 'ports'> = { buffers: [], hosts: [], ports: [] };
  const data = writeBytes((out) => {
    const writer = new ValueWriter(out, {
      viewsAreHostObjects: false,
      isHostObject: (object) => list.isHost(object),
      isProxy: (object) => context.core.proxies.has(object),
      writeHostObject: (object) => list.write(object, out, writer),
      share(object) {
        const known = shared.indexOf(object);
        return known >= 0 ? known : shared.push(object) - 1;
      },
      refuse: context.refuse,
    });
    for (const [id, buffer] of list.buffers.entries()) writer.transfer(id, buffer);
    writer.write(value);
    rest = { buffers: list.detachBuffers(), ...list.finish(writer) };
  });
  return { number: 0, data, ...rest, shared };
}

class TransferList {
  readonly buffers: ArrayBuffer[] = [];
  readonly #context: Serialization;
  readonly #source: object | undefined;
  readonly #hosts: object[] = [];
  readonly #written = new Set<number>();
  /** So many of the hosts are transferred, the others cloned. */
  #transferred = 0;

  constructor(context: Serialization, source: object | undefined) {
    this.#context = context;
    this.#source = source;
  }

  add(item: unknown): void {
    const { refuse } = this.#context;
    if (!isObject(item)) refuse(TEXT.invalid);
    else if (this.#marked(item)) refuse(TEXT.unsupportedTransfer);
    else if (item instanceof ArrayBuffer) this.#addBuffer(item);
    else this.#addHost(item);
  }

  /** What the hosts that are transferred need to have transferred with them. */
  addNested(): void {
    for (const host of this.#hosts) {
      const nested = this.#method(host, 'messaging_transfer_list_symbol');
      if (!nested) continue;
      for (const item of nested() as unknown[]) {
        if (item instanceof ArrayBuffer) {
          if (!this.buffers.includes(item)) this.#addBuffer(item);
        } else if (isObject(item) && !this.#hosts.includes(item)) this.#hosts.push(item);
      }
    }
    this.#transferred = this.#hosts.length;
  }

  isHost(object: object): boolean {
    return this.#kindOf(object) !== null;
  }

  /** The host's number; the content of a binding's object follows its first mention. */
  write(object: object, out: ByteWriter, writer: ValueWriter): void {
    const number = this.#numberOf(object);
    out.varint(number);
    const native = this.#context.core.nativeCloneables.of(object);
    if (native && !this.#written.has(number)) writer.write(native.contentOf(object));
    this.#written.add(number);
  }

  /** Buffers that cannot be detached (a WebAssembly memory's) are refused. */
  detachBuffers(): ArrayBuffer[] {
    return this.buffers.map((buffer) => {
      try {
        return buffer.transfer();
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        return this.#context.refuse(TEXT.unsupportedTransfer);
      }
    });
  }

  #numberOf(object: object): number {
    const known = this.#hosts.indexOf(object);
    if (known >= 0) return known;
    const mode = this.#modeOf(object);
    if (mode & CLONEABLE) return this.#hosts.push(object) - 1;
    return this.#context.refuse(mode & TRANSFERABLE ? TEXT.notListed : TEXT.unsupportedClone);
  }

  /** Writes the data of each host; more may be found on the way. */
  finish(writer: ValueWriter): Pick<Message, 'hosts' | 'ports'> {
    const hosts: string[] = [];
    const ports: PortState[] = [];
    for (let index = 0; index < this.#hosts.length; index++) {
      const host = this.#hosts[index] as object;
      const port = this.#context.ports.isPort(host) ? this.#context.ports.detach(host) : null;
      if (port) {
        hosts.push('port');
        ports.push(port);
        continue;
      }
      const isTransferred = index < this.#transferred;
      const native = this.#context.core.nativeCloneables.of(host);
      if (native) {
        if (isTransferred) native.detach?.(host);
        hosts.push(`native:${native.name}`);
        continue;
      }
      const { data, deserializeInfo } = this.#contentOf(host, isTransferred);
      hosts.push(`library:${deserializeInfo}`);
      writer.write(data);
    }
    return { hosts, ports };
  }

  #contentOf(host: object, isTransferred: boolean): { deserializeInfo: string; data: unknown } {
    const symbol = isTransferred ? 'messaging_transfer_symbol' : 'messaging_clone_symbol';
    const take = this.#method(host, symbol) ?? this.#method(host, 'messaging_clone_symbol');
    const taken = take?.();
    if (!isObject(taken)) return this.#context.refuse(TEXT.unsupportedClone);
    const { data, deserializeInfo } = taken as { data: unknown; deserializeInfo: unknown };
    return { deserializeInfo: String(deserializeInfo), data };
  }

  #addBuffer(buffer: ArrayBuffer): void {
    const { refuse } = this.#context;
    if (buffer.detached) refuse(TEXT.unsupportedTransfer);
    if (this.buffers.includes(buffer)) refuse('Transfer list contains duplicate ArrayBuffer');
    this.buffers.push(buffer);
  }

  #addHost(item: object): void {
    const { refuse, ports } = this.#context;
    const kind = this.#kindOf(item);
    if (kind === null || !(this.#modeOf(item) & TRANSFERABLE)) refuse(TEXT.invalid);
    if (item === this.#source) refuse('Transfer list contains source port');
    if (this.#hosts.includes(item)) refuse(`Transfer list contains duplicate ${kind}`);
    if (ports.isPort(item) && ports.isDetached(item)) refuse('MessagePort in transfer list is already detached');
    this.#hosts.push(item);
  }

  #marked(object: object): boolean {
    return this.#private(object, 'untransferable_object_private_symbol') !== undefined;
  }

  #kindOf(object: object): string | null {
    if (this.#context.ports.isPort(object)) return 'MessagePort';
    const native = this.#context.core.nativeCloneables.of(object);
    if (native) return native.name;
    return this.#private(object, 'transfer_mode_private_symbol') === undefined ? null : object.constructor.name;
  }

  #modeOf(object: object): number {
    if (this.#context.ports.isPort(object)) return TRANSFERABLE;
    const native = this.#context.core.nativeCloneables.of(object);
    if (native) return (native.detach ? TRANSFERABLE : 0) | (native.isCloneable ? CLONEABLE : 0);
    return Number(this.#private(object, 'transfer_mode_private_symbol') ?? 0);
  }

  #private(object: object, name: string): unknown {
    const symbol = this.#context.core.privateSymbols[name];
    return symbol === undefined ? undefined : Reflect.get(object, symbol);
  }

  #method(object: object, name: string): (() => unknown) | undefined {
    const method: unknown = Reflect.get(object, symbolNamed(this.#context.core, name));
    return typeof method === 'function' ? () => method.call(object) as unknown : undefined;
  }
}
