import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { button, openPage } from './support/page.ts';

const KEY = 'sk-right';
type Cors = 'all' | 'no-key' | 'none';

/** Knows the key and one model; `cors` is what it lets pages do. */
function answering(cors: Cors): RequestListener {
  return (request, response) => {
    if (cors !== 'none') response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Allow-Headers', cors === 'all' ? 'Authorization, Content-Type' : 'Content-Type');
    if (request.method === 'OPTIONS') return void response.writeHead(204).end();
    const say = (status: number, body: object) =>
      void response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    if (request.headers.authorization !== `Bearer ${KEY}`)
      return say(401, { error: { message: 'Incorrect API key provided.', code: 'invalid_api_key' } });
    if (request.url === '/v1/models')
      return say(200, { object: 'list', data: [{ id: 'good-model', object: 'model' }] });
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      if (JSON.parse(body).model !== 'good-model')
        return say(404, { error: { message: 'The model does not exist.', code: 'model_not_found' } });
      const call = { id: 'c', type: 'function', function: { name: 'ping', arguments: '{"text":"a"}' } };
      const message = { role: 'assistant', content: null, tool_calls: [call] };
      say(200, { id: 'r', object: 'chat.completion', choices: [{ index: 0, message, finish_reason: 'tool_calls' }] });
    });
  };
}

const servers: Server[] = [];
const folder = mkdtempSync(path.join(tmpdir(), 'fixpoint-tls-'));
test.afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(folder, { recursive: true, force: true });
});

async function listen(server: Server): Promise<string> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** With a certificate that nobody trusts. */
function listenSecurely(): Promise<string> {
  const [key, cert] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-days', '1', '-nodes'];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-keyout', key, '-out', cert, ...subject], {
    stdio: 'ignore',
  });
  return listen(createSecureServer({ key: readFileSync(key), cert: readFileSync(cert) }, answering('all')));
}

test('the test of the connection names what is wrong, in the page', async ({ page }, { outputDir }) => {
  const plain = await listen(createServer(answering('all')));
  const noCors = await listen(createServer(answering('none')));
  const noKey = await listen(createServer(answering('no-key')));
  const secure = await listenSecurely();
  await openPage(page);
  await button(page, 'Settings').click();
  const dialog = page.getByRole('dialog', { name: 'Settings' });
  await dialog.getByRole('radio', { name: 'OpenAI-compatible server' }).check();
  const says = async (baseUrl: string, expected: RegExp, { model = 'good-model', key = KEY } = {}) => {
    await dialog.getByRole('textbox', { name: 'Base URL' }).fill(baseUrl);
    await dialog.getByRole('combobox', { name: 'Model name' }).fill(model);
    await dialog.getByLabel('Key', { exact: true }).fill(key);
    await dialog.getByRole('button', { name: 'Test the connection' }).click();
    await expect.soft(dialog.getByRole('status')).toHaveText(expected);
    const name = `${expected.source.replace(/\W+/g, '-').slice(0, 40)}.png`;
    await dialog.locator('.connection-test').scrollIntoViewIfNeeded();
    await page.screenshot({ path: path.join(outputDir, name) });
  };
  await says(`http://${plain}/v1`, /good-model answers/);
  await says(`http://${plain}/v1`, /refuses this key/, { key: 'sk-wrong' });
  await says(`http://${plain}/v1`, /wants a key/, { key: '' });
  await says(`http://${plain}/v1`, /model.*good-model/, { model: 'bad-model' });
  await says(`http://${noCors}/v1`, /is there, but sends no CORS headers for http:\/\/localhost/);
  await says(`http://${noKey}/v1`, /lets no page send a key to it/);
  await says(`https://${plain}/v1`, /speaks http:\/\/, not https:\/\//);
  await says(`https://${secure}/v1`, /certificate that is not trusted.*Open https:\/\/127/);
  await says('http://127.0.0.1:9/v1', /nothing is there/);
  await says('localhost:1234/v1', /is no address/);
});
