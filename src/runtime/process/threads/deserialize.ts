/** From a message to the value it carries. */
import type { ProcessCore } from '../core.ts';
import { chargeArrived } from '../engine/buffer-charges.ts';
import { ValueReader } from '../serdes/value-reader.ts';
import { symbolNamed } from '../streams/handle-wrap.ts';
import type { Message, PortState } from './message.ts';

export interface Deserialization {
  core: ProcessCore;
  /** An object for a port that arrived. */
  portObject(port: PortState): object;
  /** Makes an object of a class of Node's library, from its place. */
  createObject: ((info: string) => object) | null;
  /** Messages to a port of another context cannot carry objects of Node's library. */
  isForeign?: boolean;
}

export interface Received {
  value: unknown;
  ports: object[];
}

/** Throws what the deserializers of host objects throw. The message must have its shared objects. */
export function deserialize(context: Deserialization, message: Message): Received {
  if (context.isForeign && message.hosts.some((info) => info !== 'port')) throw contextUnavailable();
  const ports = message.ports.map((port) => context.portObject(port));
  const hosts = new HostObjects(context, message.hosts, ports);
  const reader = new ValueReader(message.data, context.core.global, () => hosts.read(reader));
  reader.shared = message.shared ?? [];
  for (const [id, buffer] of message.buffers.entries()) {
    chargeArrived(buffer);
    reader.transfer(id, buffer);
  }
  const value = reader.read();
  hosts.readContents(reader);
  return { value, ports };
}

function contextUnavailable(): Error {
  const error = new Error('A message object could not be deserialized successfully in the target vm.Context');
  return Object.assign(error, { code: 'ERR_MESSAGE_TARGET_CONTEXT_UNAVAILABLE' });
}

const LIBRARY = 'library:';
const NATIVE = 'native:';

class HostObjects {
  readonly #context: Deserialization;
  readonly #infos: readonly string[];
  readonly #objects: (object | undefined)[] = [];

  constructor(context: Deserialization, infos: readonly string[], ports: readonly object[]) {
    this.#context = context;
    this.#infos = infos;
    let nextPort = 0;
    for (const [index, info] of infos.entries()) {
      if (info === 'port') this.#objects[index] = ports[nextPort++];
      else if (info.startsWith(LIBRARY)) this.#objects[index] = context.createObject?.(info.slice(LIBRARY.length));
    }
  }

  /** The object that is mentioned here; the content of a binding's object follows its first mention. */
  read(reader: ValueReader): object | undefined {
    const index = reader.varint();
    const info = this.#infos[index] ?? '';
    if (this.#objects[index] === undefined && info.startsWith(NATIVE)) {
      const name = info.slice(NATIVE.length);
      const native = this.#context.core.nativeCloneables.named(name);
      if (!native) throw new Error(`No class ${name} for an object in a message`);
      this.#objects[index] = native.revive(reader.read());
    }
    return this.#objects[index];
  }

  /** Reads the content of each object of Node's library, in order. */
  readContents(reader: ValueReader): void {
    const symbol = symbolNamed(this.#context.core, 'messaging_deserialize_symbol');
    for (const [index, info] of this.#infos.entries()) {
      const object = this.#objects[index];
      if (!info.startsWith(LIBRARY) || object === undefined) continue;
      const data = reader.read();
      const restore: unknown = Reflect.get(object, symbol);
      if (typeof restore === 'function') restore.call(object, data);
    }
  }
}
