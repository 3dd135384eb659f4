/** Frames that a page of a preview makes, in which nothing but our script takes WebRTC away: no way of making them leads past it. */
import { createSocket } from 'node:dgram';
import { expect } from '@playwright/test';
import { serveGuest, test } from './support/previews.ts';

/** A script that sends packets to this port, as the candidate of another side. */
function peer(port: number): string {
  const offer = [
    ...['v=0', 'o=- 1 2 IN IP4 127.0.0.1', 's=-', 't=0 0', 'a=group:BUNDLE 0'],
    ...['m=application 9 UDP/DTLS/SCTP webrtc-datachannel', 'c=IN IP4 0.0.0.0', 'a=ice-ufrag:abcd'],
    ...['a=ice-pwd:abcdefghijklmnopqrstuvwx', `a=fingerprint:sha-256 ${Array(32).fill('AA').join(':')}`],
    ...[
      'a=setup:actpass',
      'a=mid:0',
      'a=sctp-port:5000',
      `a=candidate:1 1 UDP 2122252543 127.0.0.1 ${port} typ host`,
      '',
    ],
  ].join('\\r\\n');
  return `(async () => { const peer = new RTCPeerConnection(); await peer.setRemoteDescription({ type: 'offer', sdp: '${offer}' });
    await peer.setLocalDescription(await peer.createAnswer()); })().catch(() => {})`;
}

const script = (text: string, attributes = '') => `<script${attributes}>${text}</script>`;
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

/**
 * The bodies of pages: `markup` is a frame of another origin with the packets in it, `text` what it shows, `body` an element. Each sends
 * packets where nothing guards it.
 */
const WAYS: Record<string, string> = {
  parsed: 'MARKUP',
  property: script('frame.srcdoc = text; place.append(frame)'),
  attribute: script("frame.setAttribute({ toString: () => 'SrcDoc' }, { toString: () => text }); place.append(frame)"),
  'attribute with namespace': script("frame.setAttributeNS(null, 'srcdoc', text); place.append(frame)"),
  'attribute node': script(
    "const node = document.createAttribute('srcdoc'); frame.setAttributeNode(node); place.append(frame); node.value = text",
  ),
  'text of an attribute': script(
    "const node = document.createAttribute('srcdoc'); frame.attributes.setNamedItem(node); node.textContent = text; place.append(frame)",
  ),
  markup: script('place.innerHTML = markup'),
  'adjacent markup': script("place.insertAdjacentHTML('beforeend', markup)"),
  'unsafe markup': script('place.setHTMLUnsafe(markup)'),
  'markup of an object': script('place.outerHTML = { toString: () => markup }'),
  'trusted markup': script(
    "frame.srcdoc = trustedTypes.createPolicy('a', { createHTML: (text) => text }).createHTML(text); place.append(frame)",
  ),
  fragment: script('place.append(document.createRange().createContextualFragment(markup))'),
  'another document': script("place.append(new DOMParser().parseFromString(markup, 'text/html').body.firstChild)"),
  'an entity of XML':
    script(`const entity = markup.replace('srcdoc', 's&#114;cdoc').replaceAll('&', '&#38;').replace('s&#38;#114;', 's&#114;')
    .replace('<iframe', "<iframe xmlns='http://www.w3.org/1999/xhtml'").replaceAll('"', "'").replaceAll('%', '&#37;');
    const xml = '<!DOCTYPE x [<!ENTITY e "' + entity + '">]><x>&e;</x>';
    place.append(new DOMParser().parseFromString(xml, 'text/xml').documentElement.firstChild)`),
  'a document that was fetched':
    script(`const request = new XMLHttpRequest(); request.open('GET', '/parsed'); request.responseType = 'document';
    request.onload = () => place.append(request.response.querySelector('iframe')); request.send()`),
  written: script(
    "document.write('<ifr'); document.write(markup.slice(4, markup.indexOf('doc='))); document.write(markup.slice(markup.indexOf('doc=')))",
  ),
  'written and sent': `${script("document.write('<iframe sandbox=allow-scripts sr')")}cdoc="TEXT"></iframe>`,
  template: `<template>MARKUP</template>${script("place.append(document.querySelector('template').content.cloneNode(true))")}`,
  'a closed shadow': '<div><template shadowrootmode="closed">MARKUP</template></div>',
  edited: script(
    "document.designMode = 'on'; getSelection().selectAllChildren(place); document.execCommand('insertHTML', false, markup)",
  ),
  'replaced built-ins':
    script(`String.prototype.replace = function () { return String(this) }; RegExp.prototype.exec = () => null;
    RegExp.prototype[Symbol.replace] = (text) => text; Array.prototype[Symbol.iterator] = function* () {}; WeakSet.prototype.has = () => true;
    Object.prototype.get = () => 1; Function.prototype.call = Function.prototype.apply = () => {}; place.innerHTML = markup`),
  'the setter of a new frame': script(`place.append(document.createElement('iframe'));
    Object.getOwnPropertyDescriptor(window[0].HTMLIFrameElement.prototype, 'srcdoc').set.call(frame, text); place.append(frame)`),
  'the setter of a frame as it loads': script(`const other = document.createElement('iframe');
    other.onload = () => { Object.getOwnPropertyDescriptor(window[0].HTMLIFrameElement.prototype, 'srcdoc').set.call(frame, text); place.append(frame) };
    document.open(); document.write('<p>'); document.close(); place = document.documentElement; place.append(other)`),
  'the setter of a document of text': `<iframe src="/text"></iframe>${script(`onload = () => {
    Object.getOwnPropertyDescriptor(window[0].HTMLIFrameElement.prototype, 'srcdoc').set.call(frame, text); place.append(frame) }`)}`,
  'a frame in a frame': script(
    "frame.srcdoc = \"<iframe srcdoc='\" + text.replaceAll('&', '&amp;').replaceAll(\"'\", '&apos;') + \"'></iframe>\"; place.append(frame)",
  ),
  'a frame in a page in a frame': '<iframe sandbox="allow-scripts" src="/property"></iframe>',
  'a blob in a frame': script(
    "frame.src = URL.createObjectURL(new Blob([text], { type: 'text/html' })); place.append(frame)",
  ),
  'a blob': script("location = URL.createObjectURL(new Blob([text], { type: 'text/html' }))"),
  'a policy of the page': script('PEER', ' nonce="a"'),
  'a policy in the page': `<meta http-equiv="Content-Security-Policy" content="script-src 'self'"><iframe sandbox="allow-scripts" srcdoc="<script src=/peer></script>"></iframe>`,
  'another charset': 'HIDDEN',
};

