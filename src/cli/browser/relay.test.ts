import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { REDIRECTED } from '../../model/openai/send.ts';
import { relay } from './relay.ts';

async function serve(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

it.each([307, 308])('sends a request on to where the server redirects it (%s)', async (status) => {
  await using target = await serve(async (request, response) => {
    const body = await text(request);
    if (request.url === '/moved') response.end(`${request.method} ${request.headers['content-type']} ${body}`);
    else response.writeHead(status, { location: '/moved' }).end();
  });
  await using relaying = await serve((request, response) => void relay(target.url, '/relay', request, response));
  const answer = await fetch(`${relaying.url}/relay/chat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"a":"ä"}',
  });
  expect(await answer.text()).toBe('POST application/json {"a":"ä"}');
  expect(answer.headers.get(REDIRECTED)).toBe(`${target.url}/moved`);
});
