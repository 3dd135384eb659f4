/**
 * An error that may come at any time, and fails all that is waited for then. (In `Promise.race` with a promise that seldom settles, that
 * promise would keep what each race gave, the files that were read and the output of commands.)
 */
export class Interruption {
  readonly #waiting = new Set<(error: unknown) => void>();
  #cause: { readonly error: unknown } | null = null;

  /** The first one counts. */
  readonly interrupt = (error: unknown): void => {
    this.#cause ??= { error };
    for (const reject of this.#waiting) reject(this.#cause.error);
    this.#waiting.clear();
  };

  /** Settles as the promise does, or rejects with the interruption, whichever comes first. */
  async guard<T>(promise: Promise<T>): Promise<T> {
    const { promise: interrupted, reject } = Promise.withResolvers<never>();
    if (this.#cause) reject(this.#cause.error);
    else this.#waiting.add(reject);
    try {
      return await Promise.race([promise, interrupted]);
    } finally {
      this.#waiting.delete(reject);
    }
  }
}
