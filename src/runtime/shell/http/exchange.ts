/** A request and what follows from it: redirects, and a limit of time. */
import { errorCode } from '../errors.ts';
import type { UtilityContext } from '../utility.ts';
import { SocketStream } from './byte-stream.ts';
import { Connection, type Head, headerOf, resolveHost } from './connection.ts';
import { HttpError } from './http-error.ts';
import { type Security, secure } from './security.ts';

export interface HttpRequest {
  method: string;
  url: URL;
  /** With Host. */
  headers: readonly (readonly [string, string])[];
  body: Uint8Array | undefined;
  /** What https is spoken by. */
  security: Security;
  /** What is asked for in place of the path. */
  target?: string | undefined;
}

export interface Exchange {
  connection: Connection;
  head: Head;
  request: HttpRequest;
  /** The request as it was sent, without its body. */
  sent: string;
}

/** What a client wants to hear of. */
export interface Listener {
  onConnecting?(host: string, addresses: readonly string[], port: number): Promise<void> | undefined;
  onConnected?(connection: Connection): Promise<void> | undefined;
  onSent?(text: string): Promise<void> | undefined;
  onInterim?(head: Head): Promise<void> | undefined;
}

const NO_NETWORK = 'the sandbox has no network beyond its own servers';

/** Reads a URL as curl does: `http://` may be missing. Throws {@link HttpError}. */
export function readUrl(text: string): URL {
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  if (/[\s\0]/.test(full) || !URL.canParse(full)) {
    throw new HttpError(3, 'URL using bad/illegal format or missing URL');
  }
  return new URL(full);
}

const portOf = (url: URL): number => Number(url.port || (url.protocol === 'https:' ? 443 : 80));

/** Sends a request and gives the head of its response; the caller reads the body and closes the connection. */
export async function exchange(context: UtilityContext, request: HttpRequest, listener: Listener): Promise<Exchange> {
  const { url, body } = request;
  const addresses = resolveHost(url.hostname);
  const isWeb = url.protocol === 'http:' || url.protocol === 'https:';
  if (isWeb && addresses.length === 0)
    throw new HttpError(6, `Could not resolve host: ${url.hostname} (${NO_NETWORK})`);
  if (!isWeb) {
    throw new HttpError(1, `Protocol "${url.protocol.slice(0, -1)}" not supported or disabled in libcurl`);
  }
  await listener.onConnecting?.(url.hostname, addresses, portOf(url));
  const below = await openSocket(context, url, addresses);
  const connection = new Connection(below);
  await listener.onConnected?.(connection);
  const lines = request.headers.map(([name, value]) => `${name}:${value === '' ? '' : ` ${value}`}\r\n`);
  const sent = `${request.method} ${request.target ?? url.pathname + url.search} HTTP/1.1\r\n${lines.join('')}\r\n`;
  try {
    if (url.protocol === 'https:') {
      connection.upgrade(await secure(context, { below, host: url.hostname, security: request.security }));
    }
    await listener.onSent?.(sent);
    // A server may answer before it has read everything.
    const sending = connection
      .send(new TextEncoder().encode(sent))
      .then(() => connection.send(body ?? new Uint8Array()));
    sending.catch(() => undefined); // The response, or its absence, tells.
    const head = await connection.readHead((interim) => listener.onInterim?.(interim));
    return { connection, head, request, sent };
  } catch (error) {
    connection.close();
    throw error;
  }
}

async function openSocket(context: UtilityContext, url: URL, addresses: readonly string[]): Promise<SocketStream> {
  const started = performance.now();
  try {
    return await SocketStream.open(context.sys, addresses, portOf(url));
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    const time = Math.round(performance.now() - started);
    throw new HttpError(
      7,
      `Failed to connect to ${url.hostname} port ${portOf(url)} after ${time} ms: Couldn't connect to server`,
    );
  }
}

/** Where a response sends the client; undefined when it does not. */
export function redirectOf({ head, request }: Exchange): URL | undefined {
  const location = headerOf(head, 'location');
  if (location === undefined || head.status < 300 || head.status > 399 || head.status === 304) return undefined;
  return URL.canParse(location, request.url.href) ? new URL(location, request.url) : undefined;
}
