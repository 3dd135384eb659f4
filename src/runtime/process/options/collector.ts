/** `gc`: which global objects have it, and what it does. */
import type { ProcessContext } from '../context.ts';

const exposed = new WeakSet<ProcessContext>();

/** Whether the global objects of contexts that are made now have it. */
export const exposesGc = (context: ProcessContext): boolean => exposed.has(context);

export function exposeGc(context: ProcessContext, exposes: boolean): void {
  if (exposes) exposed.add(context);
  else exposed.delete(context);
}

/** Takes from flags of V8, each behind the other, what they say of it: what they say of anything else has no effect. */
export function readFlags(context: ProcessContext, flags: string): void {
  for (const flag of flags.split(/\s+/)) {
    const match = /^--?(no[-_]?)?expose[-_]gc$/.exec(flag);
    if (match) exposeGc(context, match[1] === undefined);
  }
}

export function defineGc(global: object): void {
  Object.defineProperty(global, 'gc', { value: createGc(), writable: true, configurable: false, enumerable: true });
}

/** A browser has no call for it, but its collector runs when so much memory outside of the heap is asked for. */
const PRESSURE = { rounds: 2, buffers: 2, bytes: 2 ** 28 } as const;

/** Each global object has its own. */
const createGc = (): unknown =>
  // The name is what a minifier leaves alone.
  ({
    ['gc'](options?: { execution?: unknown }): Promise<void> | undefined {
      for (let round = 0; round < PRESSURE.rounds; round++) {
        const buffers: ArrayBuffer[] = [];
        try {
          while (buffers.length < PRESSURE.buffers) buffers.push(new ArrayBuffer(PRESSURE.bytes));
        } catch (error) {
          // There is no more room: then the collector has run.
          if (!(error instanceof RangeError)) throw error;
        }
      }
      return options?.execution === 'async' ? Promise.resolve() : undefined;
    },
  }).gc;
