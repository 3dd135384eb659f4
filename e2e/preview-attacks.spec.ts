/** What a page of a preview, and the server that sends it, may try: to reach another host, to bring down the relay, to forge a report. */
import { expect } from '@playwright/test';
import { startWitness } from './support/client.ts';
import { serveGuest, test } from './support/previews.ts';

/** Sends, for a path, what stands under it, to the byte. */
const RAW_SERVER = (answers: Record<string, string>) => `
const answers = ${JSON.stringify(answers)};
require('net').createServer((socket) => {
  socket.on('error', () => {});
  let text = '';
  socket.on('data', (data) => {
    text += data.toString('latin1');
    if (!text.includes('\\r\\n\\r\\n')) return;
    const path = text.split(' ')[1];
    text = '';
    if (path === '/silent') return;
    socket.end(Buffer.from(answers[path] ?? 'HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\nalive', 'latin1'));
  });
}).listen(3111);
`;

/** What no server should say, and what no relay may. */
const BROKEN: Record<string, string> = {
  '/status-0': 'HTTP/1.1 000 None\r\nContent-Length: 0\r\n\r\n',
  '/status-99': 'HTTP/1.1 099 Low\r\nContent-Length: 0\r\n\r\n',
  '/status-999': 'HTTP/1.1 999 High\r\nContent-Length: 0\r\n\r\n',
  '/message': 'HTTP/1.1 200 a\x01b\x7f\r\nContent-Length: 0\r\n\r\n',
  '/header': 'HTTP/1.1 200 OK\r\nX-A: a\x01b\x7f\r\nContent-Length: 0\r\n\r\n',
  '/name': 'HTTP/1.1 200 OK\r\nX(A): b\r\nContent-Length: 0\r\n\r\n',
  '/location': 'HTTP/1.1 302 Found\r\nLocation: http://localhost:99999999/\x01\r\nContent-Length: 0\r\n\r\n',
  '/length': 'HTTP/1.1 200 OK\r\nContent-Length: 999999999999999999999\r\n\r\nx',
  '/chunks': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
  '/trailer': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n1\r\nx\r\n0\r\nX: \x01\r\n\r\n',
  '/early':
    'HTTP/1.1 103 Early Hints\r\nLink: <http://example.com/>; rel=preconnect\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx',
  '/continue':
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx',
  '/switch': 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nxyz',
  '/cookie': 'HTTP/1.1 200 OK\r\nSet-Cookie: a=\x01\r\nSet-Cookie: ;;;;\r\nContent-Length: 0\r\n\r\n',
  '/many': `HTTP/1.1 200 OK\r\n${'X-Many: 1\r\n'.repeat(2100)}Content-Length: 0\r\n\r\n`,
  '/huge': `HTTP/1.1 200 OK\r\nX-Huge: ${'x'.repeat(40_000)}\r\nContent-Length: 0\r\n\r\n`,
  '/no-content': 'HTTP/1.1 204 No\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nhello',
  '/none': '',
  '/half': 'HTTP/1.1 200',
  '/html': 'HTTP/1.1 304 Not\r\nContent-Type: text/html\r\n\r\n',
};

/** A service worker makes answers of its own, to which no server can add a policy. */
const WORKER_SERVER = (witness: number) => `
const escape = (way) => 'fetch("http://127.0.0.1:${witness}/' + way + '", { mode: "no-cors" }).catch(() => {});';
const worker = 'const page = ' + JSON.stringify('<title>taken</title><script>' + escape('page') + '</script>') + ';' +
  'addEventListener("install", () => skipWaiting());' +
  'addEventListener("activate", (event) => event.waitUntil(clients.claim()));' +
  'addEventListener("fetch", (event) => event.respondWith(new Response(page, { headers: {' +
  '"Content-Type": "text/html", "Cross-Origin-Embedder-Policy": "require-corp", "Cross-Origin-Resource-Policy": "cross-origin" } })));' + escape('worker');
require('http').createServer((request, response) => {
  const isScript = request.url.startsWith('/worker.js');
  response.writeHead(200, { 'Content-Type': isScript ? 'text/javascript' : 'text/html', 'Cache-Control': 'max-age=3600' });
  response.end(isScript ? worker : '<title>served</title>');
}).listen(3111);
`;

