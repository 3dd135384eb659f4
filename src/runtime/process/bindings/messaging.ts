import type { BindingObject } from '../context.ts';
import type { CoreBindingFactory, ProcessCore } from '../core.ts';
import { handleClasses, symbolNamed } from '../streams/handle-wrap.ts';

type RawPort = globalThis.MessagePort;
type PortMessage = { data: unknown; ports: readonly RawPort[] };
type EmitMessage = (this: unknown, data: unknown, ports: readonly object[], type: string) => void;

/** `internalBinding('messaging')`: message channels over the browser's own, and structuredClone. */
export const messaging: CoreBindingFactory = (core) => {
  const ports = definePorts(core);
  const binding: BindingObject = {
    ...core.described('messaging'),
    MessagePort: ports.MessagePort,
    MessageChannel: class MessageChannel {
      readonly port1: object;
      readonly port2: object;
      constructor() {
        const channel = new core.host.MessageChannel();
        this.port1 = ports.over(channel.port1);
        this.port2 = ports.over(channel.port2);
      }
    },
    stopMessagePort: (port: object) => ports.handleOf(port)?.stop(),
    checkMessagePort: (value: object) => ports.handleOf(value) !== undefined,
    drainMessagePort: (port: object) => ports.handleOf(port)?.drain(),
    receiveMessageOnPort: (port: object) => ports.handleOf(port)?.receive(),
    moveMessagePortToContext: (port: unknown) => port,
    setDeserializerCreateObjectFunction: () => undefined,
    exposeLazyDOMExceptionProperty: (target: object) => exposeDOMException(core, target),
    structuredClone(...args: [unknown?, { transfer?: readonly unknown[] }?]) {
      if (args.length === 0) throw missingArgument(core);
      const transfer = (args[1]?.transfer ?? []).map(ports.rawOf);
      try {
        return core.host.structuredClone(args[0], { transfer: transfer as Transferable[] });
      } catch (error) {
        throw asNodeError(core, error);
      }
    },
  };
  Object.defineProperty(binding, 'DOMException', { enumerable: true, get: () => domException(core) });
  return binding;
};

const domException = (core: ProcessCore) => core.perContext.domexception?.DOMException;

function exposeDOMException(core: ProcessCore, target: object): void {
  Object.defineProperty(target, 'DOMException', {
    configurable: true,
    enumerable: false,
    get: () => domException(core),
    set: (value: unknown) =>
      Object.defineProperty(target, 'DOMException', { value, configurable: true, writable: true }),
  });
}

function missingArgument(core: ProcessCore): unknown {
  const { codes } = core.require('internal/errors') as { codes: Record<string, new (text: string) => Error> };
  const MissingArgument = codes.ERR_MISSING_ARGS ?? TypeError;
  return new MissingArgument('The value argument');
}

/** The browser's DOMException as Node's own. */
function asNodeError(core: ProcessCore, error: unknown): unknown {
  const NodeException = domException(core) as (new (message: string, name: string) => Error) | undefined;
  if (NodeException === undefined || !(error instanceof Error) || error.name !== 'DataCloneError') return error;
  return new NodeException(error.message.replace(/^Failed to execute '\w+' on '\w+': /, ''), error.name);
}

/**
 * The class MessagePort. Node's library gives it another prototype after the fact (NodeEventTarget's), so it inherits from
 * nothing, and its state is kept beside it.
 */
function definePorts(core: ProcessCore) {
  const handles = new WeakMap<object, PortHandle>();
  const PortHandle = definePortHandle(core, (raw) => over(raw));
  type PortHandle = InstanceType<typeof PortHandle>;

  class MessagePort {
    constructor() {
      throw new TypeError('Illegal constructor');
    }
    postMessage(value: unknown, options?: readonly unknown[] | { transfer?: readonly unknown[] }): void {
      const list = Array.isArray(options) ? options : ((options as { transfer?: unknown[] })?.transfer ?? []);
      try {
        handles.get(this)?.raw.postMessage(value, list.map(rawOf) as Transferable[]);
      } catch (error) {
        throw asNodeError(core, error);
      }
    }
    start(): void {
      handles.get(this)?.start();
    }
    drain(): void {
      handles.get(this)?.drain();
    }
    close(callback?: unknown): void {
      handles.get(this)?.close(callback);
    }
    ref(): void {
      handles.get(this)?.ref();
    }
    unref(): void {
      handles.get(this)?.unref();
    }
    hasRef(): boolean {
      return handles.get(this)?.hasRef() ?? false;
    }
  }

  function over(raw: RawPort): object {
    const port: object = Object.create(MessagePort.prototype);
    handles.set(port, new PortHandle(port, raw));
    const initialize: unknown = Reflect.get(port, symbolNamed(core, 'oninit'));
    if (typeof initialize === 'function') initialize.call(port);
    return port;
  }

  const handleOf = (value: unknown) => (typeof value === 'object' && value !== null ? handles.get(value) : undefined);
  const rawOf = (item: unknown) => handleOf(item)?.raw ?? item;
  return { MessagePort, over, handleOf, rawOf };
}

function definePortHandle(core: ProcessCore, wrap: (raw: RawPort) => object) {
  const { HandleWrap } = handleClasses(core);

  return class PortHandle extends HandleWrap {
    readonly raw: RawPort;
    readonly #port: object;
    readonly #queue: PortMessage[] = [];
    #started = false;

    constructor(port: object, raw: RawPort) {
      super('MESSAGEPORT');
      this.#port = port;
      this.raw = raw;
      raw.onmessage = (event) => {
        this.#queue.push({ data: event.data, ports: event.ports });
        this.#schedule();
      };
      // The other end was closed.
      (raw as RawPort & { onclose: (() => void) | null }).onclose = () => core.loop.enqueue(() => this.close());
      const symbol = symbolNamed(core, 'handle_onclose');
      Reflect.set(this, symbol, () => {
        const listener: unknown = Reflect.get(port, symbol);
        if (typeof listener === 'function') listener.call(port);
      });
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
      this.raw.close();
    }

    #schedule(): void {
      if (!this.#started || this.#queue.length === 0) return;
      core.loop.enqueue(() => {
        const message = this.#started ? this.#queue.shift() : undefined;
        if (message === undefined) return;
        this.#schedule();
        this.#emit(message);
      });
    }

    #emit({ data, ports }: PortMessage): void {
      const emit = core.perContext.messageport?.emitMessage as EmitMessage;
      core.asyncContext.runIn(this, () => emit.call(this.#port, data, ports.map(wrap), 'message'));
    }
  };
}
