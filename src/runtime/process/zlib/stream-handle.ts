/** The handle behind every stream of `zlib`: runs a codec at once, or in a later turn. */
import type { ProcessContext } from '../context.ts';
import { guestMethod, handleClasses } from '../streams/handle-wrap.ts';
import { bytesOf } from '../streams/text.ts';
import type { Codec, Failure, Step } from './codec.ts';

/** (flush, input, its offset and length, output, its offset and length): one step's arguments, as the library passes them. */
type WriteArguments = [
  flush: number,
  input: unknown,
  inputOffset: number,
  inputLength: number,
  output: unknown,
  outputOffset: number,
  outputLength: number,
];

/** What `init` of a subclass hands over: the codec, and the library's array and callback for what a step left over. */
export interface Opened {
  codec: Codec;
  state: unknown;
  processed: unknown;
}

export function defineStreamHandle(context: ProcessContext) {
  const { loop, asyncContext } = context;
  return class StreamHandle extends handleClasses(context).AsyncWrap {
    #codec: Codec | null = null;
    #state: Uint32Array = new Uint32Array(2);
    #processed: unknown = null;
    #writing = false;
    #closePending = false;
    #closed = false;

    protected open({ codec, state, processed }: Opened): void {
      this.#codec = codec;
      this.#state = state as Uint32Array;
      this.#processed = processed;
    }

    /** Calls the library's callback in a later turn. */
    write(...args: WriteArguments): void {
      this.#writing = true;
      loop.ref();
      loop.enqueue(() => {
        loop.unref();
        this.#writing = false;
        if (this.#closePending || this.#closed) return this.close();
        const step = this.#step(args);
        asyncContext.runIn(this, () => {
          if (step.failure !== null) return this.#report(step.failure);
          if (typeof this.#processed === 'function') this.#processed.call(this);
        });
        if (this.#closePending) this.close();
      });
    }

    writeSync(...args: WriteArguments): void {
      const { failure } = this.#step(args);
      if (failure !== null) this.#report(failure);
    }

    params(level: number, strategy: number): void {
      this.#codec?.parameters(level, strategy);
    }

    reset(): void {
      const failure = this.#codec?.reset() ?? null;
      if (failure !== null) this.#report(failure);
    }

    close(): void {
      this.#closePending = this.#writing;
      if (this.#writing) return;
      this.#closed = true;
      this.#codec?.close?.();
      this.#codec = null;
    }

    #step(args: WriteArguments): Step {
      const [flush, input, inputOffset, inputLength, output, outputOffset, outputLength] = args;
      if (this.#codec === null) throw new Error('already finalized');
      const empty = input === null || input === undefined;
      const step = this.#codec.step(flush, {
        input: empty ? new Uint8Array(0) : bytesOf(input).subarray(inputOffset, inputOffset + inputLength),
        output: bytesOf(output).subarray(outputOffset, outputOffset + outputLength) as Uint8Array<ArrayBuffer>,
      });
      if (step.failure === null) {
        this.#state[0] = step.outputLeft;
        this.#state[1] = step.inputLeft;
      }
      return step;
    }

    #report({ message, errno, code }: Failure): void {
      // Node's library makes the error.
      context.makeError(() => guestMethod(this, 'onerror')?.(message, errno, code));
    }
  };
}