test('a preview has no service worker, which would give it pages without a policy', async ({ page, context }) => {
  await using witness = await startWitness();
  const url = await serveGuest(page, WORKER_SERVER(witness.port));
  await page.evaluate((src) => document.body.append(Object.assign(document.createElement('iframe'), { src })), url);
  const tab = await context.newPage();
  await tab.goto(url);
  await expect.poll(() => page.frames().some((frame) => frame.url().startsWith(url))).toBe(true);
  const frame = page.frames().find((candidate) => candidate.url().startsWith(url));
  if (!frame) throw new Error('The page has no frame');
  for (const place of [tab, frame]) {
    const outcomes = await place.evaluate(async () => {
      // So that the browser has it, and need not ask for a service worker's script.
      await (await fetch('/worker.js?kept')).text();
      const register = (script: string) =>
        navigator.serviceWorker.register(script, { updateViaCache: 'all' }).then(
          () => navigator.serviceWorker.ready.then(() => 'registered'),
          (error: Error) => error.name,
        );
      return [await register('/worker.js'), await register('/worker.js?kept')];
    });
    expect(outcomes).toEqual([expect.stringMatching(/Error$/), expect.stringMatching(/Error$/)]);
    await place.goto(`${url}/again`);
    expect(await place.title()).toBe('served');
  }
  expect(witness.seen).toEqual([]);
});

test('no answer of a server in the sandbox brings down the relay', async ({ page, baseURL }) => {
  const url = await serveGuest(page, RAW_SERVER(BROKEN));
  const { port, host } = new URL(url);
  const { connect } = await import('node:net');
  /** As a browser does, but for the way it ends. */
  const ask = (path: string, headers: readonly string[] = [], leave: 'end' | 'reset' | 'give up' = 'end') =>
    new Promise<string>((resolve) => {
      let text = '';
      const socket = connect(Number(port), '127.0.0.1', () => {
        socket.write([`GET ${path} HTTP/1.1`, `Host: ${host}`, 'Connection: close', ...headers, '', ''].join('\r\n'));
        if (leave === 'reset') setTimeout(() => socket.resetAndDestroy(), 200);
      });
      if (leave === 'give up') socket.setTimeout(3000, () => socket.destroy());
      socket.on('data', (data) => (text += data.toString('latin1')));
      socket.on('error', () => undefined);
      socket.on('close', () => resolve(text.split('\r\n')[0] ?? ''));
    });
  const upgrade = [
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  ];
  for (const path of Object.keys(BROKEN)) {
    for (const headers of [[], ['Sec-Fetch-Dest: image'], upgrade])
      expect(await ask(path, headers, 'give up')).toMatch(/^$|^HTTP\/1\.1 [1-9]\d\d /);
    expect(await ask('/'), path).toBe('HTTP/1.1 200 OK');
  }
  for (const headers of [[], upgrade]) expect(await ask('/silent', headers, 'reset')).toBe('');
  expect(await ask('/')).toBe('HTTP/1.1 200 OK');
  expect((await fetch(`${baseURL}/`)).status).toBe(200);
});

test('no redirection leads a browser out of the sandbox', async ({ page, context }) => {
  await using witness = await startWitness();
  const url = await serveGuest(
    page,
    `require('http').createServer((request, response) => {
      if (request.url === '/') return response.end('here');
      response.writeHead(Number(request.url.slice(1, 4)), { Location: 'http://x.localhost:${witness.port}/?secret' }).end();
    }).listen(3111);`,
  );
  const tab = await context.newPage();
  for (const status of [301, 302, 303, 307, 308]) {
    await page.evaluate((src) => {
      const frame = Object.assign(document.createElement('iframe'), { src });
      document.body.append(frame);
      return new Promise((resolve) => frame.addEventListener('load', resolve));
    }, `${url}/${status}`);
    await tab.goto(`${url}/${status}`);
    expect(tab.url()).toBe(`${url}/${status}`);
    await expect(tab.locator('body')).toContainText('which no preview may reach');
  }
  expect(witness.seen).toEqual([]);
});

/** Ways by which a page leaves for OUT, and by one of them for a server of its own sandbox. */
const LEAVING: Record<string, string> = {
  refresh: '<meta http-equiv=refresh content="0;url=OUT">',
  location: '<script>location = "OUT"</script>',
  replace: '<script>location.replace("OUT")</script>',
  link: '<a id=a href="OUT">x</a><script>a.click()</script>',
  area: '<map><area id=a href="OUT"></map><script>a.click()</script>',
  'svg link':
    '<svg><a id=a href="OUT"><text>x</text></a></svg><script>a.dispatchEvent(new MouseEvent("click", { bubbles: true }))</script>',
  'navigation api': '<script>navigation.navigate("OUT").finished.catch(() => {})</script>',
  'open in itself': '<script>open("OUT", "_self")</script>',
  'script address': `<script>location = "javascript:location = 'OUT'"</script>`,
  'written anew':
    '<script>document.open(); document.write("<script>location = \'OUT\'<" + "/script>"); document.close()</script>',
  'behind other listeners':
    '<script>navigation.onnavigate = (event) => event.stopImmediatePropagation(); Event.prototype.preventDefault = () => {}; location = "OUT"</script>',
  'a scheme of another program': '<script>location = "mailto:x@example.com"</script>',
};

