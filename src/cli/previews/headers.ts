/** What changes in the headers of requests to a preview and of its answers. */
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { placeOf, previewHost, translations } from './addresses.ts';
import { policyWith } from './page-policy.ts';

export interface PreviewRequest {
  readonly port: number;
  readonly id: string;
  /** "localhost:4173": the application's own host. */
  readonly server: string;
  readonly headers: IncomingHttpHeaders;
}

/** Belong to one hop. */
const HOP = ['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'te', 'trailer'];
/** Ask for a part of an answer, or for none. */
const CONDITIONS = ['if-none-match', 'if-modified-since', 'if-match', 'if-unmodified-since', 'if-range', 'range'];
/** Names an address, which has another name on the other side. */
const ADDRESSES_IN = ['origin', 'referer'];
const ADDRESSES_OUT = ['location', 'content-location', 'access-control-allow-origin'];
/** What could outlive this sandbox's page, or has another value here. */
const DROPPED = ['content-security-policy-report-only', 'strict-transport-security', 'connection-allowlist'];

/** Whether the request is for a document to be shown, not for a part of one. */
export function isNavigation({ headers }: PreviewRequest): boolean {
  const destination = headers['sec-fetch-dest'] as string | undefined;
  return ['document', 'iframe', 'frame', 'fencedframe', 'object', 'embed', undefined].includes(destination);
}

/** Whether the answer is a document that gets our scripts. Others that could hold scripts (SVG, XML) run none. */
export function isPage(request: PreviewRequest, { 'content-type': type = '' }: IncomingHttpHeaders): boolean {
  return isNavigation(request) && /^\s*text\/html\s*(?:;|$)/i.test(type);
}

/** Whether a browser looks at the content to find out what it is. */
export function lacksType({ 'content-type': type, 'x-content-type-options': options }: IncomingHttpHeaders): boolean {
  return (type ?? '') === '' && options === undefined;
}

/** Whether it is for the script of a service worker: browsers say so in either header. */
export function asksForServiceWorker(headers: IncomingHttpHeaders): boolean {
  return headers['service-worker'] !== undefined || headers['sec-fetch-dest'] === 'serviceworker';
}

/** As if the browser had asked `localhost:PORT` inside of the sandbox. */
export function inwardHeaders(request: PreviewRequest): OutgoingHttpHeaders {
  const { inward } = translations(previewHost(request.id, request.server));
  const headers: OutgoingHttpHeaders = without(request.headers, HOP);
  headers.host = `localhost:${request.port}`;
  for (const name of ADDRESSES_IN) if (typeof headers[name] === 'string') headers[name] = inward(headers[name]);
  if (isNavigation(request)) {
    // A document is changed on its way: it must come as text, and whole.
    headers['accept-encoding'] = 'identity';
    for (const name of CONDITIONS) delete headers[name];
  }
  return headers;
}

/** What a browser may do with the answer. `script` is what our own script element in a page holds. */
export function outwardHeaders(
  request: PreviewRequest,
  answered: IncomingHttpHeaders,
  script = '',
): OutgoingHttpHeaders {
  const host = previewHost(request.id, request.server);
  const { outward } = translations(host);
  const headers: OutgoingHttpHeaders = without(answered, [...HOP, ...DROPPED]);
  for (const name of ADDRESSES_OUT) if (typeof headers[name] === 'string') headers[name] = outward(headers[name]);
  const refresh = refreshWithin(request, outward(String(answered.refresh ?? '')));
  if (refresh === null) delete headers.refresh;
  else headers.refresh = refresh;
  const cookies = answered['set-cookie']?.map(cookieOfFrame);
  const shown = isPage(request, answered);
  const given = [answered['content-security-policy']].flat().filter(isGiven).join(',');
  const policies = [
    ...(given === '' ? [] : [shown ? policyWith(script, given) : given]),
    policyOf(host),
    // By this our script hears of addresses of `javascript:`.
    ...(shown ? ["require-trusted-types-for 'script'"] : []),
    // Nor does a page reach into such a document, where it would find all that our script takes away.
    ...(isNavigation(request) && !shown ? ["script-src 'none'; sandbox"] : []),
  ];
  return {
    ...headers,
    ...(cookies && { 'set-cookie': cookies }),
    ...isolation(host),
    // A page that a script has fetched is not the one that shows: that has our scripts in it.
    vary: [answered.vary, 'Sec-Fetch-Dest'].filter(isGiven).join(', '),
    'content-security-policy': policies.join(', '),
  };
}

/**
 * Where an answer leads the browser on to when that is out of the sandbox, else null. A browser that was told to open this page has no policy
 * to hold it back yet. `location` as {@link outwardHeaders} gives it.
 */
export function wayOut({ id, server }: PreviewRequest, location: unknown): string | null {
  if (typeof location !== 'string') return null;
  const base = `http://${server}`;
  if (!URL.canParse(location, base)) return location;
  const { protocol, host, href } = new URL(location, base);
  const isOwn = protocol === 'http:' && placeOf(host) && host.endsWith(`.${previewHost(id, server)}`);
  return isOwn ? null : href;
}

/**
 * `Refresh` as every browser reads it alike, or null when it leads out of the sandbox or says nothing: it works in every document, also where
 * no script of ours runs. Read as by the HTML standard's "shared declarative refresh steps".
 */
function refreshWithin(request: PreviewRequest, value: string): string | null {
  const read = /^\s*(?=[\d.])(\d*)[\d.]*(?:[\s;,]\s*[;,]?\s*(?:url\s*=\s*)?(['"]?)(.*))?$/i.exec(value);
  if (!read) return null;
  const [, seconds, quote = '', rest = ''] = read;
  const [text = ''] = quote === '' ? [rest] : rest.split(quote, 1);
  const delay = seconds || '0';
  if (text.trim() === '') return delay;
  const address = text.trim().replaceAll('"', '%22').replaceAll("'", '%27');
  return wayOut(request, address) === null ? `${delay}; url=${address}` : null;
}

const isGiven = <Value>(value: Value | undefined): value is Value => value !== undefined;

function without(headers: IncomingHttpHeaders, names: readonly string[]): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}

/** Pages around it demand these; and it reaches its own sandbox alone, by no way that a browser has. */
function isolation(host: string): OutgoingHttpHeaders {
  return {
    'cross-origin-embedder-policy': 'require-corp',
    'cross-origin-resource-policy': 'cross-origin',
    'origin-agent-cluster': '?1',
    'referrer-policy': 'same-origin',
    'x-dns-prefetch-control': 'off',
    // Also WebRTC, which a Content-Security-Policy does not know. Not every Chromium holds it back: see `page-script.ts`.
    'connection-allowlist': `(response-origin "http://*.${host}");webrtc=block`,
  };
}

function policyOf(host: string): string {
  const own = `'self' http://*.${host}`;
  const directives = {
    'default-src': `${own} 'unsafe-inline' 'unsafe-eval' data: blob:`,
    'connect-src': `${own} ws://*.${host} data: blob:`,
    // A document of `data:` or `blob:` would run no script of ours.
    'frame-src': own,
    'form-action': own,
    'frame-ancestors': `${own} http://localhost:* http://127.0.0.1:*`,
    sandbox: 'allow-scripts allow-same-origin allow-forms allow-modals allow-downloads allow-pointer-lock',
  };
  return Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');
}

/** In a frame of another site's page only such cookies are kept; they stay apart from those of the same server in other pages. */
function cookieOfFrame(cookie: string): string {
  const parts = cookie.split(';').filter((part) => !/^\s*(domain|samesite|secure|partitioned)\b/i.test(part));
  return [...parts, ' SameSite=None', ' Secure', ' Partitioned'].join(';');
}
