/** A page of the application's origin with nothing in it but the unmodified client of the sandbox. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { expect, type Page } from '@playwright/test';
import type * as Client from '@webcontainer/api';
import { build } from 'esbuild';

declare global {
  interface Window {
    client: typeof Client;
    WEBCONTAINER_API_IFRAME_URL: string;
    /** What `bootClient` booted. */
    container: Client.WebContainer;
    run(command: string, args?: string[], options?: Client.SpawnOptions): Promise<{ output: string; exitCode: number }>;
  }
}

const ISOLATED = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

const SCRIPT = `
import * as client from '@webcontainer/api';
globalThis.client = client;
globalThis.WEBCONTAINER_API_IFRAME_URL = location.origin + '/headless';
globalThis.run = async (command, args, options) => {
  const process = await container.spawn(command, args ?? [], options);
  let output = '';
  const read = process.output.pipeTo(new WritableStream({ write: (text) => void (output += text) }));
  const exitCode = await process.exit;
  await read;
  return { output, exitCode };
};
`;

let script: Promise<string> | null = null;

async function bundleClient(): Promise<string> {
  const result = await build({
    stdin: { contents: SCRIPT, resolveDir: process.cwd() },
    bundle: true,
    write: false,
    format: 'iife',
    logLevel: 'error',
  });
  return result.outputFiles[0]?.text ?? '';
}

export interface ClientServer extends AsyncDisposable {
  readonly url: string;
  /** What the page has sent to `/report`, as JSON: the test driver gives up a page of which one process has died. */
  readonly reported: Promise<unknown>;
}

/**
 * A page with the client on a port of its own, for what the browser allows to pages that came over the loopback only: they may show
 * others of the loopback. `application` is the address of the server with the sandbox; the page runs `more` once it has the client.
 */
export async function startClientServer(application: string, more = ''): Promise<ClientServer> {
  script ??= bundleClient();
  const text = (await script).replace('location.origin', JSON.stringify(application)) + more;
  const reported = Promise.withResolvers<unknown>();
  const server = createServer(async (request, response) => {
    if (request.url === '/report') reported.resolve(await json(request));
    const isScript = request.url === '/client.js';
    response.writeHead(200, { ...ISOLATED, 'Content-Type': isScript ? 'text/javascript' : 'text/html' });
    response.end(isScript ? text : '<!doctype html><title>client</title><body><script src="/client.js"></script>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    reported: reported.promise,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Opens the page; nothing is booted yet. */
export async function openClient(page: Page): Promise<void> {
  script ??= bundleClient();
  const body = await script;
  await page.route('**/client-under-test', (route) =>
    route.fulfill({ contentType: 'text/html', headers: ISOLATED, body: '<!doctype html><title>client</title><body>' }),
  );
  await page.goto('/client-under-test');
  await page.addScriptTag({ content: body });
}

/** Opens the page and boots: `container` and `run` are globals of the page. */
export async function bootClient(page: Page, options: Client.BootOptions = {}): Promise<void> {
  await openClient(page);
  await bootHere(page, options);
}

/** As {@link bootClient}, in a page that has the client already. */
export async function bootHere(page: Page, options: Client.BootOptions = {}): Promise<void> {
  await page.evaluate(async (given) => {
    window.container = await window.client.WebContainer.boot(given);
  }, options);
}

/** What the kernel holds for programs: nothing is left of those that have ended, once their last calls have come to it. */
export async function expectNothingLeft(page: Page): Promise<void> {
  const counters = () =>
    page.evaluate(() => {
      const frame = document.querySelector('iframe')?.contentWindow;
      return (frame as unknown as { sandboxCounters(): Promise<object> }).sandboxCounters();
    });
  await expect.poll(counters).toEqual({ processes: 0, descriptors: 0, queuedBytes: 0, watchers: 0, commands: 0 });
}

export interface Witness extends AsyncDisposable {
  readonly port: number;
  /** One line for each request, and one for each connection. */
  readonly seen: readonly string[];
}

/** A server that nobody may reach. */
export async function startWitness(): Promise<Witness> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    response.setHeader('Access-Control-Allow-Origin', '*').end('reached');
  });
  server.on('connection', () => seen.push('connection'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    seen,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
