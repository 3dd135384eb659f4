import type { BindingObject } from '../context.ts';
import type { CoreBindingFactory, ProcessCore } from '../core.ts';
import { handleClasses, symbolNamed } from '../streams/handle-wrap.ts';

type PortMessage = { data: unknown; ports: readonly MessagePort[] };
type EmitMessage = (this: unknown, data: unknown, ports: readonly object[], type: string) => void;

/** `internalBinding('messaging')`: message channels over the browser's own, and structuredClone. */
export const messaging: CoreBindingFactory = (core) => {
  const NodeMessagePort = definePort(core);
  const binding: BindingObject = {
    ...core.described('messaging'),
    MessagePort: NodeMessagePort,
    MessageChannel: class MessageChannel {
      readonly port1: object;
      readonly port2: object;
      constructor() {
        const channel = new core.host.MessageChannel();
        this.port1 = NodeMessagePort.over(channel.port1);
        this.port2 = NodeMessagePort.over(channel.port2);
      }
    },
    stopMessagePort: (port: InstanceType<typeof NodeMessagePort>) => port.stop(),
    checkMessagePort: (value: unknown) => value instanceof NodeMessagePort,
    drainMessagePort: (port: InstanceType<typeof NodeMessagePort>) => port.drain(),
    receiveMessageOnPort: (port: InstanceType<typeof NodeMessagePort>) => port.receive(),
    moveMessagePortToContext: (port: unknown) => port,
    setDeserializerCreateObjectFunction: () => undefined,
    exposeLazyDOMExceptionProperty(target: object) {
      Object.defineProperty(target, 'DOMException', {
        configurable: true,
        enumerable: false,
        get: () => domException(core),
        set: (value: unknown) =>
          Object.defineProperty(target, 'DOMException', { value, configurable: true, writable: true }),
      });
    },
    structuredClone(...args: [unknown?, { transfer?: readonly unknown[] }?]) {
      if (args.length === 0) throw missingArgument(core);
      return clone(core, args[0], args[1]?.transfer);
    },
  };
  Object.defineProperty(binding, 'DOMException', { enumerable: true, get: () => domException(core) });
  return binding;
};

const domException = (core: ProcessCore) => core.perContext['domexception']?.['DOMException'];

function missingArgument(core: ProcessCore): unknown {
  const { codes } = core.require('internal/errors') as { codes: Record<string, new (text: string) => Error> };
  const MissingArgument = codes['ERR_MISSING_ARGS'] ?? TypeError;
  return new MissingArgument('The value argument');
}

function clone(core: ProcessCore, value: unknown, transfer: readonly unknown[] = []): unknown {
  try {
    return core.host.structuredClone(value, { transfer: transfer as Transferable[] });
  } catch (error) {
    throw asNodeError(core, error);
  }
}

/** The browser's DOMException as Node's own. */
function asNodeError(core: ProcessCore, error: unknown): unknown {
  const NodeException = domException(core) as (new (message: string, name: string) => Error) | undefined;
  if (NodeException === undefined || !(error instanceof Error) || error.name !== 'DataCloneError') return error;
  return new NodeException(error.message.replace(/^Failed to execute '\w+' on '\w+': /, ''), error.name);
}

function definePort(core: ProcessCore) {
  const { HandleWrap } = handleClasses(core);
  let constructing = false;

  class MessagePort extends HandleWrap {
    #raw: globalThis.MessagePort | null = null;
    readonly #queue: PortMessage[] = [];
    #started = false;

    constructor() {
      if (!constructing) throw new TypeError('Illegal constructor');
      super('MESSAGEPORT');
    }

    static over(raw: globalThis.MessagePort): MessagePort {
      constructing = true;
      const port = new MessagePort();
      constructing = false;
      port.#raw = raw;
      const initialize = (port as unknown as Record<symbol, unknown>)[symbolNamed(core, 'oninit')];
      if (typeof initialize === 'function') initialize.call(port);
      raw.onmessage = (event) => port.#arrive({ data: event.data, ports: event.ports });
      return port;
    }

    postMessage(value: unknown, options?: readonly unknown[] | { transfer?: readonly unknown[] }): void {
      const list = Array.isArray(options) ? options : ((options as { transfer?: unknown[] })?.transfer ?? []);
      const transfer = list.map((item: unknown) => (item instanceof MessagePort ? item.#raw : item));
      try {
        this.#raw?.postMessage(value, transfer as Transferable[]);
      } catch (error) {
        throw asNodeError(core, error);
      }
    }

    start(): void {
      this.#started = true;
      this.activate();
      this.#schedule();
    }

    stop(): void {
      this.#started = false;
      this.deactivate();
    }

    /** Delivers what has arrived, at once. */
    drain(): void {
      for (let message = this.#queue.shift(); message !== undefined; message = this.#queue.shift()) {
        this.#emit(message);
      }
    }

    receive(): unknown {
      const message = this.#queue.shift();
      return message === undefined ? symbolNamed(core, 'no_message_symbol') : message.data;
    }

    protected override release(): void {
      super.release();
      this.#raw?.close();
    }

    #arrive(message: PortMessage): void {
      this.#queue.push(message);
      this.#schedule();
    }

    #schedule(): void {
      if (!this.#started || this.#queue.length === 0) return;
      core.loop.enqueue(() => {
        const message = this.#started ? this.#queue.shift() : undefined;
        if (message === undefined) return;
        this.#emit(message);
        this.#schedule();
      });
    }

    #emit({ data, ports }: PortMessage): void {
      const emit = core.perContext['messageport']?.['emitMessage'] as EmitMessage;
      core.asyncContext.runIn(this, () => emit.call(this, data, ports.map(MessagePort.over), 'message'));
    }
  }
  return MessagePort;
}