test('no page of a preview leaves its sandbox', async ({ page, context }) => {
  await using witness = await startWitness();
  const out = `http://x.localhost:${witness.port}/secret`;
  const url = await serveGuest(
    page,
    `const ways = ${JSON.stringify(LEAVING).replaceAll('</', '<\\/')};
    require('http').createServer((request, response) => {
      response.setHeader('Content-Type', 'text/html');
      if (request.url === '/header') response.setHeader('Refresh', '0; url=${out}');
      const way = ways[decodeURIComponent(request.url.slice(1))] ?? '';
      response.end('<!doctype html><body>here ' + way.replaceAll('OUT', '${out}'));
    }).listen(3111);
    require('http').createServer((request, response) => response.end('another port')).listen(3112);`,
  );
  for (const way of Object.keys(LEAVING)) {
    const tab = await context.newPage();
    const told = tab.waitForEvent('console', (message) => message.text().includes('does not go to'));
    await tab.goto(`${url}/${encodeURIComponent(way)}`);
    await told;
    expect(tab.url(), way).toBe(`${url}/${encodeURIComponent(way)}`);
    await tab.close();
  }
  const tab = await context.newPage();
  await tab.goto(`${url}/header`);
  await tab.evaluate((to) => Object.assign(location, { href: to }), url.replace('3111', '3112'));
  await expect(tab.locator('body')).toHaveText('another port');
  expect(witness.seen).toEqual([]);
});

test('a page of a preview reports for itself, what was asked for, and nothing else', async ({ page, context }) => {
  const url = await serveGuest(page, "require('http').createServer((q, r) => r.end('<p>here')).listen(3111)", {
    forwardPreviewErrors: 'exceptions-only',
  });
  await page.evaluate(() => {
    Object.assign(window, { reports: [] });
    window.container.on('preview-message', (message) =>
      (window as unknown as { reports: unknown[] }).reports.push(message),
    );
  });
  const tab = await context.newPage();
  await tab.goto(url);
  const statuses = await tab.evaluate(async () => {
    const place = { pathname: '/', search: '', hash: '' };
    const exception = { type: 'PREVIEW_UNCAUGHT_EXCEPTION', message: 'x', stack: 'y', ...place };
    const bodies = [
      null,
      { type: 'port' },
      { ...exception, message: { toString: 1 } },
      { type: 'PREVIEW_CONSOLE_ERROR', args: [], stack: '', ...place },
      { ...exception, port: 80, previewId: 'another', extra: 1 },
    ];
    const post = (body: unknown) => fetch('/.fixpoint/report', { method: 'POST', body: JSON.stringify(body) });
    return (await Promise.all(bodies.map(post))).map(({ status }) => status);
  });
  expect(statuses).toEqual([400, 400, 400, 400, 204]);
  const place = {
    pathname: '/',
    search: '',
    hash: '',
    port: 3111,
    previewId: new URL(url).host.replace(/\.localhost.*/, ''),
  };
  const reports = () => page.evaluate(() => (window as unknown as { reports: unknown[] }).reports);
  await expect.poll(async () => (await reports()).length).toBeGreaterThan(0);
  expect(await reports()).toEqual([{ type: 'PREVIEW_UNCAUGHT_EXCEPTION', message: 'x', stack: 'y', ...place }]);
});

