/** Ways to a document without our script, or out of the sandbox, that a page of a preview and its server have together. */
import { expect } from '@playwright/test';
import { startWitness } from './support/client.ts';
import { serveGuest, test } from './support/previews.ts';

const script = (text: string) => `<script>${text}</script>`;
/** The value of such an address is a document, whose script tells what it finds. */
const ADDRESS = `"javascript:'<script>top.told = typeof RTCPeerConnection<\\/script>'"`;

const ADDRESSES: Record<string, string> = {
  'its own address': script(`location = ${ADDRESS}`),
  'its own address, later': script(`onload = () => setTimeout(() => { location.href = ${ADDRESS} })`),
  'itself opened': script(`open(${ADDRESS}, '_self')`),
  'a link': `<a id="a">x</a>${script(`a.href = ${ADDRESS}; a.click()`)}`,
  'a form': `<form id="a"></form>${script(`a.action = ${ADDRESS}; a.submit()`)}`,
  'the address of a frame': `<iframe></iframe>${script(`frames[0].location = ${ADDRESS}`)}`,
  'the target of a link': `<iframe name="b"></iframe><a id="a" target="b">x</a>${script(`a.href = ${ADDRESS}; a.click()`)}`,
  'a frame of no origin': script(`const frame = document.createElement('iframe'); frame.sandbox = 'allow-scripts';
    frame.srcdoc = '<script>location = "javascript:\\'<script>parent.postMessage(typeof RTCPeerConnection, \\\\\\'*\\\\\\')<\\\\/script>\\'"<' + '/script>';
    onmessage = ({ data }) => { told = data }; document.body.append(frame)`),
  'behind a comment': script(`location = ${ADDRESS} + ' //'`),
  'of a block': script(`location = "javascript:{ 1; '<script>told = typeof RTCPeerConnection<\\/script>' }"`),
  'with a policy of its own': script(
    `trustedTypes.createPolicy('default', { createScript: (text) => text }); location = ${ADDRESS}`,
  ),
};

test('no address of a script makes a document without our script', async ({ page, context }) => {
  const url = await serveGuest(
    page,
    `const pages = ${JSON.stringify(ADDRESSES)};
    require('http').createServer((request, response) => response.setHeader('Content-Type', 'text/html')
      .end('<!doctype html><title>first</title><body>' + pages[decodeURIComponent(request.url.slice(1))])).listen(3111);`,
  );
  const tab = await context.newPage();
  for (const name of Object.keys(ADDRESSES)) {
    await tab.goto(`${url}/${encodeURIComponent(name)}`);
    await tab.waitForTimeout(300);
    const found = await tab.evaluate(() => [
      document.title,
      typeof RTCPeerConnection,
      (window as { told?: string }).told,
    ]);
    expect(found, name).toEqual(['first', 'undefined', undefined]);
  }
});

/** Answers a request for a document otherwise than the same request of a script. */
const KEEPING_SERVER = `
const page = '<!doctype html><script>document.title = typeof RTCPeerConnection</script>' + '.'.repeat(400_000);
require('http').createServer((request, response) => {
  const kept = { 'Content-Type': 'text/html', ETag: '"x"', 'Cache-Control': 'max-age=3600', 'Accept-Ranges': 'bytes' };
  const [name] = request.url.slice(1).split('?');
  const isShown = request.headers['sec-fetch-dest'] === 'document';
  if (name === 'start') return response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>start</title>');
  if (!isShown && name === 'part') {
    response.writeHead(200, { ...kept, 'Content-Length': page.length }).write(page.slice(0, 200_000));
    return setTimeout(() => response.destroy(), 300);
  }
  if (!isShown) return response.writeHead(200, kept).end(page);
  if (name === 'untyped') delete kept['Content-Type'];
  if (name !== 'part') return response.writeHead(304, kept).end();
  const from = Number(/\\d+/.exec(request.headers.range ?? '0'));
  response.writeHead(206, { ...kept, 'Content-Range': 'bytes ' + from + '-399999/400000' }).end(page.slice(from));
}).listen(3111);
`;

test('no document comes of what a script has fetched, in part or as a whole', async ({ page, context }) => {
  const url = await serveGuest(page, KEEPING_SERVER);
  for (const [name, fetched] of [
    ['html', 'fetch'],
    ['untyped', 'fetch'],
    ['part', 'fetch'],
    ['html?2', 'link'],
  ] as const) {
    const tab = await context.newPage();
    await tab.goto(`${url}/start`);
    await tab.evaluate(
      async ([address, way]) => {
        if (way === 'fetch') {
          await fetch(address)
            .then((answer) => answer.text())
            .catch(() => undefined);
          return;
        }
        const link = Object.assign(document.createElement('link'), { rel: 'prefetch', href: address });
        document.head.append(link);
        await new Promise((resolve) => link.addEventListener('load', resolve));
      },
      [`/${name}`, fetched] as const,
    );
    const answer = await tab.goto(`${url}/${name}`);
    expect(answer?.status(), name).toBe(502);
    await expect(tab.locator('body')).toContainText('where a whole document was asked for');
    expect(await tab.title()).toBe('');
    await tab.close();
  }
});

