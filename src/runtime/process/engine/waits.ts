import { noteFunctionText } from './function-texts.ts';

/**
 * Calls `before` whenever a program is about to block its thread in `Atomics.wait`: programs sleep so, while native Node's other threads go
 * on. Must run before Node's primordials copy the function.
 */
export function callBeforeWaits(atomics: typeof Atomics, before: () => void): void {
  const { wait } = atomics;
  const { apply } = Reflect;
  const own = {
    wait(...args: [typedArray: unknown, index: unknown, value: unknown, timeout?: unknown]): unknown {
      before();
      return apply(wait, atomics, args);
    },
  };
  noteFunctionText(own.wait, 'function wait() { [native code] }');
  Object.defineProperty(own.wait, 'length', { value: wait.length, configurable: true });
  Object.defineProperty(atomics, 'wait', { value: own.wait, configurable: true, enumerable: false, writable: true });
}
