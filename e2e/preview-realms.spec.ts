/**
 * How code of a page may come upon the window of a frame that it has just made: our script must have been there before. What it is not is told
 * in docs/webcontainer-api.md.
 */
import { expect } from '@playwright/test';
import { serveGuest, test } from './support/previews.ts';

const shadow = (work: string) =>
  `const root = make('div').attachShadow({ mode: 'closed' }); const inner = document.createElement('iframe'); ${work}; root.append(inner)`;

/** Each calls `see` with the window. */
const WAYS: Record<string, string> = {
  'a script beside a frame': `const fragment = document.createDocumentFragment();
    fragment.append(document.createElement('iframe'), Object.assign(document.createElement('script'), { text: 'see(window[0])' }));
    document.body.append(fragment)`,
  'a script of a module beside a frame': `const fragment = document.createDocumentFragment();
    fragment.append(document.createElement('iframe'), Object.assign(document.createElement('script'), { type: 'module', text: 'see(window[0])' }));
    document.body.append(fragment)`,
  'a custom element beside a frame': `customElements.define('x-a', class extends HTMLElement { connectedCallback() { see(window[0]) } });
    make('div').innerHTML = '<iframe></iframe><x-a></x-a>'`,
  'a custom element in front of a frame': `customElements.define('x-a', class extends HTMLElement { connectedCallback() { see(window[0]) } });
    make('div').innerHTML = '<x-a></x-a><iframe></iframe>'`,
  'a custom element that leaves for a frame': `customElements.define('x-b', class extends HTMLElement { disconnectedCallback() { see(window[0]) } });
    make('x-b').replaceWith(document.createElement('iframe'))`,
  'a custom element that is made while a frame is there': `customElements.define('x-c', class extends HTMLElement { constructor() { super(); see(window[0]) } });
    make('div').setHTMLUnsafe('<iframe></iframe><x-c></x-c>')`,
  'a custom element with a frozen prototype': `class Late extends HTMLElement { connectedCallback() { see(window[0]) } }
    Object.freeze(Late.prototype); customElements.define('x-d', Late); document.body.append(document.createElement('iframe'), new Late())`,
  'a custom element whose callback is a getter': `class Late extends HTMLElement { get connectedCallback() { return () => see(window[0]) } }
    customElements.define('x-e', Late); document.body.append(document.createElement('iframe'), new Late())`,
  'a custom element that inherits its callback': `class Early extends HTMLElement { connectedCallback() { see(window[0]) } }
    class Late extends Early {} customElements.define('x-f', Late); document.body.append(document.createElement('iframe'), new Late())`,
  'a custom element with a prototype that lies': `class Late extends HTMLElement {}
    Object.setPrototypeOf(Late.prototype, new Proxy(HTMLElement.prototype, { get: (target, name, self) => name === 'connectedCallback' ? () => see(window[0]) : Reflect.get(target, name, self) }));
    customElements.define('x-g', Late); document.body.append(document.createElement('iframe'), new Late())`,
  'a custom element of another registry': `const registry = new CustomElementRegistry();
    registry.define('x-h', class extends HTMLElement { connectedCallback() { see(window[0]) } });
    const root = make('div').attachShadow({ mode: 'open', customElementRegistry: registry }); root.innerHTML = '<x-h></x-h>';
    const made = root.firstChild; made.remove(); const both = document.createElement('p'); root.append(both); both.append(document.createElement('iframe'), made)`,
  'a custom element of a built-in kind': `customElements.define('x-i', class extends HTMLDivElement { connectedCallback() { see(window[0]) } }, { extends: 'div' });
    make('div').innerHTML = '<iframe></iframe><div is="x-i"></div>'`,
  'a custom element that is upgraded': `make('div').innerHTML = '<x-j></x-j>'; const late = document.querySelector('x-j'); late.remove();
    customElements.define('x-j', class extends HTMLElement { connectedCallback() { see(window[0]) } });
    document.body.append(document.createElement('iframe'), late)`,
  'a handler of a frame': `const inner = document.createElement('iframe'); inner.onload = () => see(window[0]); document.body.append(inner)`,
  'a handler of a frame in a shadow': shadow('inner.onload = () => see(inner.contentWindow)'),
  'an address of a script in a shadow': shadow("inner.src = 'javascript:parent.see(window)'"),
  'a message from a shadow': `addEventListener('message', ({ source }) => see(source)); ${shadow("inner.src = 'javascript:parent.postMessage(0)'")}`,
  'a frame in a frame in a shadow': shadow(
    "inner.onload = () => { const deep = inner.contentDocument.createElement('iframe'); inner.contentDocument.body.append(deep); see(inner.contentWindow[0]) }",
  ),
  'an object in a shadow': `${shadow('')}; const object = document.createElement('object'); object.data = 'about:blank'; object.onload = () => see(object.contentWindow); root.append(object)`,
  'a named frame in a shadow': `${shadow("inner.name = 'named'")}; see(open('', 'named'))`,
  'a target in a shadow': `${shadow("inner.name = 'named'")}; const link = make('a'); link.target = 'named'; link.href = 'javascript:parent.see(window)'; link.click()`,
};
/** What the parser makes of a page. */
const PAGES: Record<string, string> = {
  'a custom element behind a frame': `<script>customElements.define('x-a', class extends HTMLElement { connectedCallback() { see(window[0]) } })</script><iframe></iframe><x-a></x-a>`,
  'a script behind a frame': '<iframe></iframe><script>see(window[0])</script>',
  'an address of a script in a closed shadow':
    '<div><template shadowrootmode="closed"><iframe src="javascript:parent.see(window)"></iframe></template></div>',
  'a handler in a closed shadow':
    '<div><template shadowrootmode="closed"><iframe onload="see(this.contentWindow)"></iframe></template></div>',
  'an address of a script': '<iframe src="javascript:parent.see(window)"></iframe>',
  'an address of a script in a frame of none':
    '<iframe srcdoc="<iframe src=javascript:parent.parent.see(window)></iframe>"></iframe>',
};

