/**
 * What runs in every page of a preview before the page's own scripts: it takes WebRTC away, answers `reloadPreview`, and reports errors.
 */
import { type ErrorForwarding, type PreviewScript, type PreviewSettings, REPORT_PATH } from './wire.ts';

interface PageSettings {
  readonly reportPath: string;
  readonly forwardErrors: ErrorForwarding;
}

/** Travels as text: it may use nothing but its argument and what a page has. */
function preparePage({ reportPath, forwardErrors }: PageSettings): void {
  // Chromium 156 sends packets to the candidates of another side though the policy of the page says that it must not.
  for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection']) Reflect.deleteProperty(globalThis, name);
  addEventListener('message', ({ data }: MessageEvent<{ type?: string; callback?: MessagePort } | null>) => {
    if (typeof data !== 'object' || data?.type !== 'LOCALSERVICE_RELOAD_WINDOW') return;
    data.callback?.postMessage({ type: 'LOCALSERVICE_WINDOW_RELOADED' });
    location.reload();
  });
  if (!forwardErrors) return;
  const post = fetch;
  const report = (fields: object) => {
    const { pathname, search, hash } = location;
    const body = JSON.stringify({ ...fields, pathname, search, hash });
    post(reportPath, { method: 'POST', body, keepalive: true }).catch(() => undefined);
  };
  const describe = (error: unknown) =>
    error instanceof Error
      ? { message: error.message, stack: error.stack }
      : { message: String(error), stack: undefined };
  addEventListener('error', (event) => {
    if (event instanceof ErrorEvent)
      report({ type: 'PREVIEW_UNCAUGHT_EXCEPTION', ...describe(event.error ?? event.message) });
  });
  addEventListener('unhandledrejection', ({ reason }) =>
    report({ type: 'PREVIEW_UNHANDLED_REJECTION', ...describe(reason) }),
  );
  if (forwardErrors === 'exceptions-only') return;
  const { error: logError } = console;
  /** What JSON cannot carry goes as text. */
  const plain = (value: unknown): unknown => {
    if (value instanceof Error) return value.stack ?? value.message;
    try {
      return JSON.parse(JSON.stringify(value));
    } catch {
      return String(value);
    }
  };
  console.error = (...args: unknown[]) => {
    logError(...args);
    report({ type: 'PREVIEW_CONSOLE_ERROR', args: args.map(plain), stack: new Error().stack ?? '' });
  };
}

/** The script elements that go first into a page. */
export function pageScripts({ script, forwardErrors }: PreviewSettings): string {
  const settings: PageSettings = { reportPath: REPORT_PATH, forwardErrors };
  const own = scriptElement({ source: `(${preparePage})(${JSON.stringify(settings)})` });
  return script === null ? own : own + scriptElement(script);
}

function scriptElement({ source, type, defer, async }: PreviewScript): string {
  const attributes = [
    type === 'module' || type === 'importmap' ? ` type="${type}"` : '',
    defer ? ' defer' : '',
    async ? ' async' : '',
  ];
  return `<script${attributes.join('')}>${source.replaceAll(/<(?=\/script|!--)/gi, '\\u003C')}</script>`;
}
