/** The pages of a sandbox's servers, as a browser shows them: in a frame of the client's page and in a tab of their own. */
import { expect, type Page } from '@playwright/test';
import { startWitness } from './support/client.ts';
import { serveGuest, test } from './support/previews.ts';

const SERVER = `
const http = require('http');
const page = (body) => '<!doctype html><html><head><title>Guest</title><link rel="stylesheet" href="/style.css"></head><body>' + body + '</body></html>';
http.createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://x');
  if (pathname === '/style.css') return response.setHeader('Content-Type', 'text/css').end('h1 { color: rgb(1, 2, 3) }');
  if (pathname === '/script.js') return response.setHeader('Content-Type', 'text/javascript').end(
    'fetch("/echo", { method: "POST", body: "päge" }).then((r) => r.text()).then((t) => document.querySelector("p").textContent = t)');
  if (pathname === '/echo') {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    return response.end([request.method, body, request.headers.host, request.headers.origin].join(' '));
  }
  if (pathname === '/go') return response.writeHead(302, { Location: 'http://localhost:3111/landed', 'Set-Cookie': 'k=v; Path=/; SameSite=Lax' }).end();
  if (pathname === '/stream') {
    response.write('first');
    return void request.on('close', () => console.log('closed')) || setTimeout(() => response.end('second'), 50);
  }
  if (pathname === '/large') return response.end(Buffer.alloc(3_000_000, 'ab'));
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.end(page('<h1>' + pathname + '</h1><p></p><i>' + (request.headers.cookie || '') + '</i><script src="/script.js"></script>'));
}).on('upgrade', (request, socket) => {
  const key = require('crypto').createHash('sha1').update(request.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest('base64');
  socket.write('HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\nSec-WebSocket-Accept: ' + key + '\\r\\n\\r\\n');
  socket.write(Buffer.from([0x81, 5, ...Buffer.from('hello')]));
}).listen(3111);
`;

/** Shows the address in a frame. */
async function frameOf(page: Page, url: string) {
  await page.evaluate((src) => {
    const frame = document.createElement('iframe');
    frame.id = 'preview';
    frame.src = src;
    document.body.append(frame);
  }, url);
  return page.frameLocator('#preview');
}

test('a page with its style, script and requests shows in a frame and in a tab', async ({ page, context }) => {
  const url = await serveGuest(page, SERVER);
  expect(url).toMatch(/^http:\/\/3111\.[0-9a-f]{20}\.localhost:\d+$/);
  const frame = await frameOf(page, `${url}/deep/page?x`);
  await expect(frame.locator('h1')).toHaveText('/deep/page');
  await expect(frame.locator('h1')).toHaveCSS('color', 'rgb(1, 2, 3)');
  await expect(frame.locator('p')).toHaveText('POST päge localhost:3111 http://localhost:3111');
  const tab = await context.newPage();
  await tab.goto(`${url}/go`);
  expect(tab.url()).toBe(`${url}/landed`);
  await expect(tab.locator('h1')).toHaveText('/landed');
  await expect(tab.locator('p')).toContainText('POST päge');
  await expect(tab.locator('i')).toHaveText('k=v');
  expect(await tab.title()).toBe('Guest');
  const seen = await tab.evaluate(async () => ({
    stream: await (await fetch('/stream')).text(),
    large: (await (await fetch('/large')).arrayBuffer()).byteLength,
    posted: (await (await fetch('/echo', { method: 'POST', body: 'x'.repeat(2_000_000) })).text()).length,
    socket: await new Promise((resolve, reject) => {
      const socket = new WebSocket(`ws://${location.host}/socket`);
      socket.onmessage = ({ data }) => resolve(data);
      socket.onerror = reject;
    }),
  }));
  expect(seen).toMatchObject({ stream: 'firstsecond', large: 3_000_000, socket: 'hello' });
  expect(seen.posted).toBeGreaterThan(2_000_000);
});

