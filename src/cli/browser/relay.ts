/** Passes a request of the command's own page on to a model server that sends no CORS headers. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { REDIRECTED } from '../../model/openai/send.ts';
import { reasonOf } from '../../model/openai/unreachable.ts';

/** Headers that belong to one hop, or that the page's browser adds about itself. */
const DROPPED =
  /^(host|connection|keep-alive|transfer-encoding|content-length|content-encoding|origin|referer|cookie|accept-encoding|sec-.*)$/;

/** Answers 502 with the reason when the target cannot be reached. */
export async function relay(
  target: string,
  prefix: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = target + (request.url ?? '').slice(prefix.length);
  const abort = new AbortController();
  response.on('close', () => abort.abort());
  try {
    const headers = new Headers();
    for (const [name, value] of Object.entries(request.headers)) {
      if (!DROPPED.test(name) && value !== undefined) headers.set(name, String(value));
    }
    const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
    // A blob can be sent once more, where the server redirects; bytes cannot, by Node's fetch.
    const body = hasBody ? new Blob(await request.toArray()) : null;
    const answer = await fetch(url, { method: request.method ?? 'GET', headers, body, signal: abort.signal });
    response.statusCode = answer.status;
    for (const [name, value] of answer.headers) if (!DROPPED.test(name)) response.setHeader(name, value);
    if (answer.redirected) response.setHeader(REDIRECTED, answer.url);
    if (answer.body) await pipeline(Readable.fromWeb(answer.body as Parameters<typeof Readable.fromWeb>[0]), response);
    else response.end();
  } catch (error) {
    if (response.destroyed) return;
    if (response.headersSent) return void response.destroy();
    response.statusCode = 502;
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ error: { message: reasonOf(error), code: 'unreachable' } }));
  }
}
