/**
 * The state of promises, for `util.inspect`: JavaScript cannot ask for it, so it is remembered for promises whose outcome
 * passes through `Promise.resolve` and `Promise.reject`. All others count as pending.
 */
type Details = [state: number, result?: unknown];

/** Starts to remember, and tells `onCreate` of each promise that is made so; returns the function that tells state and result. */
export function installPromiseTracking(
  constants: Readonly<Record<string, number>>,
  onCreate: (promise: object) => void,
): (promise: object) => Details {
  const settled = new WeakMap<object, Details>();
  const { kPending = 0, kFulfilled = 1, kRejected = 2 } = constants;
  const wrap = (name: 'resolve' | 'reject', record: (promise: object, value: unknown) => void) => {
    const original = Promise[name] as (this: unknown, value: unknown) => object;
    const replacement = {
      [name](this: unknown, value: unknown) {
        const promise = original.call(this, value);
        if (promise !== value) {
          onCreate(promise);
          record(promise, value);
        }
        return promise;
      },
    }[name];
    Object.defineProperty(Promise, name, { value: replacement, configurable: true, writable: true, enumerable: false });
  };
  wrap('reject', (promise, reason) => settled.set(promise, [kRejected, reason]));
  wrap('resolve', (promise, value) => {
    // A thenable's outcome is not known yet.
    if (value === null || (typeof value !== 'object' && typeof value !== 'function')) {
      settled.set(promise, [kFulfilled, value]);
    }
  });
  return (promise) => settled.get(promise) ?? [kPending, undefined];
}