test('a script of the client runs in every page, and errors of pages come back', async ({ page }) => {
  const url = await serveGuest(page, SERVER, { forwardPreviewErrors: true });
  await page.evaluate(async () => {
    const { container } = window;
    Object.assign(window, { reports: [] });
    container.on('preview-message', (message) => (window as unknown as { reports: unknown[] }).reports.push(message));
    await container.setPreviewScript('document.documentElement.dataset.given = "</script>"; document.title = "first"');
  });
  const frame = await frameOf(page, `${url}/a?b#c`);
  await expect(frame.locator('html')).toHaveAttribute('data-given', '</script>');
  await frame.locator('html').evaluate(() => {
    setTimeout(() => {
      throw new TypeError('from the preview');
    });
    void Promise.reject(new Error('not handled'));
    console.error('said', { a: 1 }, 2);
  });
  const reports = () => page.evaluate(() => (window as unknown as { reports: { type: string }[] }).reports);
  await expect.poll(async () => (await reports()).length).toBe(3);
  const place = { port: 3111, pathname: '/a', search: '?b', hash: '#c', previewId: expect.any(String) };
  const stack = expect.stringContaining('at ');
  expect((await reports()).sort((a, b) => a.type.localeCompare(b.type))).toEqual([
    { type: 'PREVIEW_CONSOLE_ERROR', args: ['said', { a: 1 }, 2], stack, ...place },
    { type: 'PREVIEW_UNCAUGHT_EXCEPTION', message: 'from the preview', stack, ...place },
    { type: 'PREVIEW_UNHANDLED_REJECTION', message: 'not handled', stack, ...place },
  ]);
  await frame.locator('h1').evaluate((heading) => heading.append(' changed'));
  await page.evaluate(() =>
    window.client.reloadPreview(document.querySelector('iframe#preview') as HTMLIFrameElement, 5000),
  );
  await expect(frame.locator('h1')).toHaveText('/a');
});

test('a preview reaches its own sandbox and nothing else', async ({ page, context, baseURL }) => {
  await using witness = await startWitness();
  const url = await serveGuest(page, SERVER);
  const tab = await context.newPage();
  await tab.goto(url);
  const address = `127.0.0.1:${witness.port}`;
  const reached = await tab.evaluate(
    async ({ address, app }) => {
      const load = (name: 'img' | 'script' | 'iframe' | 'link', attributes: object) =>
        new Promise((resolve, reject) => {
          const element = Object.assign(document.createElement(name), attributes);
          element.onload = resolve;
          element.onerror = reject;
          document.body.append(element);
          setTimeout(reject, 500);
        });
      const tries = {
        fetch: () => fetch(`http://${address}/f`, { mode: 'no-cors' }),
        image: () => load('img', { src: `http://${address}/i` }),
        script: () => load('script', { src: `http://${address}/s` }),
        link: () => load('link', { rel: 'prefetch', href: `http://${address}/l` }),
        socket: () =>
          new Promise((resolve, reject) => {
            const socket = new WebSocket(`ws://${address}/w`);
            socket.onopen = resolve;
            socket.onerror = reject;
          }),
        beacon: async () => {
          navigator.sendBeacon(`http://${address}/b`, 'x');
          await new Promise((resolve) => setTimeout(resolve, 300));
          throw new Error('the witness knows');
        },
        headless: () => fetch(`${app}/headless`, { mode: 'no-cors' }),
        window: async () => {
          if (window.open(`http://${address}/o`)) return;
          throw new Error('no window');
        },
        ownHeadless: async () => {
          if (!(await (await fetch('/headless')).text()).includes('<h1>/headless</h1>')) return;
          throw new Error("the guest's own page");
        },
      };
      const outcomes = await Promise.allSettled(Object.values(tries).map(async (attempt) => attempt()));
      return Object.keys(tries).filter((_name, index) => outcomes[index]?.status === 'fulfilled');
    },
    { address, app: baseURL ?? '' },
  );
  expect(reached).toEqual([]);
  expect(witness.seen).toEqual([]);
});

test('a port where nothing listens, and a sandbox that has ended, say so', async ({ page, request }) => {
  const url = await serveGuest(page, SERVER);
  const { port, host } = new URL(url);
  // Not every system resolves such names; the browser does.
  const ask = (name: string) => request.get(`http://localhost:${port}/`, { headers: { Host: name } });
  expect(await (await ask(host)).text()).toContain('<h1>/</h1>');
  const silent = await ask(host.replace('3111', '3112'));
  expect([silent.status(), await silent.text()]).toEqual([502, 'Nothing listens at this port of the sandbox.\n']);
  await page.evaluate(() => window.container.teardown());
  await expect.poll(async () => (await ask(host)).status()).toBe(410);
});
