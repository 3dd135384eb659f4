import { EventEmitter } from 'node:events';
import { expect, it, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { encodeData } from '../../runtime/headless/previews/wire.ts';
import { SandboxLink } from './sandbox-link.ts';

function openLink() {
  const socket = Object.assign(new EventEmitter(), { send: vi.fn(), terminate: vi.fn() });
  const link = new SandboxLink(socket as unknown as WebSocket, 'id.localhost');
  const say = (data: string | Uint8Array) =>
    socket.emit('message', Buffer.from(data as string), typeof data !== 'string');
  return { socket, link, say };
}

it.each([
  'nonsense',
  'null',
  '{"type":"settings"}',
  '{"type":"settings","script":{"source":5},"forwardErrors":true}',
  '{"type":"took","connection":1,"bytes":-5}',
  '{"type":"end"}',
  new Uint8Array(3),
])('ends the socket that says %j, and nothing else', (message) => {
  const { socket, say } = openLink();
  say(message);
  expect(socket.terminate).toHaveBeenCalledOnce();
});

it('takes what a headless page says', () => {
  const { socket, link, say } = openLink();
  const settings = { script: { source: 'x', type: 'module' }, forwardErrors: 'exceptions-only' as const };
  say(JSON.stringify({ type: 'settings', ...settings }));
  expect(link.settings).toEqual(settings);
  const connection = link.connect(80);
  say(encodeData(1, Buffer.from('hello')));
  say('{"type":"end","connection":1}');
  say('{"type":"took","connection":99,"bytes":1}');
  socket.emit('error', new Error('Invalid WebSocket frame'));
  expect(String(connection.read())).toBe('hello');
  expect(socket.terminate).not.toHaveBeenCalled();
});

it('admits so many at a time, and others when those are closed', () => {
  const { link } = openLink();
  const admitted = Array.from({ length: 100 }, () => new EventEmitter()).filter((one) => link.admits(one));
  expect(admitted).toHaveLength(64);
  admitted[0]?.emit('close');
  expect([link.admits(new EventEmitter()), link.admits(new EventEmitter())]).toEqual([true, false]);
});
