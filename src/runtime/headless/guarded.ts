/** A remote object whose calls fail when it is lost, instead of waiting for ever. */
import type { Remote } from 'comlink';

type Method = (...args: unknown[]) => Promise<unknown>;

/** `lost` gives the reason. Only calls of methods pass: properties of the remote object are none that anybody reads. */
export function guarded<T>(remote: Remote<T>, lost: Promise<string>): Remote<T> {
  const waiting = new Set<(error: Error) => void>();
  let loss: Error | null = null;
  void lost.then((reason) => {
    loss = new Error(reason);
    for (const reject of waiting) reject(loss);
    waiting.clear();
  });
  // Not a race with `lost`: that would keep every call for as long as the sandbox lives.
  const call = (method: Method, args: unknown[]) =>
    new Promise<unknown>((resolve, reject) => {
      if (loss !== null) {
        reject(loss);
        return;
      }
      waiting.add(reject);
      method(...args)
        .then(resolve, reject)
        .finally(() => waiting.delete(reject));
    });
  return new Proxy(remote, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target as object, name);
      return typeof name === 'symbol' ? member : (...args: unknown[]) => call(member as Method, args);
    },
  });
}