/** Serves, in every form that a page has, a script that sends packets to the witness by WebRTC. */
const PEER_SERVER = (port: number) => {
  const offer = [
    ...[
      'v=0',
      'o=- 1 2 IN IP4 127.0.0.1',
      's=-',
      't=0 0',
      'a=group:BUNDLE 0',
      'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    ],
    ...['c=IN IP4 0.0.0.0', 'a=ice-ufrag:abcd', 'a=ice-pwd:abcdefghijklmnopqrstuvwx'],
    ...[`a=fingerprint:sha-256 ${Array(32).fill('AA').join(':')}`, 'a=setup:actpass', 'a=mid:0', 'a=sctp-port:5000'],
    ...[`a=candidate:1 1 UDP 2122252543 127.0.0.1 ${port} typ host`, ''],
  ].join('\\r\\n');
  const script = `(async () => { const peer = new RTCPeerConnection(); await peer.setRemoteDescription({ type: 'offer', sdp: '${offer}' });
    await peer.setLocalDescription(await peer.createAnswer()); })().catch(() => {})`;
  return `
const script = ${JSON.stringify(script)}, element = '<script>' + script + '</script>';
const page = '<!doctype html><title>x</title>' + element;
const svg = '<svg xmlns="http://www.w3.org/2000/svg">' + element + '</svg>';
const html = { 'Content-Type': 'text/html' };
const answers = {
  '/plain': [html, page],
  '/untyped': [{}, page],
  '/comment': [html, '<!-->' + element + '-->' + page],
  '/attribute': [html, '<html a="><head>">' + page],
  '/utf-16': [{ 'Content-Type': 'text/html; charset=utf-16le' }, Buffer.from(page, 'utf16le')],
  '/gzip': [{ ...html, 'Content-Encoding': 'gzip' }, require('zlib').gzipSync(page)],
  '/zstd': [{ ...html, 'Content-Encoding': 'zstd' }, require('zlib').zstdCompressSync(page)],
  '/svg': [{ 'Content-Type': 'image/svg+xml' }, svg],
  '/xhtml': [{ 'Content-Type': 'application/xhtml+xml' }, '<html xmlns="http://www.w3.org/1999/xhtml">' + element + '</html>'],
  '/data': [html, '<iframe src="data:text/html,' + encodeURIComponent(page) + '"></iframe>'],
  '/object': [html, '<object data="http://localhost:3112/plain"></object>'],
  '/kept': [{ ...html, 'Cache-Control': 'max-age=3600' }, page],
  '/keeps': [html, '<script>fetch("/kept").then((r) => r.text()).then(() => location = "/kept")</script>'],
};
for (const port of [3112, 3111])
  require('http').createServer((request, response) => {
    const [headers, body] = answers[request.url] ?? [html, Object.keys(answers).join(' ')];
    response.writeHead(200, headers).end(body);
  }).listen(port);
`;
};

test('no page of a preview sends packets by WebRTC', async ({ page, context }) => {
  const { createSocket } = await import('node:dgram');
  const witness = createSocket('udp4');
  let packets = 0;
  witness.on('message', () => packets++);
  await new Promise<void>((resolve) => witness.bind(0, '127.0.0.1', resolve));
  const url = await serveGuest(page, PEER_SERVER(witness.address().port));
  const tab = await context.newPage();
  await tab.goto(url);
  const paths = (await tab.locator('body').innerText()).split(' ');
  expect(paths.length).toBe(13);
  const sent: string[] = [];
  for (const path of paths) {
    await tab.goto(`${url}${path}`);
    // A connection that nobody answers is tried several times a second.
    await tab.waitForTimeout(700);
    if (packets > 0) sent.push(path);
    packets = 0;
  }
  expect(sent).toEqual([]);
  witness.close();
});

test('requests that are never answered leave the browser connections for the application', async ({
  page,
  context,
  baseURL,
}) => {
  const url = await serveGuest(
    page,
    `for (let port = 3111; port < 3171; port++) require('http').createServer((request, response) => {
      if (request.url === '/') response.end('here');
    }).on('upgrade', () => {}).listen(port);`,
  );
  const tab = await context.newPage();
  await tab.goto(url);
  await tab.evaluate((own) => {
    const counted = Object.assign(window, { refused: 0 });
    for (let index = 0; index < 480; index++) {
      const address = `${own.replace('3111', String(3111 + (index % 60)))}/${index}`;
      void fetch(address, { mode: 'no-cors' }).then(() => counted.refused++);
    }
  }, url);
  const refused = () => tab.evaluate(() => (window as unknown as { refused: number }).refused);
  // The browser may have asked for something of its own meanwhile, such as an icon.
  await expect.poll(refused).toBeGreaterThanOrEqual(480 - 64);
  const other = await context.newPage();
  expect((await other.goto(`${baseURL}/`))?.status()).toBe(200);
  expect(await page.evaluate(() => window.run('git', ['--version']))).toMatchObject({ exitCode: 0 });
  await tab.close();
  await other.close();
  const again = await context.newPage();
  // What the closed pages asked for is given up by and by.
  await expect(async () => {
    await again.goto(url);
    expect(await again.locator('body').innerText()).toBe('here');
  }).toPass();
});

test('the application answers at no name that a preview may reach', async ({ page, context }) => {
  const url = await serveGuest(page, "require('http').createServer((q, r) => r.end('here')).listen(3111)");
  const tab = await context.newPage();
  await tab.goto(url);
  for (const name of ['99999', 'x', '3111.x']) {
    const other = url.replace('3111', name);
    const answer = await tab.goto(`${other}/headless`);
    expect(answer?.status(), other).toBe(410);
  }
});
