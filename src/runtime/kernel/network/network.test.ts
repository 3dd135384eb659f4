import { describe, expect, it, vi } from 'vitest';
import type { Caller } from '../wait-queue.ts';
import { Network } from './network.ts';

const code = (name: string) => expect.objectContaining({ code: name });
const bytes = (text: string) => new TextEncoder().encode(text);
const caller: Caller = { waiting: new Set() };

describe('addresses', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['0.0.0.0', '127.0.0.1'],
    ['::', '127.0.0.1'],
    ['::', '::1'],
    ['127.0.0.1', '::ffff:127.0.0.1'],
  ])('who listens on %s is reached at %s', (bound, target) => {
    const network = new Network();
    const { listener, port } = network.listen(bound, 0);
    network.connect(target, port);
    expect(listener.accept().local.port).toBe(port);
  });

  it.each([
    ['127.0.0.1', '::1', {}],
    ['::1', '127.0.0.1', {}],
    ['0.0.0.0', '::1', {}],
    ['127.0.0.1', '127.0.0.2', {}],
    ['::', '127.0.0.1', { ipv6Only: true }],
  ])('who listens on %s is not reached at %s', (bound, target, options) => {
    const network = new Network();
    const { port } = network.listen(bound, 0, options);
    expect(() => network.connect(target, port)).toThrow(code('ECONNREFUSED'));
  });

  it('one port may be taken for each family, not twice for one address', () => {
    const network = new Network();
    const { port } = network.listen('127.0.0.1', 0);
    network.listen('::1', port);
    expect(() => network.listen('0.0.0.0', port)).toThrow(code('EADDRINUSE'));
    expect(() => network.listen('::', port)).toThrow(code('EADDRINUSE'));
    network.listen('::', port + 1, { ipv6Only: true });
    network.listen('0.0.0.0', port + 1);
    expect(() => network.listen('10.0.0.1', 0)).toThrow(code('EADDRNOTAVAIL'));
    expect(() => network.connect('10.0.0.1', port)).toThrow(code('ENETUNREACH'));
  });

  it('a listener on :: sees IPv4 addresses as mapped ones', () => {
    const network = new Network();
    const { listener, port } = network.listen('::', 0);
    const { local, remote } = network.connect('127.0.0.1', port);
    expect([local.address, remote.address]).toEqual(['127.0.0.1', '127.0.0.1']);
    expect(listener.accept().remote).toEqual({ address: '::ffff:127.0.0.1', port: local.port });
  });

  it('listeners that share a port take turns; the port is told of once', () => {
    const network = new Network();
    network.onPort = vi.fn();
    const first = network.listen('127.0.0.1', 0, { reusePort: true });
    const second = network.listen('127.0.0.1', first.port, { reusePort: true });
    for (let i = 0; i < 4; i++) network.connect('127.0.0.1', first.port);
    for (const { listener } of [first, second]) {
      listener.accept();
      listener.accept();
      expect(() => listener.accept()).toThrow(code('EAGAIN'));
      listener.close();
    }
    expect(vi.mocked(network.onPort).mock.calls.map(([, type]) => type)).toEqual(['open', 'close']);
  });

  it('a connection from a port where someone listens is refused', () => {
    const network = new Network();
    const [one, other] = [network.listen('127.0.0.1', 0), network.listen('127.0.0.1', 0)];
    const from = { address: '127.0.0.1', port: other.port };
    expect(() => network.connect('127.0.0.1', one.port, from)).toThrow(code('EADDRINUSE'));
  });
});

describe('connections', () => {
  const connect = () => {
    const network = new Network();
    const { listener, port } = network.listen('127.0.0.1', 0);
    const { socket } = network.connect('127.0.0.1', port);
    return { listener, client: socket, server: listener.accept().socket };
  };

  it('a reset fails the reads of the peer after what it was sent, then its writes with EPIPE', () => {
    const { client, server } = connect();
    client.writeAvailable(bytes('last'));
    client.reset();
    expect(server.readAvailable(100).length).toBe(4);
    expect(() => server.readAvailable(100)).toThrow(code('ECONNRESET'));
    expect(server.readAvailable(100).length).toBe(0);
    expect(() => server.writeAvailable(bytes('x'))).toThrow(code('EPIPE'));
  });

  it('closing with unread data is a reset', async () => {
    const { client, server } = connect();
    client.writeAvailable(bytes('never read'));
    const reading = client.read({ caller, fd: 3 }, 10);
    server.close();
    await expect(reading).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('the first write after the peer has closed is lost, the second fails', () => {
    const { client, server } = connect();
    server.close();
    expect(client.writeAvailable(bytes('lost'))).toBe(4);
    expect(() => client.writeAvailable(bytes('x'))).toThrow(code('EPIPE'));
  });

  it('those who wait to be accepted are reset when the listener closes', () => {
    const network = new Network();
    const { listener, port } = network.listen('::', 0);
    const { socket } = network.connect('::1', port);
    listener.close();
    expect(() => socket.readAvailable(1)).toThrow(code('ECONNRESET'));
  });
});