const SERVER = (ports: Record<string, number>) => {
  const pages = Object.entries(WAYS).map(([name, way]) => {
    const send = peer(ports[name] ?? 0);
    const text = script(send);
    const markup = `<iframe sandbox="allow-scripts" srcdoc="${escaped(text)}"></iframe>`;
    const given = `let place = document.querySelector('main'); const frame = document.createElement('iframe'); frame.sandbox = 'allow-scripts';
      const [text, markup] = ${JSON.stringify([text, markup]).replaceAll('/', '\\/')};`;
    const filled = way
      .replaceAll('MARKUP', () => markup)
      .replaceAll('HIDDEN', () => markup.replace('srcdoc', 'src\x1b(Bdoc'))
      .replaceAll('TEXT', () => escaped(text))
      .replaceAll('PEER', () => send);
    return [
      `/${encodeURIComponent(name)}`,
      `<!doctype html><title>x</title><main>a</main>${script(given, ' nonce="a"')}${filled}`,
    ];
  });
  const policies = {
    '/a%20policy%20of%20the%20page': "script-src 'nonce-a'",
    '/trusted%20markup': "require-trusted-types-for 'script'",
  };
  return `
const pages = ${JSON.stringify(Object.fromEntries(pages))};
const policies = ${JSON.stringify(policies)};
require('http').createServer((request, response) => {
  const { url } = request;
  if (url === '/text') return response.setHeader('Content-Type', 'text/plain').end('x');
  if (url === '/peer') return response.setHeader('Content-Type', 'text/javascript').end(${JSON.stringify(peer(ports['a policy in the page'] ?? 0))});
  if (url in policies) response.setHeader('Content-Security-Policy', policies[url]);
  response.setHeader('Content-Type', 'text/html' + (url.includes('charset') ? '; charset=iso-2022-jp' : '')).end(pages[url] ?? 'none');
}).listen(3111);
`;
};

test('no frame that a page of a preview makes sends packets by WebRTC', async ({ page, context }) => {
  const sent = new Set<string>();
  const ports: Record<string, number> = {};
  const sockets = await Promise.all(
    Object.keys(WAYS).map(async (name) => {
      const socket = createSocket('udp4');
      socket.on('message', () => sent.add(name));
      await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
      ports[name] = socket.address().port;
      return socket;
    }),
  );
  const url = await serveGuest(page, SERVER(ports));
  const tab = await context.newPage();
  for (const name of Object.keys(WAYS)) {
    await tab.goto(`${url}/${encodeURIComponent(name)}`);
    // A connection that nobody answers is tried several times a second.
    await tab.waitForTimeout(500);
  }
  expect([...sent]).toEqual([]);
  for (const socket of sockets) socket.close();
});

/** Makes frames with a text, of the page's origin and of none. */
const FRAMES = `
const text = '<p>shown</p><script>document.querySelector("p").append(" without " + typeof RTCPeerConnection)</' + 'script>';
for (const sandbox of [null, 'allow-scripts']) {
  const frame = document.createElement('iframe');
  if (sandbox) frame.sandbox = sandbox;
  frame.srcdoc = text;
  document.body.append(frame);
}
document.body.insertAdjacentHTML('beforeend', "<iframe srcdoc='" + text + "'></iframe>");
`;

test('frames with a text of their own show it, with their scripts', async ({ page, context }) => {
  const markup = `<!doctype html><body><iframe srcdoc="${escaped('<p>shown</p>')}"></iframe>${script(FRAMES)}`;
  const url = await serveGuest(
    page,
    `require('http').createServer((request, response) => response.setHeader('Content-Type', 'text/html').end(${JSON.stringify(markup)})).listen(3111)`,
  );
  const tab = await context.newPage();
  await tab.goto(url);
  const frames = tab.locator('iframe');
  await expect(frames.nth(0).contentFrame().locator('p')).toHaveText('shown');
  for (const i of [1, 2, 3])
    await expect(frames.nth(i).contentFrame().locator('p')).toHaveText('shown without undefined');
});
