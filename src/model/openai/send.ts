/** Requests over HTTP: nothing but fetch, with no header that a preflight could refuse. */
import { UnreachableError } from './failures.ts';
import { errorInBody, errorOfResponse } from './server-error.ts';

export interface Endpoint {
  readonly baseUrl: string;
  readonly apiKey: string;
  /** Further ones that a host demands. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Characters of an error's body that are read. */
const LONGEST_ERROR = 20_000;

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
  const error = errorOfResponse(await readText(response), response.status, response.headers);
  // What the command line's relay says when it finds nobody.
  if (error.code === 'unreachable') throw new UnreachableError(error.message);
  throw error;
}

/** Posts JSON; as {@link send}. */
export function post(endpoint: Endpoint, path: string, body: unknown, signal: AbortSignal): Promise<Response> {
  return send(endpoint, path, { method: 'POST', body: JSON.stringify(body), signal });
}

/** The JSON of a GET; as {@link send}. Throws SyntaxError when it is none. */
export async function getJson(endpoint: Endpoint, path: string, signal: AbortSignal): Promise<unknown> {
  const response = await send(endpoint, path, { method: 'GET', signal });
  const value: unknown = await response.json();
  const error = errorInBody(value, null);
  if (error) throw error;
  return value;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== '' ? error.cause.message : error.message;
}

async function readText({ body }: Response): Promise<string> {
  if (!body) return '';
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (text.length < LONGEST_ERROR) {
    const { done, value } = await reader.read();
    if (done) return text;
    text += value;
  }
  await reader.cancel();
  return text;
}
