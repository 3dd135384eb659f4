export interface RetryOptions {
  readonly signal: AbortSignal;
  /** Tries after the first. */
  readonly times: number;
  /** Milliseconds before the second try; doubled each time. */
  readonly delay: number;
  /** Milliseconds; a server that asks for a longer wait is not waited for. */
  readonly longestWait: number;
}

const DEFAULTS = { times: 4, delay: 1000, longestWait: 60_000 };

/** Tries again after failures that may pass: 408, 409, 429, 5xx, and broken streams. Rejects with the last error, or the signal's reason. */
export async function retrying<T>(
  attempt: () => Promise<T>,
  options: Partial<RetryOptions> & Pick<RetryOptions, 'signal'>,
): Promise<T> {
  const { signal, times, delay, longestWait } = { ...DEFAULTS, ...options };
  for (let count = 0; ; count += 1) {
    try {
      return await attempt();
    } catch (error) {
      signal.throwIfAborted();
      const wait = retryAfter(error) ?? delay * 2 ** count;
      if (count >= times || !mayPass(error) || wait > longestWait) throw error;
      await pause(wait, signal);
    }
  }
}

function mayPass(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === 'BrokenStreamError') return true;
  // What fetch throws when a body breaks off.
  if (error instanceof TypeError && /terminated|network|fetch/i.test(error.message)) return true;
  const status = statusOf(error);
  return status !== null && (status === 408 || status === 409 || status === 429 || status >= 500);
}

function statusOf(error: Error): number | null {
  return 'status' in error && typeof error.status === 'number' ? error.status : null;
}

/** Milliseconds that the server asks for: seconds or a date. */
function retryAfter(error: unknown): number | null {
  const headers = error instanceof Error && 'headers' in error ? error.headers : null;
  const value = headers instanceof Headers ? headers.get('retry-after') : null;
  if (value === null) return null;
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
