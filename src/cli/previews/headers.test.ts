import type { IncomingHttpHeaders } from 'node:http';
import { expect, it } from 'vitest';
import { inwardHeaders, outwardHeaders, wayOut } from './headers.ts';

const ID = '0123456789abcdef0123';
const OWN = `http://3000.${ID}.localhost:4173`;
const request = (headers: IncomingHttpHeaders) => ({
  id: ID,
  port: 3000,
  server: `3000.${ID}.localhost:4173`,
  headers,
});

it('asks as if the browser were at localhost inside of the sandbox', () => {
  const headers = { host: 'outside', origin: OWN, referer: `${OWN}/page`, connection: 'keep-alive', cookie: 'a=b' };
  expect(inwardHeaders(request({ ...headers, 'sec-fetch-dest': 'empty', 'if-none-match': 'x' }))).toEqual({
    host: 'localhost:3000',
    origin: 'http://localhost:3000',
    referer: 'http://localhost:3000/page',
    cookie: 'a=b',
    'sec-fetch-dest': 'empty',
    'if-none-match': 'x',
  });
});

it('asks for a whole document that can be read', () => {
  const headers = { 'sec-fetch-dest': 'iframe', 'if-none-match': 'x', 'accept-encoding': 'br' };
  expect(inwardHeaders(request(headers))).toEqual({
    host: 'localhost:3000',
    'sec-fetch-dest': 'iframe',
    'accept-encoding': 'identity',
  });
});

it('lets no answer loosen what a preview may do', () => {
  const loose = {
    'cross-origin-embedder-policy': 'unsafe-none',
    'cross-origin-resource-policy': 'same-origin',
    'connection-allowlist': '("*")',
    'content-security-policy': "script-src 'none'",
    'x-dns-prefetch-control': 'on',
  };
  const headers = outwardHeaders(request({}), loose);
  expect(headers).toMatchObject({
    'cross-origin-embedder-policy': 'require-corp',
    'cross-origin-resource-policy': 'cross-origin',
    'connection-allowlist': `(response-origin "http://*.${ID}.localhost:4173");webrtc=block`,
    'x-dns-prefetch-control': 'off',
  });
  expect(headers['content-security-policy']).toMatch(/^script-src 'none', default-src 'self'.*; sandbox allow-scripts/);
  expect(headers['content-security-policy']).not.toMatch(/allow-(popups|top-navigation)/);
});

it('shows no document with scripts but those that get ours', () => {
  const scripts = (type: string, destination: string) =>
    String(
      outwardHeaders(request({ 'sec-fetch-dest': destination }), { 'content-type': type })['content-security-policy'],
    ).includes("script-src 'none'");
  expect(scripts('text/html; charset=x', 'iframe')).toBe(false);
  expect(scripts('text/javascript', 'script')).toBe(false);
  const fenced = request({ 'sec-fetch-dest': 'fencedframe', 'sec-fetch-mode': 'navigate' });
  const policy = outwardHeaders(fenced, { 'content-type': 'image/svg+xml' })['content-security-policy'];
  expect(policy).toContain("script-src 'none'");
  for (const type of ['image/svg+xml', 'text/htmlx', '', 'application/xhtml+xml'])
    for (const destination of ['document', 'object', 'embed', 'iframe']) expect(scripts(type, destination)).toBe(true);
});

it('answers with the addresses and cookies that the browser can use', () => {
  const answer = {
    location: 'http://localhost:3001/next',
    'access-control-allow-origin': 'http://localhost:3000',
    'set-cookie': ['a=b; Path=/; Domain=localhost; SameSite=Strict; HttpOnly'],
    'transfer-encoding': 'chunked',
  };
  const headers = outwardHeaders(request({}), answer);
  expect(headers).toMatchObject({
    location: `http://3001.${ID}.localhost:4173/next`,
    'access-control-allow-origin': OWN,
    'set-cookie': ['a=b; Path=/; HttpOnly; SameSite=None; Secure; Partitioned'],
  });
  expect(headers).not.toHaveProperty('transfer-encoding');
});

it.each([
  ['5', '5'],
  ['5;', '5'],
  ['.5, next', '0; url=next'],
  ['0; url=http://localhost:3001/next', `0; url=http://3001.${ID}.localhost:4173/next`],
  [`1.5 ; URL = '/it"s' ignored`, '1; url=/it%22s'],
  [`0;url="//example.com`, undefined],
  [`0;url='"//example.com"'`, '0; url=%22//example.com%22'],
  ['0; url=url=//example.com', '0; url=url=//example.com'],
  ['0; url=/\t/example.com', undefined],
  ['0 https://example.com', undefined],
  ['0,javascript:alert(1)', undefined],
  ['x; url=/next', undefined],
])('lets a page be shown anew (Refresh: %s) within its sandbox alone', (given, taken) => {
  expect(outwardHeaders(request({}), { refresh: given }).refresh).toBe(taken);
});

it.each([
  ['/next', null],
  [`http://3001.${ID}.localhost:4173/next`, null],
  ['http://example.com/?x', 'http://example.com/?x'],
  ['//example.com', 'http://example.com/'],
  ['\\\\example.com', 'http://example.com/'],
  ['http:example.com', null],
  [`http://3001.${ID}.localhost:4173@example.com`, `http://3001.${ID}.localhost:4173@example.com/`],
  ['http://3001.ffffffffffffffffffff.localhost:4173/', 'http://3001.ffffffffffffffffffff.localhost:4173/'],
  [`http://3001.${ID}.localhost:4174/`, `http://3001.${ID}.localhost:4174/`],
  ['http://localhost:4173/headless', 'http://localhost:4173/headless'],
  ['javascript:1', 'javascript:1'],
  ['http://[', 'http://['],
  [undefined, null],
])('a redirection to %s leads out to %s', (location, out) => {
  expect(wayOut(request({}), location)).toBe(out);
});
