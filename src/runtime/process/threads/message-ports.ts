/** The class MessagePort of a process, over the ends of channels (`message.ts`). */
import type { ProcessCore } from '../core.ts';
import { handleClasses, symbolNamed } from '../streams/handle-wrap.ts';
import { type Deserialization, deserialize } from './deserialize.ts';
import type { Message, PortState } from './message.ts';
import { type Serialization, serialize } from './serialize.ts';

type EmitMessage = (this: unknown, data: unknown, ports: readonly object[], type: string) => void;

export interface PortErrors {
  /** Throws a DataCloneError. */
  refuse(message: string): never;
  /** An error of Node's, by its code. */
  error(code: string, message: string): unknown;
}

export type MessagePorts = ReturnType<typeof defineMessagePorts>;

/**
 * Node's library gives the class another prototype after the fact (NodeEventTarget's), so it inherits from nothing, and the
 * state of each object is kept beside it.
 */
export function defineMessagePorts(core: ProcessCore, errors: PortErrors) {
  const handles = new WeakMap<object, PortHandle>();
  const PortHandle = definePortHandle(core);
  type PortHandle = InstanceType<typeof PortHandle>;
  const handleOf = (value: unknown) => (typeof value === 'object' && value !== null ? handles.get(value) : undefined);

  class MessagePort {
    constructor() {
      throw errors.error('ERR_CONSTRUCT_CALL_INVALID', 'Constructor cannot be called');
    }
    postMessage(...args: [value?: unknown, options?: unknown]): boolean | undefined {
      if (args.length === 0) {
        throw errors.error('ERR_MISSING_ARGS', 'Not enough arguments to MessagePort.postMessage');
      }
      const transfer = transferListOf(errors, args[1]);
      const handle = handleOf(this);
      const message = serialize(serialization, args[0], { transfer, source: this });
      if (handle === undefined || handle.isDetached) return undefined;
      return handle.post(message);
    }
    start(): void {
      handleOf(this)?.start();
    }
    drain(): void {
      handleOf(this)?.drain();
    }
    close(): void {
      handleOf(this)?.close();
    }
    ref(): void {
      handleOf(this)?.ref();
    }
    unref(): void {
      handleOf(this)?.unref();
    }
    hasRef(): boolean | undefined {
      const handle = handleOf(this);
      return handle === undefined || handle.isDetached ? undefined : handle.hasRef();
    }
  }

  function over(state: PortState): object {
    const port: object = Object.create(MessagePort.prototype);
    handles.set(port, new PortHandle(port, state, deserialization));
    const initialize: unknown = Reflect.get(port, symbolNamed(core, 'oninit'));
    if (typeof initialize === 'function') initialize.call(port);
    return port;
  }

  const deserialization: Deserialization = { core, portObject: over, createObject: null };
  const serialization: Serialization = {
    core,
    refuse: errors.refuse,
    ports: {
      isPort: (value) => handles.has(value),
      isDetached: (port) => handleOf(port)?.isDetached ?? true,
      detach: (port) => handleOf(port)?.detach() ?? null,
    },
  };
  return { MessagePort, over, handleOf, serialization, deserialization };
}

function transferListOf(errors: PortErrors, options: unknown): unknown[] {
  if (options === undefined || options === null) return [];
  if (typeof options !== 'object') {
    throw errors.error('ERR_INVALID_ARG_TYPE', 'Optional transferList argument must be an iterable');
  }
  if (isIterable(options)) return [...options];
  const { transfer } = options as { transfer?: unknown };
  if (transfer === undefined || transfer === null) return [];
  if (isIterable(transfer)) return [...transfer];
  throw errors.error('ERR_INVALID_ARG_TYPE', 'Optional options.transfer argument must be an iterable');
}

const isIterable = (value: unknown): value is Iterable<unknown> =>
  typeof value === 'object' && value !== null && typeof Reflect.get(value, Symbol.iterator) === 'function';

function definePortHandle(core: ProcessCore) {
  const { HandleWrap } = handleClasses(core);
  const { ports: network } = core;

  return class PortHandle extends HandleWrap {
    readonly #port: object;
    readonly #deserialization: Deserialization;
    #state: PortState | null;
    #started = false;
    #scheduled = false;

    constructor(port: object, state: PortState, deserialization: Deserialization) {
      super('MESSAGEPORT');
      this.#port = port;
      this.#state = state;
      this.#deserialization = deserialization;
      state.onArrival = () => this.#schedule();
      this.activate();
      const symbol = symbolNamed(core, 'handle_onclose');
      Reflect.set(this, symbol, () => {
        const listener: unknown = Reflect.get(port, symbol);
        if (typeof listener === 'function') listener.call(port);
      });
      if (state.queue.length > 0) this.#schedule();
    }

    get isDetached(): boolean {
      return this.#state === null;
    }

    post(message: Message): boolean {
      const state = this.#state;
      if (state === null) return false;
      if (state.sibling && message.ports.includes(state.sibling)) {
        this.#warnOfLoss();
        return true;
      }
      network.post(state, message);
      return true;
    }

    start(): void {
      if (this.isDetached) return;
      this.#started = true;
      network.collect();
      this.#schedule();
    }

    stop(): void {
      this.#started = false;
    }

    /** Delivers what has arrived, at once. */
    drain(): void {
      for (;;) {
        const message = this.#state && network.receive(this.#state);
        if (!message) return;
        this.#emit(message);
      }
    }

    /** The next message's value. */
    receive(): unknown {
      const nothing = symbolNamed(core, 'no_message_symbol');
      if (this.#state === null) return nothing;
      const message = network.receive(this.#state);
      if (message === undefined) return nothing;
      if (message === null) {
        this.close();
        return nothing;
      }
      return deserialize(this.#deserialization, message).value;
    }

    /** The port is about to be sent: this object is of no use any more. */
    detach(): PortState | null {
      const state = this.#state;
      if (state === null) return null;
      this.#state = null;
      state.onArrival = null;
      super.close();
      return state;
    }

    protected override release(): void {
      super.release();
      const state = this.#state;
      this.#state = null;
      if (state === null) return;
      state.onArrival = null;
      network.close(state);
    }

    #schedule(): void {
      if (this.#scheduled || !this.#isReady()) return;
      this.#scheduled = true;
      core.loop.enqueue(() => {
        this.#scheduled = false;
        this.#deliver();
      });
    }

    /** The close of the other end is noticed without a listener too. */
    #isReady(): boolean {
      const head = this.#state?.queue[0];
      return head === null || (head !== undefined && this.#started && head.shared !== null);
    }

    #deliver(): void {
      if (this.#state === null || !this.#isReady()) return;
      const message = this.#state.queue.shift();
      if (message === null) this.close();
      if (!message) return;
      this.#schedule();
      this.#emit(message);
    }

    #emit(message: Message): void {
      const emit = core.perContext.messageport?.emitMessage as EmitMessage;
      core.asyncContext.runIn(this, () => {
        let type = 'message';
        let received: { value: unknown; ports: object[] };
        try {
          received = deserialize(this.#deserialization, message);
        } catch (error) {
          type = 'messageerror';
          received = { value: error, ports: [] };
        }
        emit.call(this.#port, received.value, received.ports, type);
      });
    }

    #warnOfLoss(): void {
      const { emitWarning } = core.process as { emitWarning: (text: string) => void };
      emitWarning.call(core.process, 'The target port was posted to itself, and the communication channel was lost');
      this.close();
    }
  };
}
