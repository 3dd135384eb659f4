/** Nobody waits for a kernel that is gone: what it has not answered is rejected, and so is what is asked of it later. */

type Method = (...args: unknown[]) => Promise<unknown>;

/** The same interface. `ended` resolves, with one sentence, when nothing answers any more. */
export function untilEnded<Remote extends object>(remote: Remote, ended: Promise<string>): Remote {
  let why: string | null = null;
  const waiting = new Set<(error: Error) => void>();
  void ended.then((sentence) => {
    why = sentence;
    for (const reject of waiting) reject(new Error(sentence));
    waiting.clear();
  });
  /** Not a race with `ended`, which would keep every answer for as long as the kernel works. */
  const ask = (method: Method, args: unknown[]): Promise<unknown> => {
    if (why !== null) return Promise.reject(new Error(why));
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    waiting.add(reject);
    method(...args).then(resolve, reject);
    return promise.finally(() => waiting.delete(reject));
  };
  return new Proxy(remote, {
    get(target, name, receiver) {
      const method: unknown = Reflect.get(target, name, receiver);
      if (typeof name === 'symbol' || name === 'then') return method;
      return (...args: unknown[]) => ask(method as Method, args);
    },
  });
}