const SERVER = (pages: Record<string, string>) => `
const pages = ${JSON.stringify(pages)};
const see = '<!doctype html><title>x</title><body><script>var seen = []; function see(realm) { seen.push(realm ? typeof realm.RTCPeerConnection : "nothing") } ' +
  'function make(name) { const made = document.createElement(name); document.body.append(made); return made }</' + 'script>';
require('http').createServer((request, response) => {
  const name = decodeURIComponent(request.url.slice(1));
  response.setHeader('Content-Type', 'text/html').end(see + (pages[name] ?? ''));
}).listen(3111);
`;

test('no code of a page comes upon a frame before our script', async ({ page, context }) => {
  const scripts = Object.entries(WAYS).map(([name, way]) => [
    name,
    `<script>{ ${way} }</script>`.replace('</script>', '</script>'),
  ]);
  const pages: Record<string, string> = { ...Object.fromEntries(scripts), ...PAGES };
  const url = await serveGuest(page, SERVER(pages));
  const tab = await context.newPage();
  const unguarded: string[] = [];
  for (const name of Object.keys(pages)) {
    await tab.goto(`${url}/${encodeURIComponent(name)}`);
    // Addresses of scripts and messages come in tasks of their own.
    const seen = await tab.evaluate(async () => {
      const { seen } = window as unknown as { seen: string[] };
      const turn = () => new Promise((resolve) => setTimeout(resolve));
      const until = performance.now() + 100_000;
      while (seen.length === 0 && performance.now() < until) await turn();
      for (let i = 0; i < 5; i++) await turn();
      return seen.join();
    });
    expect(seen, name).not.toBe('');
    if (seen.includes('function')) unguarded.push(name);
  }
  expect(unguarded).toEqual([]);
});

test('shadow roots that a page declares are made', async ({ page, context }) => {
  const inner = '<template shadowrootmode="closed"><slot></slot> below</template>';
  const markup = `<div id="host"><template shadowrootmode="open" shadowrootdelegatesfocus><p>in the shadow<b>${inner}deep</b></template></div>`;
  const url = await serveGuest(page, SERVER({ declared: markup }));
  const tab = await context.newPage();
  await tab.goto(`${url}/declared`);
  const found = await tab.evaluate(() => {
    const root = document.querySelector('#host')?.shadowRoot;
    return [
      root?.textContent,
      root?.mode,
      root?.delegatesFocus,
      root?.querySelector('b')?.shadowRoot,
      document.querySelector('template'),
    ];
  });
  expect(found).toEqual(['in the shadowdeep', 'open', true, null, null]);
});
