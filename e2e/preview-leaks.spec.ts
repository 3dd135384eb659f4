/**
 * Ways in which a browser asks other hosts, and name servers for them, without a page's script: the browser's own log of its network tells.
 * A browser with a profile of its own, as users have: one without does none of what is only a hint.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, expect, test } from '@playwright/test';
import { BROWSER_ARGUMENTS, findBrowser, ROOT_ARGUMENTS } from '../src/cli/browser/browser.ts';
import { startClientServer } from './support/client.ts';
import { serveGuest } from './support/previews.ts';

/** Elements; HOST is a name for each. Those whose names end in a star work where nothing guards the page. */
const ELEMENTS: Record<string, string> = {
  'image*': '<img src="//HOST/a">',
  'srcset*': '<img srcset="//HOST/a 1x">',
  'picture*': '<picture><source srcset="//HOST/a"><img></picture>',
  'video*': '<video src="//HOST/a" autoplay muted></video>',
  'poster*': '<video poster="//HOST/p"></video>',
  'audio*': '<audio src="//HOST/a" preload></audio>',
  track: '<video src="data:video/mp4,"><track default src="//HOST/t" kind="captions"></video>',
  'object*': '<object data="//HOST/o"></object>',
  'embed*': '<embed src="//HOST/e">',
  'frame*': '<iframe src="//HOST/i"></iframe>',
  'input*': '<input type="image" src="//HOST/i">',
  'svg image*': '<svg><image href="//HOST/s"/></svg>',
  'svg use': '<svg><use href="//HOST/s#a"/></svg>',
  'svg filter*':
    '<svg><filter id="f"><feImage href="//HOST/f"/></filter><rect filter="url(#f)" width="9" height="9"/></svg>',
  'svg script*': '<svg><script href="//HOST/s"></script></svg>',
  'style import*': '<style>@import "//HOST/c";</style>',
  'style sheet*': '<link rel="stylesheet" href="//HOST/c">',
  'style background*': '<div style="background:url(//HOST/b)">x</div>',
  'style font*': '<style>@font-face{font-family:F1;src:url(//HOST/f)}p{font-family:F1}</style><p>x</p>',
  'style cursor*': '<div style="cursor:url(//HOST/c),auto">x</div>',
  'style content*': '<style>p::before{content:url(//HOST/c)}</style><p>x</p>',
  prefetch: '<link rel="prefetch" href="//HOST/p">',
  'preload*': '<link rel="preload" as="script" href="//HOST/p">',
  'module preload*': '<link rel="modulepreload" href="//HOST/p">',
  'preconnect*': '<link rel="preconnect" href="//HOST">',
  'dns-prefetch*': '<link rel="dns-prefetch" href="//HOST">',
  'links that are looked up': '<meta http-equiv="x-dns-prefetch-control" content="on"><a href="//HOST/x">x</a>',
  prerender: '<link rel="prerender" href="//HOST/p">',
  manifest: '<link rel="manifest" href="//HOST/m">',
  dictionary: '<link rel="compression-dictionary" href="//HOST/d">',
  'script*': '<script src="//HOST/s"></script>',
  'module*': '<script type="module">import "//HOST/s"</script>',
  speculation:
    '<script type="speculationrules">{"prefetch":[{"urls":["https://HOST/s"],"eagerness":"immediate"}]}</script>',
  'speculative page':
    '<script type="speculationrules">{"prerender":[{"urls":["//HOST/s"],"eagerness":"immediate"}]}</script>',
  'policy in the page': `<meta http-equiv="Content-Security-Policy" content="img-src 'none'; report-uri //HOST/r"><img src="/x">`,
  'link of a script*': `<script>document.head.append(Object.assign(document.createElement('link'), { rel: 'dns-prefetch', href: 'http://HOST' }))</script>`,
  'link of a frame*': '<iframe srcdoc="<link rel=preconnect href=http://HOST>"></iframe>',
};
/** Scripts, likewise. */
const SCRIPTS: Record<string, string> = {
  'event source*': 'new EventSource("//HOST/e")',
  'WebSocketStream*': 'new WebSocketStream("ws://HOST/")',
  WebTransport: 'new WebTransport("https://HOST/")',
  'beacon*': 'navigator.sendBeacon("//HOST/b", "x")',
  'later fetch': 'fetchLater("https://HOST/l", { activateAfter: 0 })',
  'cache*': 'caches.open("x").then((cache) => cache.add(new Request("http://HOST/c", { mode: "no-cors" })))',
  'worker*': `new Worker(URL.createObjectURL(new Blob(["fetch('http://HOST/w', { mode: 'no-cors' })"])))`,
  'worker of data*': `new Worker("data:text/javascript,fetch('http://HOST/w',{mode:'no-cors'})")`,
  'shared worker*': `new SharedWorker(URL.createObjectURL(new Blob(["fetch('http://HOST/w', { mode: 'no-cors' })"])))`,
  'font face*': 'new FontFace("x", "url(//HOST/f)").load()',
  'window*': 'open("//HOST/o")',
  'link with an opener*':
    'Object.assign(document.createElement("a"), { href: "//HOST/o", target: "_blank", rel: "opener" }).click()',
  'ping*': 'Object.assign(document.createElement("a"), { href: "#", ping: "http://HOST/p" }).click()',
  'download*': 'Object.assign(document.createElement("a"), { href: "//HOST/d", download: "x" }).click()',
  'credentials*':
    'navigator.credentials.get({ identity: { providers: [{ configURL: "https://HOST/c.json", clientId: "x" }] } })',
  'payment*':
    'new PaymentRequest([{ supportedMethods: "https://HOST/p" }], { total: { label: "x", amount: { currency: "USD", value: "1" } } }).canMakePayment()',
  'worklet*': 'new AudioContext().audioWorklet.addModule("http://HOST/m")',
  'import of JSON*': 'import("http://HOST/j", { with: { type: "json" } })',
};
/** Headers of a page. */
const HEADERS: Record<string, Record<string, string>> = {
  'header preconnect*': { Link: '<http://HOST>; rel=preconnect' },
  'header dns-prefetch*': { Link: '<http://HOST>; rel=dns-prefetch' },
  'header preload': { Link: '<http://HOST/p>; rel=preload; as=script' },
  'header report-uri*': { 'Content-Security-Policy': "img-src 'none'; report-uri http://HOST/r" },
  'header report-to': {
    'Reporting-Endpoints': 'a="https://HOST/r"',
    'Content-Security-Policy': "img-src 'none'; report-to a",
  },
  'header network errors': {
    'Report-To': '{"group":"a","max_age":9,"endpoints":[{"url":"https://HOST/r"}]}',
    NEL: '{"report_to":"a","max_age":9,"success_fraction":1.0}',
  },
  'header refresh*': { Refresh: '0; url=http://HOST/r' },
  'header speculation rules': { 'Speculation-Rules': '"http://HOST/rules.json"' },
};
const NAMES = [ELEMENTS, SCRIPTS, HEADERS].flatMap((ways) => Object.keys(ways));
const WORKING = NAMES.filter((name) => name.endsWith('*'));

