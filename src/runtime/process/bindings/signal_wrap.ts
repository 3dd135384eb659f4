import type { BindingFactory } from '../context.ts';
import { errnoOfError, guestMethod, handleClasses } from '../streams/handle-wrap.ts';
import { listenToSignal, unlistenToSignal } from '../system-calls/kernel-events.ts';

/** SIGKILL and SIGSTOP: nobody handles them. */
const UNHANDLED: ReadonlySet<number> = new Set([9, 19]);

/** `internalBinding('signal_wrap')`: signals that the process handles itself. */
export const signalWrap: BindingFactory = (context) => {
  const { HandleWrap } = handleClasses(context);

  class Signal extends HandleWrap {
    #signal: number | null = null;
    readonly #deliver = (signal: number): void =>
      context.loop.enqueue(() => {
        if (this.#signal !== signal) return;
        context.asyncContext.runIn(this, () => guestMethod(this, 'onsignal')?.(signal));
      });

    constructor() {
      super('SIGNALWRAP');
    }
    start(signal: number): number {
      if (UNHANDLED.has(signal)) return context.errnoOf('EINVAL');
      this.stop();
      try {
        listenToSignal(context, signal, this.#deliver);
      } catch (error) {
        return errnoOfError(context, error);
      }
      this.#signal = signal;
      this.activate();
      return 0;
    }
    stop(): number {
      this.deactivate();
      if (this.#signal !== null) unlistenToSignal(context, this.#signal, this.#deliver);
      this.#signal = null;
      return 0;
    }
    protected override release(): void {
      this.stop();
    }
  }

  return { ...context.described('signal_wrap'), Signal };
};
