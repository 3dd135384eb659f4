/** The libuv handle of a MessagePort: keeps the loop alive, and delivers what has arrived. */
import type { ProcessCore } from '../core.ts';
import { writeToStderr } from '../failures/fatal.ts';
import { Fifo } from '../fifo.ts';
import { handleClasses, symbolNamed } from '../streams/handle-wrap.ts';
import { type Deserialization, deserialize, type Received } from './deserialize.ts';
import type { Message, PortState, Queued } from './message.ts';
import { PortSchedule } from './port-schedule.ts';

type EmitMessage = (this: unknown, data: unknown, ports: readonly object[], type: string) => void;

/** So many messages are delivered in one go, or as many as lay there, unless that takes long: others have their turn, too. */
const BATCH = 1000;
const BATCH_MS = 20;

export type PortHandle = InstanceType<ReturnType<typeof definePortHandle>>;

export function definePortHandle(core: ProcessCore) {
  const { HandleWrap } = handleClasses(core);
  const { ports: network } = core;
  const schedule = new PortSchedule(core.loop);
  const emitMessage = () => core.perContext.messageport?.emitMessage as EmitMessage;
  let nextSerial = 0;
  let hasToldOfShared = false;

  return class PortHandle extends HandleWrap {
    readonly serial = nextSerial++;
    readonly #port: object;
    readonly #deserialization: Deserialization;
    #state: PortState | null;
    #started = false;
    #isGone = false;
    /** What is left of the messages that are being delivered, when the port was closed meanwhile. */
    #rest = new Fifo<Queued>();
    #batch = 0;
    #delivered = 0;
    #end = 0;

    constructor(port: object, state: PortState, deserialization: Deserialization) {
      super();
      this.#deserialization = deserialization;
      this.#port = port;
      this.#state = state;
      state.onArrival = () => this.#schedule();
      this.activate();
      const symbol = symbolNamed(core, 'handle_onclose');
      Reflect.set(this, symbol, () => {
        const listener: unknown = Reflect.get(port, symbol);
        if (typeof listener === 'function') core.asyncContext.runIn(port, () => listener.call(port));
        this.#isGone = true;
      });
    }

    get isDetached(): boolean {
      return this.#state === null;
    }

    /** Undefined once the port was sent elsewhere, or its close was told. */
    override hasRef(): boolean {
      return this.#isGone ? (undefined as unknown as boolean) : super.hasRef();
    }

    post(message: Message): boolean {
      const state = this.#state;
      if (state === null) return false;
      if (state.sibling && message.ports.includes(state.sibling)) this.#warnOfLoss();
      else network.post(state, message);
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
      const message = this.#state && network.receive(this.#state);
      if (message) return deserialize(this.#deserialization, message).value;
      if (message === null && this.#state) this.close();
      if (message === undefined && this.#state?.queue.head?.shared === null) this.#tellOfShared();
      return nothing;
    }

    /** A thread that waits for them in `Atomics.wait` would wait for ever without a word: at once, as its loop may not turn again. */
    #tellOfShared(): void {
      if (hasToldOfShared || !core.launch.thread) return;
      hasToldOfShared = true;
      writeToStderr(
        core,
        `(node:${core.launch.pid}) Warning: A message with a SharedArrayBuffer or a WebAssembly module has come, and arrives with the next turn of the event loop in this sandbox: a thread that waits with Atomics.wait until receiveMessageOnPort sees it waits for ever. Piscina waits otherwise with PISCINA_DISABLE_ATOMICS=1.\n`,
      );
    }

    /** The port is about to be sent: this object is of no use any more. */
    detach(): PortState | null {
      const state = this.#state;
      if (state === null) return null;
      this.#state = null;
      this.#isGone = true;
      state.onArrival = null;
      super.close();
      return state;
    }

    deliver(): 'nothing' | 'last' | 'more' {
      network.collectDirect();
      const queue = this.#state?.queue ?? this.#rest;
      if (!this.#isReady(queue)) {
        this.#batch = 0;
        return 'nothing';
      }
      if (this.#batch === 0) {
        this.#batch = Math.max(queue.length, BATCH);
        this.#delivered = 0;
        this.#end = core.host.now() + BATCH_MS;
      } else if (++this.#delivered % BATCH === 0 && core.host.now() > this.#end) {
        this.#batch = 1;
      }
      const message = queue.shift();
      if (message === null) this.close();
      if (message) this.#emit(message);
      if (--this.#batch === 0 && this.#isReady(queue)) this.#schedule();
      return this.#batch > 0 ? 'more' : 'last';
    }

    protected override release(): void {
      super.release();
      const state = this.#state;
      this.#state = null;
      if (state === null) return;
      state.onArrival = null;
      if (this.#batch > 0) for (const queued of state.queue.takeAll()) this.#rest.push(queued);
      network.close(state);
    }

    #schedule(): void {
      if (this.#batch === 0 && this.#state && this.#isReady(this.#state.queue)) schedule.add(this);
    }

    /** The close of the other end is noticed without a listener too. */
    #isReady({ head }: Fifo<Queued>): boolean {
      return head === null || (head !== undefined && this.#started && head.shared !== null);
    }

    #emit(message: Message): void {
      core.asyncContext.runIn(this.#port, () => {
        let type = 'message';
        let received: Received;
        try {
          received = deserialize(this.#deserialization, message);
        } catch (error) {
          type = 'messageerror';
          received = { value: error, ports: [] };
        }
        emitMessage().call(this.#port, received.value, received.ports, type);
      });
    }

    #warnOfLoss(): void {
      const { emitWarning } = core.process as { emitWarning: (text: string) => void };
      emitWarning.call(core.process, 'The target port was posted to itself, and the communication channel was lost');
      this.close();
    }
  };
}