/** A body of a server; `side` stands in front of each name. */
const HANDLER = (side: string) => `
const [names, elements, scripts, headers] = ${JSON.stringify([NAMES, ELEMENTS, SCRIPTS, HEADERS]).replaceAll('/', '\\/')};
const pathOf = (name) => '/' + names.indexOf(name);
const inside = { ...elements };
for (const [name, text] of Object.entries(scripts)) inside[name] = '<script>(async () => {' + text + '})().catch(() => {})</' + 'script>';
const name = names[request.url.slice(1)];
const put = (text) => text.replaceAll('HOST', '${side}-' + names.indexOf(name) + '.fixpoint-witness.test');
response.setHeader('Content-Type', 'text/html');
for (const [key, value] of Object.entries(headers[name] ?? {})) response.setHeader(key, put(value));
const frames = Object.keys(inside).map((each) => '<iframe src="' + pathOf(each) + '"></iframe>').join('');
response.end('<!doctype html><title>x</title><body><img src="/x">' + (request.url === '/all' ? frames : put(inside[name] ?? '')));
`;

test('no page of a preview makes the browser ask another host, or a name server', async ({ baseURL }) => {
  const folder = await mkdtemp(join(tmpdir(), 'fixpoint-leaks-'));
  const log = join(folder, 'log.json');
  const executablePath = findBrowser();
  const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
    ...(executablePath ? { executablePath } : {}),
    args: [...BROWSER_ARGUMENTS, ...ROOT_ARGUMENTS, `--log-net-log=${log}`].filter(
      (flag) => !flag.includes('background-networking'),
    ),
    // Without it no hint is followed.
    ignoreDefaultArgs: ['--disable-background-networking'],
  });
  const plain = createServer(new Function('request', 'response', HANDLER('open')) as RequestListener);
  await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
  await using client = await startClientServer(baseURL ?? '');
  const page = await context.newPage();
  await page.goto(client.url);
  const url = await serveGuest(
    page,
    `require('http').createServer((request, response) => {${HANDLER('preview')}}).listen(3111)`,
  );
  const open = async (base: string, path: string | number) => {
    const tab = await context.newPage();
    // What another host does not answer keeps a page from being done.
    await tab.goto(`${base}/${path}`, { waitUntil: 'commit' });
  };
  const plainUrl = `http://localhost:${(plain.address() as AddressInfo).port}`;
  for (const base of [url, plainUrl])
    for (const path of ['all', ...Object.keys(HEADERS).map((name) => NAMES.indexOf(name))]) await open(base, path);
  // Of the responses' headers, which name the hosts, it tells, too: names that are looked up stand alone.
  const asked = async (side: string) => {
    const text = await readFile(log, 'utf8');
    return NAMES.filter((_, index) =>
      new RegExp(`"(?:host|url|origin|group_id|destination)[^"]*":"[^"]*\\b${side}-${index}\\.fixpoint-witness`).test(
        text,
      ),
    );
  };
  let before = Number.POSITIVE_INFINITY;
  // A browser follows hints when it has the time: what it has left out it is given again when nothing more comes, each page once.
  const missing = async () => {
    const found = await asked('open');
    const rest = WORKING.filter((name) => !found.includes(name));
    const pages = new Set(rest.map((name) => (name in HEADERS ? NAMES.indexOf(name) : 'all')));
    for (const path of rest.length < before ? [] : pages) await open(plainUrl, path);
    before = rest.length;
    return rest;
  };
  // The pages of the preview, which came first, have had the same time.
  await expect.poll(missing, { intervals: [1000, 2000, 4000, 8000, 16_000] }).toEqual([]);
  await context.close();
  plain.close();
  expect(await asked('preview')).toEqual([]);
  await rm(folder, { recursive: true, force: true });
});
