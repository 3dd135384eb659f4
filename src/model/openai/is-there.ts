/** Milliseconds for a server to answer, and for the browser to tell of an answer that it withheld. */
const PATIENCE = 5000;
const REPORT_PATIENCE = 1000;

/**
 * Whether anybody answers at an address, also a server that lets no page read what it says: a request without CORS is sent, too. In a page
 * that is isolated (Cross-Origin-Embedder-Policy) its answer is blocked, and the browser reports the block, which it does for answers alone.
 * Rejects with the signal's reason when aborted.
 */
export async function isThere(url: string, signal: AbortSignal): Promise<boolean> {
  const blocked = watchBlocked(url);
  try {
    await fetch(url, { mode: 'no-cors', signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]) });
    return true;
  } catch {
    signal.throwIfAborted();
    return await blocked.seen();
  } finally {
    blocked.stop();
  }
}

function watchBlocked(url: string): { seen(): Promise<boolean>; stop(): void } {
  if (typeof ReportingObserver === 'undefined') return { seen: async () => false, stop: () => undefined };
  const found = Promise.withResolvers<boolean>();
  const observer = new ReportingObserver((reports) => {
    if (reports.some((report) => blockedUrlOf(JSON.parse(JSON.stringify(report))) === url)) found.resolve(true);
  });
  observer.observe();
  return {
    seen: () => {
      const timer = setTimeout(() => found.resolve(false), REPORT_PATIENCE);
      return found.promise.finally(() => clearTimeout(timer));
    },
    stop: () => observer.disconnect(),
  };
}

/** Of a report as JSON: as an object this kind of body has no field that may be read. */
const blockedUrlOf = (report: unknown): unknown => {
  const body = typeof report === 'object' && report !== null && 'body' in report ? report.body : null;
  return typeof body === 'object' && body !== null && 'blockedURL' in body ? body.blockedURL : null;
};
