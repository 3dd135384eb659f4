import { expect, it } from 'vitest';
import { type Connection, testConnection } from './connection.ts';
import {
  delta,
  disconnect,
  failing,
  type Handler,
  json,
  page,
  says,
  startFaultServer,
  stream,
} from './fault-server.test-support.ts';

async function check(handler: Handler, models: readonly object[] | null = null, more: Partial<Connection> = {}) {
  await using server = await startFaultServer(() => handler, models);
  return await testConnection(
    { baseUrl: server.baseUrl, key: 'sk-secret', model: 'm', ...more },
    new AbortController().signal,
  );
}
const checkAt = (baseUrl: string, pageUrl?: string) =>
  testConnection({ baseUrl, key: '', model: 'm', ...(pageUrl ? { pageUrl } : {}) }, new AbortController().signal);

it('says how a model can be used', async () => {
  const calls = says({ calls: [['ping', { text: 'hello' }]] });
  expect(await check(calls, [{ id: 'm' }, { id: 'n' }])).toEqual({
    problem: null,
    message: 'm answers and calls tools.',
    models: ['m', 'n'],
    tools: 'native',
  });
  expect(await check(calls)).toMatchObject({ problem: null, tools: 'native', models: [] });
  expect(await check(says({ text: 'pong' }))).toMatchObject({ problem: null, tools: 'unseen' });
  expect(await check(failing(400, 'm does not support tools'))).toMatchObject({ problem: null, tools: 'text' });
});

it.each<[string, Handler, RegExp]>([
  ['key', failing(401, 'Bad key sk-secret'), /refuses this key/],
  ['credit', json({ error: { message: 'Pay first', code: 'insufficient_quota' } }, 429), /no credit left/],
  ['busy', failing(429, 'slow down'), /too many requests/],
  ['no-api', failing(404, 'no route'), /end in \/v1/],
  ['no-api', page(200, 'Welcome'), /Welcome.*is the base URL right/],
  ['other', failing(500, 'CUDA out of memory'), /CUDA/],
  ['unreachable', disconnect, /closed the connection without an answer/],
  ['no-api', (response) => void response.socket?.end('SSH-2.0-OpenSSH_9.6\r\n'), /does not speak HTTP/],
  ['key', failing(400, 'API key not valid. Please pass a valid API key.'), /refuses this key/],
  ['other', stream([delta({ content: 'H' }), 'data: {{\n\n']), /broken JSON/],
])('names the problem: %s', async (problem, handler, said) => {
  const report = await check(handler);
  expect(report).toMatchObject({ problem, tools: null });
  expect(report.message).toMatch(said);
  expect(report.message).not.toContain('sk-secret');
});

it('lists what there is instead of a model that is missing, the likeliest first', async () => {
  const names = ['alpha', 'big-coder', 'qwen3-coder:30b', 'zeta'].map((id) => ({ id }));
  const { problem, message } = await check(failing(404, 'not found'), names, { model: 'qwen3-coder' });
  expect(problem).toBe('model');
  expect(message).toContain('There are: qwen3-coder:30b, big-coder, alpha, zeta.');
});

it('names an address that cannot be', async () => {
  const gone = await startFaultServer(() => disconnect);
  await gone[Symbol.asyncDispose]();
  expect(await checkAt('localhost:1234')).toMatchObject({ problem: 'address' });
  expect(await checkAt('http://192.168.0.5:8080/v1', 'https://fixpoint.example/')).toMatchObject({
    problem: 'mixed-content',
  });
  expect(await checkAt('http://127.0.0.1:1/v1')).toMatchObject({ problem: 'address' });
  expect(await checkAt(gone.baseUrl)).toMatchObject({ problem: 'nothing-listening' });
  expect(await checkAt(gone.baseUrl, 'https://fixpoint.example/')).toMatchObject({
    problem: 'nothing-listening',
  });
  expect(await checkAt('http://no-such-host.invalid/v1')).toMatchObject({ problem: 'unknown-host' });
});

it('finds an API below an address that lacks /v1', async () => {
  await using server = await startFaultServer(() => says({ text: 'pong' }), [{ id: 'm' }]);
  const { problem, message } = await checkAt(server.baseUrl.replace('/v1', ''));
  expect(problem).toBe('no-api');
  expect(message).toBe(`The API is at ${server.baseUrl}: add /v1 to the base URL.`);
});

it('names a server without https', async () => {
  await using plain = await startFaultServer(() => disconnect);
  const { problem, message } = await checkAt(plain.baseUrl.replace('http:', 'https:'));
  expect(problem).toBe('tls');
  expect(message).toContain('does not speak https');
});
