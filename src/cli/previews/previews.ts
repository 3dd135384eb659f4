/**
 * Serves previews: a request to `PORT.ID.localhost` goes to what listens at that port in the sandbox of the page that registered the id.
 * Nothing else answers at these hosts, so a page of a sandbox shares its origin with nothing of the application.
 */
import { type ClientRequest, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream';
import { WebSocketServer } from 'ws';
import { ownScript, pageScripts } from '../../runtime/headless/previews/page-script.ts';
import { PREVIEW_PATH, REPORT_PATH } from '../../runtime/headless/previews/wire.ts';
import { isBelowLocalhost, newPreviewId, type PreviewPlace, placeOf, previewHost } from './addresses.ts';
import { decodersOf } from './content-encoding.ts';
import {
  asksForServiceWorker,
  inwardHeaders,
  isNavigation,
  isPage,
  lacksType,
  outwardHeaders,
  type PreviewRequest,
  wayOut,
} from './headers.ts';
import { injector } from './inject.ts';
import { readReport } from './reports.ts';
import { SandboxLink } from './sandbox-link.ts';
import { beginningOf, beginsAsHtml, charsetOf } from './sniff.ts';

const MAX_REPORT_BYTES = 256 * 1024;
/** Those below say that an answer will come. */
const FIRST_FINAL_STATUS = 200;
/** Partial content, and what the browser has is still good. */
const INCOMPLETE = [206, 304];
/** Names an address anywhere, to which a browser goes when the signature is not good. */
const SIGNED_EXCHANGE = /application\/signed-exchange/i;
/** What no line of a header may hold. */
const UNPRINTABLE = /[^\t\x20-\x7e\x80-\xff]/;
const GONE = 'The sandbox of this preview has ended: its page was closed or reloaded.';
const BUSY = 'The servers of this sandbox have as many requests to answer as a sandbox may have.';
const NO_SERVICE_WORKERS = 'A preview has no service worker: its answers would not say what their pages may reach.';
const NO_REPORT = 'This is no report that was asked for.';
const SILENT = 'Nothing listens at this port of the sandbox.';

export interface Previews {
  /** Answers when the request is a preview's; says whether it is. */
  handle(request: IncomingMessage, response: ServerResponse): boolean;
  /** The same for a request to go on as a WebSocket: a preview's, or a headless page's own. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  close(): void;
}

export function createPreviews(): Previews {
  const links = new Map<string, SandboxLink>();
  const sockets = new WebSocketServer({ noServer: true });
  return {
    handle(request, response) {
      const { host } = request.headers;
      const place = placeOf(host);
      if (!place && !isBelowLocalhost(host)) return false;
      const link = place && links.get(place.id);
      if (!link) say(response, 410, GONE);
      else if (!link.admits(response)) say(response, 503, BUSY);
      else if (asksForServiceWorker(request.headers)) say(response, 403, NO_SERVICE_WORKERS);
      else if (request.url === REPORT_PATH) takeReport(link, place, { request, response });
      else relay(link, place, { request, response });
      return true;
    },
    upgrade(request, socket, head) {
      const place = placeOf(request.headers.host);
      const link = place && links.get(place.id);
      if (place && link) {
        if (!link.admits(socket)) refuse(socket, '503 Service Unavailable');
        else tunnel(link, place, { request, socket, head });
        return true;
      }
      const { host = '', origin } = request.headers;
      // Another site's page may not have its sandbox here.
      if (isBelowLocalhost(host) || request.url !== PREVIEW_PATH || origin !== `http://${host}`) return false;
      sockets.handleUpgrade(request, socket, head, (webSocket) => {
        const id = newPreviewId();
        links.set(id, new SandboxLink(webSocket, previewHost(id, host)));
        webSocket.on('close', () => links.delete(id));
      });
      return true;
    },
    close() {
      for (const webSocket of sockets.clients) webSocket.terminate();
    },
  };
}

function asked({ port, id }: PreviewPlace, { headers }: IncomingMessage): PreviewRequest {
  return { port, id, server: headers.host ?? '', headers };
}

function ask(link: SandboxLink, request: IncomingMessage, about: PreviewRequest): ClientRequest {
  return httpRequest({
    createConnection: () => link.connect(about.port),
    method: request.method,
    path: request.url,
    headers: inwardHeaders(about),
    setHost: false,
  });
}

function relay(
  link: SandboxLink,
  place: PreviewPlace,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): void {
  const about = asked(place, request);
  const inner = ask(link, request, about);
  const fail = (reason: string) => {
    if (response.headersSent) response.destroy();
    else say(response, 502, reason === 'ECONNREFUSED' ? SILENT : `The server of the sandbox failed: ${reason}.`);
  };
  inner.on('error', ({ message }) => fail(message));
  const pass = (answer: IncomingMessage, charset: string) => {
    const headers = outwardHeaders(about, answer.headers, ownScript(link.settings));
    const out = isRedirection(answer) ? wayOut(about, headers.location) : null;
    const unfit = out === null ? unfitness(about, answer) : `it leads to ${out}, which no preview may reach`;
    if (unfit !== null) {
      inner.destroy();
      fail(unfit);
      return;
    }
    if (!isPage(about, answer.headers)) {
      response.writeHead(answer.statusCode ?? 502, answer.statusMessage, headers);
      pipeline(answer, response, () => undefined);
      return;
    }
    const decoders = decodersOf(answer.headers['content-encoding']);
    if (decoders === null) {
      inner.destroy();
      fail(`it answered with a page in the encoding ${answer.headers['content-encoding']}`);
      return;
    }
    for (const name of ['content-length', 'content-encoding', 'etag', 'last-modified']) delete headers[name];
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, {
      ...headers,
      'content-type': `text/html; charset=${charset}`,
      'cache-control': 'no-store',
    });
    const scripts = injector(pageScripts(link.settings), charset);
    pipeline([answer, ...decoders, scripts, response], () => undefined);
  };
  inner.on('response', async (answer) => {
    const isUnknown = isNavigation(about) && lacksType(answer.headers);
    const beginning = isUnknown || isPage(about, answer.headers) ? await beginningOf(answer) : Buffer.alloc(0);
    if (isUnknown && beginsAsHtml(beginning)) answer.headers['content-type'] = 'text/html';
    // The server of the sandbox may have gone meanwhile, and the browser.
    if (!response.headersSent && !response.destroyed)
      pass(answer, charsetOf(answer.headers['content-type'] ?? '', beginning));
  });
  response.on('close', () => inner.destroy());
  pipeline(request, inner, () => undefined);
}

const isRedirection = ({ statusCode = 0 }: IncomingMessage) => statusCode >= 300 && statusCode < 400;

/** Why the answer cannot be passed on: a parser takes more than a server may send, and a browser more than a preview may show. */
function unfitness(
  about: PreviewRequest,
  { statusCode = 0, statusMessage = '', headers }: IncomingMessage,
): string | null {
  if (statusCode < FIRST_FINAL_STATUS) return `it answered with the status ${statusCode}`;
  if (UNPRINTABLE.test(statusMessage)) return 'it answered with a status that cannot be printed';
  // The browser would show what it has kept, of a request that was none for a document: without our scripts.
  if (isNavigation(about) && INCOMPLETE.includes(statusCode))
    return `it answered with the status ${statusCode}, where a whole document was asked for`;
  if (SIGNED_EXCHANGE.test(headers['content-type'] ?? ''))
    return 'it answered with a signed exchange, which would lead to another host';
  return null;
}

/** What follows belongs to the two ends. */
function tunnel(
  link: SandboxLink,
  place: PreviewPlace,
  { request, socket, head }: { request: IncomingMessage; socket: Duplex; head: Buffer },
): void {
  const about = asked(place, request);
  const inner = ask(link, request, about);
  const { connection, upgrade } = request.headers;
  inner.setHeader('Connection', connection ?? 'Upgrade');
  if (upgrade !== undefined) inner.setHeader('Upgrade', upgrade);
  // Who asked may go at any time.
  socket.on('error', () => inner.destroy());
  const fail = () => refuse(socket, '502 Bad Gateway');
  inner.on('error', fail);
  inner.on('response', (answer) => {
    answer.resume();
    fail();
  });
  inner.on('upgrade', (answer, innerSocket, innerHead) => {
    const lines = [`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}`];
    for (let i = 0; i < answer.rawHeaders.length; i += 2)
      lines.push(`${answer.rawHeaders[i]}: ${answer.rawHeaders[i + 1]}`);
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    socket.unshift(head);
    innerSocket.unshift(innerHead);
    pipeline(socket, innerSocket, socket, () => undefined);
  });
  inner.end();
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
}

/** A page reports for itself alone. */
function takeReport(
  link: SandboxLink,
  { id, port }: PreviewPlace,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): void {
  const chunks: Buffer[] = [];
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= MAX_REPORT_BYTES) chunks.push(chunk);
  });
  request.on('end', () => {
    const report = readReport(Buffer.concat(chunks).toString('utf8'), link.settings);
    if (report === null) {
      say(response, 400, NO_REPORT);
      return;
    }
    link.report({ ...report, port, previewId: `${port}.${id}` });
    response.writeHead(204).end();
  });
}

function say(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Cross-Origin-Resource-Policy': 'cross-origin',
    'Content-Security-Policy': "default-src 'none'; sandbox",
  });
  response.end(`${sentence}\n`);
}
