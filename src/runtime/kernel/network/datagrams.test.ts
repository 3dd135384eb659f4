import { expect, it } from 'vitest';
import { DatagramDescription } from '../descriptions/datagram.ts';
import { Datagrams } from './datagrams.ts';

const code = (name: string) => expect.objectContaining({ code: name });
const bytes = (text: string) => new TextEncoder().encode(text);
const any4 = { address: '0.0.0.0', port: 0 };

it('delivers to who is bound there, with the address of the sender; what nobody receives is lost', () => {
  const datagrams = new Datagrams();
  const [one, other] = [new DatagramDescription(), new DatagramDescription()];
  const { port } = datagrams.bind(one, any4);
  datagrams.send(other, bytes('hi'), { address: '127.0.0.1', port });
  datagrams.send(other, bytes('lost'), { address: '127.0.0.1', port: port + 100 });
  datagrams.send(other, bytes('lost'), { address: '::1', port });
  const { data, from } = one.receive();
  expect([data, from]).toEqual([bytes('hi'), { address: '127.0.0.1', port: other.local?.port }]);
  expect(() => one.receive()).toThrow(code('EAGAIN'));
  datagrams.send(one, bytes('back'), from);
  expect(other.receive().data).toEqual(bytes('back'));
});

it('an address is taken once, unless it is shared; closing gives it back', () => {
  const datagrams = new Datagrams();
  const one = new DatagramDescription();
  const { port } = datagrams.bind(one, any4, { reuseAddress: true });
  expect(() => datagrams.bind(new DatagramDescription(), { address: '127.0.0.1', port })).toThrow(code('EADDRINUSE'));
  const last = new DatagramDescription();
  datagrams.bind(last, { address: '0.0.0.0', port }, { reuseAddress: true });
  datagrams.send(one, bytes('x'), { address: '127.0.0.1', port });
  expect(last.receive().data).toEqual(bytes('x'));
  one.close();
  last.close();
  datagrams.bind(new DatagramDescription(), { address: '127.0.0.1', port });
});

it('refuses other machines and too long messages, and loses what a full buffer cannot take', () => {
  const datagrams = new Datagrams();
  const socket = new DatagramDescription();
  const { port } = datagrams.bind(socket, any4);
  expect(() => datagrams.send(socket, bytes('x'), { address: '192.0.2.1', port })).toThrow(code('ENETUNREACH'));
  const to = { address: '127.0.0.1', port };
  expect(() => datagrams.send(socket, new Uint8Array(65_508), to)).toThrow(code('EMSGSIZE'));
  for (let i = 0; i < 10; i++) datagrams.send(socket, new Uint8Array(60_000), to);
  let received = 0;
  expect(() => {
    for (;;) received += socket.receive().data.length;
  }).toThrow(code('EAGAIN'));
  expect(received).toBe(180_000);
});

it('loses what all sockets together have no room for, until they are closed', () => {
  const datagrams = new Datagrams();
  const from = new DatagramDescription();
  /** How many of so many sockets a message reaches. */
  const reach = (count: number) => {
    const sockets = Array.from({ length: count }, () => new DatagramDescription());
    for (const socket of sockets) {
      const { port } = datagrams.bind(socket, any4);
      for (let i = 0; i < 3; i++) datagrams.send(from, new Uint8Array(65_000), { address: '127.0.0.1', port });
    }
    const reached = sockets.filter(
      (socket) => !(socket.readable({ caller: { waiting: new Set() }, fd: 0 }) instanceof Promise),
    );
    for (const socket of sockets) socket.close();
    return reached.length;
  };
  const most = reach(2000);
  expect(most).toBeLessThan(500);
  expect(reach(2000)).toBe(most);
});