test('no signed exchange leads a browser out of the sandbox', async ({ page, context }) => {
  await using witness = await startWitness();
  const fallback = `https://localhost:${witness.port}/?secret`;
  const certificate = `https://localhost:${witness.port}/certificate`;
  const url = await serveGuest(
    page,
    `const text = (value, bytes) => { const length = Buffer.alloc(bytes); length.writeUIntBE(value.length, 0, bytes); return length; };
    const signature = 'label; sig=*AAAA*; validity-url="${fallback}"; integrity="digest/mi-sha256-03"; cert-url="${certificate}"; cert-sha256=*AAAA*; date=1; expires=2';
    const headers = Buffer.from([0xa0]);
    const exchange = Buffer.concat([Buffer.from('sxg1-b3\\0'), text('${fallback}', 2), Buffer.from('${fallback}'),
      text(signature, 3), text(headers, 3), Buffer.from(signature), headers, Buffer.from('body')]);
    const types = ['application/signed-exchange;v=b3', 'Application/Signed-Exchange; v=b3', 'text/html, application/signed-exchange;v=b3'];
    require('http').createServer((request, response) => {
      const type = types[request.url.slice(1)];
      response.writeHead(200, { 'Content-Type': type ?? 'text/plain', 'X-Content-Type-Options': 'nosniff' }).end(type ? exchange : 'x');
    }).listen(3111);`,
  );
  const tab = await context.newPage();
  for (const index of [0, 1, 2]) {
    await tab.goto(`${url}/${index}`);
    expect(tab.url()).toBe(`${url}/${index}`);
    await expect(tab.locator('body')).toContainText('signed exchange');
  }
  expect(witness.seen).toEqual([]);
});

/** What pages do with texts, which all pass through our script: each says what it came to. */
const TEXTS: Record<string, [work: string, result: unknown]> = {
  eval: ['let own = 3; return eval("own * 14")', 42],
  Function: ['return new Function("a", "return a * 2")(21)', 42],
  timer: ['return new Promise((resolve) => { globalThis.done = resolve; setTimeout("done(42)") })', 42],
  markup: ['document.body.innerHTML = "<b>x</b>"; return document.body.innerHTML', '<b>x</b>'],
  handler: ['document.body.setAttribute("onclick", "this.z = 42"); document.body.click(); return document.body.z', 42],
  script: [
    'document.body.append(Object.assign(document.createElement("script"), { text: "globalThis.y = 42" })); return y',
    42,
  ],
  'script of an address': [
    'location = "javascript:globalThis.w = 42"; while (!globalThis.w) await new Promise((resolve) => setTimeout(resolve, 20)); return w',
    42,
  ],
  'Worker with a text': [
    'return answerOf(new Worker(addressOf("postMessage(eval(\'6*7\') + typeof this)")))',
    '42object',
  ],
  'Worker, strict': [
    'return answerOf(new Worker(addressOf("\'use strict\'; postMessage((() => typeof this)() + (function () { return typeof this })())")))',
    'objectundefined',
  ],
  'Worker of data': ['return answerOf(new Worker("data:text/javascript,postMessage(eval(`6*7`))"))', 42],
  'Worker of a module': [
    'return answerOf(new Worker(addressOf("const { x } = await import(`data:text/javascript,export const x = 42`); postMessage(eval(`x`))"), { type: "module" }))',
    42,
  ],
  'Worker whose address is revoked': [
    'const address = addressOf("onmessage = ({ data }) => postMessage(data * 2)"); const worker = new Worker(address); URL.revokeObjectURL(address); worker.postMessage(21); return answerOf(worker)',
    42,
  ],
  'Worker of a Worker': [
    'return answerOf(new Worker(addressOf("const inner = new Worker(URL.createObjectURL(new Blob([`postMessage(eval(\'6*7\'))`]))); inner.onmessage = ({ data }) => postMessage(data)")))',
    42,
  ],
  'Worker of the server': ['return answerOf(new Worker("/worker.js"))', 42],
  SharedWorker: [
    'const address = addressOf("let n = 0; onconnect = ({ ports: [port] }) => port.postMessage(eval(`++n`))"); const first = new SharedWorker(address); await answerOf(first.port); return answerOf(new SharedWorker(address).port)',
    2,
  ],
  'a frame of its own': [
    'const frame = document.createElement("iframe"); document.body.append(frame); frame.contentDocument.body.innerHTML = "<i>x</i>"; return frame.contentWindow.eval("document.body.innerHTML")',
    '<i>x</i>',
  ],
  'a policy': [
    'return String(trustedTypes.createPolicy("mine", { createHTML: (text) => text + "!" }).createHTML("x"))',
    'x!',
  ],
};

test('the texts of pages and of their Workers do what they did', async ({ page, context }) => {
  const helpers = `const addressOf = (text) => URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
    const answerOf = (target) => new Promise((resolve, reject) => { target.onmessage = ({ data }) => resolve(data); target.onerror = ({ message }) => reject(new Error(message)); });`;
  const url = await serveGuest(
    page,
    `require('http').createServer((request, response) => {
      const isScript = request.url === '/worker.js';
      response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
      response.end(isScript ? "postMessage(eval('6*7'))" : '<!doctype html><title>x</title><body>x');
    }).listen(3111)`,
  );
  const tab = await context.newPage();
  for (const [name, [work, result]] of Object.entries(TEXTS)) {
    await tab.goto(`${url}/`);
    // The driver's own texts are let through anywhere: the page's must come from a script of the page.
    const came = await tab.evaluate(async (text) => {
      const made = document.createElement('script');
      made.text = `globalThis.work = async () => { ${text} }`;
      document.head.append(made);
      const { work: run } = window as unknown as { work(): Promise<unknown> };
      return Promise.race([
        run().catch(String),
        new Promise((resolve) => setTimeout(() => resolve('nothing came'), 100_000)),
      ]);
    }, helpers + work);
    expect(came, name).toBe(result);
  }
});
