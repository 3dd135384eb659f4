/** A static server of the production build, with the headers of its `_headers` file; it also serves the previews of its pages' sandboxes. */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import sirv from 'sirv';
import { headersFor, parseHeadersFile } from '../build/headers.ts';
import { createPreviews } from '../previews/previews.ts';

export type Route = (request: IncomingMessage, response: ServerResponse) => void;

export interface ServeOptions {
  /** 0 picks a free port. */
  readonly port: number;
  /** Further paths, by prefix. */
  readonly routes?: Readonly<Record<string, Route>>;
}

export interface RunningServer {
  /** "http://localhost:4173" */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves `dist` on the loopback. Rejects with EADDRINUSE when the port is taken. */
export async function serve(dist: string, { port, routes = {} }: ServeOptions): Promise<RunningServer> {
  const rules = parseHeadersFile(await readFile(join(dist, '_headers'), 'utf8'));
  const files = sirv(dist, { brotli: true, gzip: true, etag: true, dotfiles: false });
  const previews = createPreviews();
  const server = createServer((request, response) => {
    if (previews.handle(request, response)) return;
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    for (const [name, value] of Object.entries(headersFor(rules, path))) response.setHeader(name, value);
    const prefix = Object.keys(routes).find((candidate) => path.startsWith(candidate));
    if (prefix) return routes[prefix]?.(request, response);
    files(request, response, () => {
      response.statusCode = 404;
      response.end('Not found\n');
    });
  });
  server.on('upgrade', (request, socket, head) => {
    if (!previews.upgrade(request, socket, head)) socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        previews.close();
        server.closeAllConnections();
      }),
  };
}
