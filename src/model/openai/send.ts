/** Requests over HTTP: nothing but fetch, with no header that a preflight could refuse. */
import { BrokenStreamError, UnreachableError } from './failures.ts';
import { errorInBody, errorOfResponse, ServerError } from './server-error.ts';
import { reasonOf } from './unreachable.ts';

export interface Endpoint {
  readonly baseUrl: string;
  readonly apiKey: string;
  /** Further ones that a host demands. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Characters of an error's body that are read, and milliseconds that it may take. */
const LONGEST_ERROR = 20_000;
const ERROR_PATIENCE = 5_000;
/** Header in which the relay of the command line says where a request was redirected to. */
export const REDIRECTED = 'x-redirected-to';

/** "https://host/v1/" and "https://host/v1/chat/completions" name the same API. */
export function normalizeBaseUrl(url: string): string {
  return url
    .trim()
    .replace(/\/+$/, '')
    .replace(/\/chat\/completions$/, '');
}

/**
 * The response, when it is none of an error. Throws ServerError, and UnreachableError when there is no response at all; the signal's
 * reason when aborted.
 */
export async function send(
  endpoint: Endpoint,
  path: string,
  init: RequestInit & { signal: AbortSignal },
): Promise<Response> {
  const { apiKey, headers } = endpoint;
  const key: Record<string, string> = apiKey === '' ? {} : { Authorization: `Bearer ${apiKey}` };
  let response: Response;
  try {
    response = await fetch(`${normalizeBaseUrl(endpoint.baseUrl)}${path}`, {
      ...init,
      headers: { ...key, ...headers, ...(init.body === undefined ? {} : { 'Content-Type': 'application/json' }) },
    });
  } catch (error) {
    init.signal.throwIfAborted();
    throw new UnreachableError(reasonOf(error), { cause: error });
  }
  if (response.ok) return response;
  const said = await readText(response, init.signal);
  const error = errorOfResponse(said, response.status, response.headers);
  const elsewhere = redirectedTo(response);
  if (elsewhere !== null)
    throw new ServerError({ ...error, text: `${error.message} (The request was redirected to ${elsewhere}.)` });
  // What the command line's relay says when it finds nobody.
  if (error.code === 'unreachable') throw new UnreachableError(error.message);
  throw error;
}

/** Posts JSON; as {@link send}. */
export function post(endpoint: Endpoint, path: string, body: unknown, signal: AbortSignal): Promise<Response> {
  return send(endpoint, path, { method: 'POST', body: JSON.stringify(body), signal });
}

/** The JSON of a GET; as {@link send}. Throws SyntaxError when it is none, and BrokenStreamError. */
export async function getJson(endpoint: Endpoint, path: string, signal: AbortSignal): Promise<unknown> {
  const response = await send(endpoint, path, { method: 'GET', signal });
  const value: unknown = await response.json().catch((error: unknown) => {
    signal.throwIfAborted();
    if (error instanceof SyntaxError) throw error;
    throw new BrokenStreamError('The connection broke in the middle of the answer.', { cause: error });
  });
  const error = errorInBody(value, null);
  if (error) throw error;
  return value;
}

/** A redirected POST arrives as a GET: the error that follows is about another request. The relay of the command line tells of it. */
const redirectedTo = ({ redirected, url, headers }: Response): string | null =>
  redirected ? url : headers.get(REDIRECTED);

/** What there is of an error's text: a body that breaks off or stalls has its status all the same. */
async function readText({ body }: Response, signal: AbortSignal): Promise<string> {
  if (!body) return '';
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  const enough = setTimeout(() => stop(), ERROR_PATIENCE);
  // Whoever stops reading wants no more of it; a body that broke already has nothing to cancel.
  const stop = () => void reader.cancel().catch(() => undefined);
  let text = '';
  while (text.length < LONGEST_ERROR) {
    const { done, value } = await reader.read().catch(() => ({ done: true, value: '' }));
    if (done) break;
    text += value;
  }
  clearTimeout(enough);
  stop();
  signal.throwIfAborted();
  return text;
}
