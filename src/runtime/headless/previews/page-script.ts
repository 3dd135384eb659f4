/**
 * What runs in every page of a preview before the page's own scripts: it answers `reloadPreview`, reports errors, and keeps WebRTC out.
 */
import { guardPage, HIDDEN_NAMES } from './page-guard.ts';
import { passTexts } from './page-texts.ts';
import { type ErrorForwarding, type PreviewScript, type PreviewSettings, REPORT_PATH } from './wire.ts';

interface PageSettings {
  readonly reportPath: string;
  readonly forwardErrors: ErrorForwarding;
}

/** Travels as text: it may use nothing but its argument and what a page has. */
function preparePage({ reportPath, forwardErrors }: PageSettings): void {
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

/** Behind our own script, which writes the beginning of a comment: where it was not allowed to run, no other script is. */
const CLOSING = `<meta http-equiv="Content-Security-Policy" content="script-src 'none'"><!---->`;

/** The text of our own script; a page's policy may allow it by its hash. */
export function ownScript({ forwardErrors }: PreviewSettings): string {
  const settings: PageSettings = { reportPath: REPORT_PATH, forwardErrors };
  const calls = [
    `(${preparePage})(${JSON.stringify(settings)})`,
    `(${guardPage})(${JSON.stringify(HIDDEN_NAMES)},${JSON.stringify(CLOSING)},${passTexts})`,
  ];
  return escaped(calls.join(';\n'));
}

/** The script elements that go first into a page. */
export function pageScripts(settings: PreviewSettings): string {
  const own = `<script>${ownScript(settings)}</script>${CLOSING}`;
  return settings.script === null ? own : own + scriptElement(settings.script);
}

function scriptElement({ source, type, defer, async }: PreviewScript): string {
  const attributes = [
    type === 'module' || type === 'importmap' ? ` type="${type}"` : '',
    defer ? ' defer' : '',
    async ? ' async' : '',
  ];
  return `<script${attributes.join('')}>${escaped(source)}</script>`;
}

/** As the text of a script element. */
function escaped(source: string): string {
  return source.replaceAll(/<(?=\/script|!--)/gi, '\\u003C');
}
