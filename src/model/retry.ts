/** Tries again what may pass: when, how often and after which wait. */

export interface RetryOptions {
  readonly signal: AbortSignal;
  /** Milliseconds before the second try; doubled each time, up to `longestDelay`. */
  readonly delay: number;
  readonly longestDelay: number;
  /** Milliseconds since the first failure after which nothing is tried again; a server that asks for a longer wait is not waited for. */
  readonly patience: number;
  /** Tries that failures of this kind (this name) are worth after the first: 0 none, Infinity as many as the patience allows. */
  readonly worth: (error: unknown) => number;
  readonly onRetry: (error: unknown, waitMilliseconds: number) => void;
  /** Of [0, 1): spreads the tries of many clients. */
  readonly random: () => number;
}

const DEFAULT_RETRY = {
  delay: 1000,
  longestDelay: 30_000,
  patience: 300_000,
  onRetry: () => undefined,
  random: Math.random,
};

/** Rejects with the last error when it is not worth another try, or with the signal's reason, at once, when aborted. */
export async function retrying<T>(
  attempt: () => Promise<T>,
  options: Partial<RetryOptions> & Pick<RetryOptions, 'signal' | 'worth'>,
): Promise<T> {
  const { signal, patience, worth, onRetry, ...timing } = { ...DEFAULT_RETRY, ...options };
  let since: number | null = null;
  const kinds = new Map<string, number>();
  for (let failures = 1; ; failures += 1) {
    try {
      return await attempt();
    } catch (error) {
      signal.throwIfAborted();
      since ??= Date.now();
      const wait = waitAfter(error, failures, timing);
      const kind = error instanceof Error ? error.name : '';
      const ofKind = (kinds.get(kind) ?? 0) + 1;
      kinds.set(kind, ofKind);
      if (ofKind > worth(error) || Date.now() - since + wait > patience) throw error;
      onRetry(error, wait);
      signal.throwIfAborted();
      await pause(wait, signal);
    }
  }
}

function waitAfter(
  error: unknown,
  failures: number,
  timing: Pick<RetryOptions, 'delay' | 'longestDelay' | 'random'>,
): number {
  const { delay, longestDelay, random } = timing;
  const backoff = Math.min(delay * 2 ** (failures - 1), longestDelay) * (0.5 + random() / 2);
  const asked = retryAfter(error);
  return Math.round(asked === null ? backoff : Math.max(asked, Math.min(backoff, delay)));
}

/** Milliseconds that the server asks for, as seconds, a date or (some hosts) milliseconds. */
export function retryAfter(error: unknown): number | null {
  const headers = error instanceof Error && 'headers' in error ? error.headers : null;
  if (!(headers instanceof Headers)) return null;
  const exact = Number(headers.get('retry-after-ms') || Number.NaN);
  if (Number.isFinite(exact)) return Math.max(0, exact);
  const value = headers.get('retry-after');
  if (value === null || value.trim() === '') return null;
  const seconds = Number(value);
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(wait) ? Math.max(0, wait) : null;
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal.addEventListener('abort', stop, { once: true });
  });
}
