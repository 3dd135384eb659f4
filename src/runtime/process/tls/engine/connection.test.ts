import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import * as net from 'node:net';
import * as tls from 'node:tls';
import { beforeAll, describe, expect, test } from 'vitest';
import { privateKeyFrom } from '../../crypto/keys/key-files.ts';
import { KeyFormat } from '../../crypto/keys/key-material.ts';
import { readPem } from '../../crypto/keys/pem.ts';
import type { CryptoServices } from '../../crypto/services.ts';
import { makeCertificate, pemOf } from '../test-certificates.ts';
import { testConnection, testServices } from '../test-support.ts';
import type { Connection } from './connection.ts';
import { groupNamed } from './groups.ts';
import type { Session } from './session.ts';
import type { Hooks, Identity, Settings } from './settings.ts';
import { SUITES } from './suites.ts';
import type { TlsCrypto } from './tls-crypto.ts';

let crypto: TlsCrypto;
let services: CryptoServices;
beforeAll(async () => {
  ({ crypto, services } = await testServices());
});

const keys = {
  rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  p256: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  p384: generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey,
  ed25519: generateKeyPairSync('ed25519').privateKey,
};
const certificates = Object.fromEntries(
  Object.entries(keys).map(([name, key]) => [name, makeCertificate({ commonName: 'localhost', key })]),
) as Record<keyof typeof keys, string>;

const identityOf = (name: keyof typeof keys): Identity => ({
  chain: readPem(Buffer.from(certificates[name])).map(({ content }) => crypto.readCertificate(content)),
  key: privateKeyFrom(services, { data: Buffer.from(pemOf(keys[name] as KeyObject)), format: KeyFormat.pem }),
});

/** Runs the engine's end over a socket until both sides have closed; answers what the program would have read. */
async function drive(connection: Connection, socket: net.Socket, say: Uint8Array): Promise<Buffer> {
  const heard: Uint8Array[] = [];
  let said = false;
  const turn = () => {
    try {
      for (;;) {
        const result = connection.read();
        if (result === 'closed') connection.close();
        if (typeof result === 'string') break;
        heard.push(result.slice());
      }
      if (connection.isEstablished && !said) {
        said = connection.write(say);
        connection.close();
      }
    } finally {
      if (connection.hasOutput) socket.write(connection.takeOutput());
    }
    if (connection.isPeerClosed) socket.end();
  };
  return new Promise((resolve, reject) => {
    const guarded = () => {
      try {
        turn();
      } catch (error) {
        socket.end();
        reject(error);
      }
    };
    socket.on('data', (bytes: Buffer) => {
      connection.push(bytes);
      guarded();
    });
    socket.on('error', reject);
    socket.on('end', () => resolve(Buffer.concat(heard)));
    guarded();
  });
}

const text = (bytes: Buffer): string => bytes.toString('latin1').slice(0, 40);
const long = Buffer.alloc(200_000, 'abcdefg');

/** The engine's client against a native server that sends back what it hears. */
async function asClient(server: tls.TlsOptions, settings: Partial<Settings>, hooks: Partial<Hooks> = {}) {
  const seen: Record<string, unknown> = {};
  const failures: string[] = [];
  const listener = tls.createServer({ ...server }, (socket) => {
    const alpn = socket.alpnProtocol;
    const servername = (socket as unknown as { servername: unknown }).servername;
    const peer = socket.getPeerCertificate().subject?.CN;
    Object.assign(seen, { cipher: socket.getCipher().name, protocol: socket.getProtocol(), alpn, servername, peer });
    socket.on('error', (error) => failures.push(error.message));
    socket.pipe(socket);
  });
  listener.on('tlsClientError', (error) => failures.push(error.message));
  await new Promise<void>((resolve) => listener.listen(0, resolve));
  const socket = net.connect((listener.address() as net.AddressInfo).port);
  const connection = testConnection(crypto, settings, hooks);
  try {
    const heard = await drive(connection, socket, long);
    return { heard, seen, connection, failures };
  } finally {
    socket.destroy();
    await new Promise((resolve) => listener.close(resolve));
  }
}

/** A native client against the engine's server, which says a text of its own. */
async function asServer(client: tls.ConnectionOptions, settings: Partial<Settings>, hooks: Partial<Hooks> = {}) {
  const connection = testConnection(crypto, { isServer: true, ...settings }, hooks);
  let outcome: Promise<Buffer> | null = null;
  const listener = net.createServer((socket) => {
    outcome = drive(connection, socket, long);
    outcome.catch(() => undefined);
  });
  await new Promise<void>((resolve) => listener.listen(0, resolve));
  const port = (listener.address() as net.AddressInfo).port;
  const socket = tls.connect({ port, rejectUnauthorized: false, ...client });
  const heard: Buffer[] = [];
  let session: Buffer | undefined;
  socket.on('session', (one) => {
    session = one;
  });
  const seen: Record<string, unknown> = {};
  const error = await new Promise<Error | null>((resolve) => {
    socket.on('error', resolve);
    socket.on('data', (bytes: Buffer) => heard.push(bytes));
    socket.on('end', () => resolve(null));
    socket.on('secureConnect', () => {
      Object.assign(seen, { cipher: socket.getCipher().name, protocol: socket.getProtocol() });
      Object.assign(seen, { alpn: socket.alpnProtocol, reused: socket.isSessionReused() });
      socket.end(long);
    });
  });
  await new Promise((resolve) => {
    if (socket.closed) resolve(null);
    else socket.on('close', resolve);
  });
  await new Promise((resolve) => listener.close(resolve));
  return {
    error,
    seen,
    session,
    heard: Buffer.concat(heard),
    engine: outcome as unknown as Promise<Buffer>,
    connection,
  };
}

describe('TLS 1.3, the engine as client', () => {
  for (const suite of SUITES.filter(({ version }) => version === 0x304)) {
    test(suite.name, async () => {
      const server = { key: pemOf(keys.p256), cert: certificates.p256, minVersion: 'TLSv1.3' } as const;
      const { heard, seen, connection } = await asClient(server, { suites: [suite] });
      expect(seen).toMatchObject({ cipher: suite.name, protocol: 'TLSv1.3', servername: false });
      expect(heard.equals(long)).toBe(true);
      expect(connection.facts.group?.name).toBe('X25519MLKEM768');
    });
  }
  for (const kind of Object.keys(keys) as (keyof typeof keys)[]) {
    test(`a server's key: ${kind}`, async () => {
      const { heard, connection } = await asClient({ key: pemOf(keys[kind]), cert: certificates[kind] }, {});
      expect(text(heard)).toBe(text(long));
      expect(connection.facts.peerChain).toHaveLength(1);
    });
    test(`a client's key: ${kind}`, async () => {
      const server = { key: pemOf(keys.rsa), cert: certificates.rsa, requestCert: true, rejectUnauthorized: false };
      const { heard, seen } = await asClient(server, { identities: [identityOf(kind)] });
      expect(text(heard)).toBe(text(long));
      expect(seen.peer).toBe('localhost');
    });
  }
  test.each(['X25519', 'P-256', 'P-384', 'P-521'])('a server that wants %s', async (name) => {
    const server = { key: pemOf(keys.p256), cert: certificates.p256, ecdhCurve: name };
    const { heard, connection } = await asClient(server, {});
    expect(text(heard)).toBe(text(long));
    expect(connection.facts.group).toBe(groupNamed(name));
  });
  test('protocols and the name of the server', async () => {
    const server = { key: pemOf(keys.p256), cert: certificates.p256, ALPNProtocols: ['h2', 'http/1.1'] };
    const protocols = Buffer.from('\x03foo\x08http/1.1');
    const { seen, connection } = await asClient(server, { protocols, servername: 'some.example' });
    expect(seen).toMatchObject({ alpn: 'http/1.1', servername: 'some.example' });
    expect(Buffer.from(connection.facts.protocol!).toString()).toBe('http/1.1');
  });
  test('a session is taken up again', async () => {
    const server = { key: pemOf(keys.p256), cert: certificates.p256, ticketKeys: Buffer.alloc(48, 3) };
    const sessions: Session[] = [];
    await asClient(server, {}, { newSession: (session) => sessions.push(session) });
    expect(sessions).toHaveLength(2);
    const { heard, connection } = await asClient(server, { session: sessions[1]! });
    expect(connection.facts.isReused).toBe(true);
    expect(connection.facts.peerChain).toHaveLength(1);
    expect(text(heard)).toBe(text(long));
  });
  test('a refusal', async () => {
    const server = { key: pemOf(keys.p256), cert: certificates.p256, ALPNProtocols: ['a'] };
    const refused = asClient(server, { protocols: Buffer.from('\x01b') });
    await expect(refused).rejects.toMatchObject({ code: 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL' });
  });
});

describe('TLS 1.3, the engine as server', () => {
  for (const suite of SUITES.filter(({ version }) => version === 0x304)) {
    test(suite.name, async () => {
      const { heard, seen, engine } = await asServer({ ciphers: suite.name }, { identities: [identityOf('p256')] });
      expect(seen).toMatchObject({ cipher: suite.name, protocol: 'TLSv1.3' });
      expect(heard.equals(long)).toBe(true);
      expect((await engine).equals(long)).toBe(true);
    });
  }
  for (const kind of Object.keys(keys) as (keyof typeof keys)[]) {
    test(`a server's key: ${kind}`, async () => {
      const { heard } = await asServer({}, { identities: [identityOf(kind)] });
      expect(heard.equals(long)).toBe(true);
    });
    test(`a client's key: ${kind}`, async () => {
      const client = { key: pemOf(keys[kind]), cert: certificates[kind] };
      const settings = { identities: [identityOf('p256')], requestsCertificate: true, requiresCertificate: true };
      const { heard, connection } = await asServer(client, settings);
      expect(heard.equals(long)).toBe(true);
      expect(connection.facts.peerChain).toHaveLength(1);
    });
  }
  test('another group than the client guessed', async () => {
    const settings = { identities: [identityOf('p256')], groups: [groupNamed('P-384')!] };
    const { heard, connection } = await asServer({}, settings);
    expect(heard.equals(long)).toBe(true);
    expect(connection.facts.group?.name).toBe('secp384r1');
  });
  test('a session is taken up again', async () => {
    const settings = { identities: [identityOf('p256')] };
    const { session } = await asServer({}, settings);
    const { seen, heard } = await asServer({ session: session! }, settings);
    expect(seen.reused).toBe(true);
    expect(heard.equals(long)).toBe(true);
  });
  test('a client that has no certificate', async () => {
    const settings = { identities: [identityOf('p256')], requestsCertificate: true, requiresCertificate: true };
    const { error, engine } = await asServer({}, settings);
    expect(error).toMatchObject({ code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' });
    await expect(engine).rejects.toMatchObject({ code: 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE' });
  });
  test('a client of another version', async () => {
    const { error } = await asServer(
      { maxVersion: 'TLSv1.2' },
      { identities: [identityOf('p256')], minVersion: 0x304 },
    );
    expect(error).toMatchObject({ code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' });
  });
});

const suites12 = SUITES.filter(({ version }) => version === 0x303);
const certified = suites12.filter(({ authentication }) => authentication !== 'psk');
const keyFor = (authentication: string) => (authentication === 'rsa' ? 'rsa' : 'p256');
/** The machine's own OpenSSL allows the old ones only so. */
const listOf = (name: string) => `${name}:@SECLEVEL=0`;

describe('TLS 1.2, the engine as client', () => {
  const only = { maxVersion: 0x303 };
  for (const suite of certified) {
    test(suite.name, async () => {
      const kind = keyFor(suite.authentication);
      const server = { key: pemOf(keys[kind]), cert: certificates[kind], ciphers: listOf(suite.name) };
      const { heard, seen, connection } = await asClient({ ...server, maxVersion: 'TLSv1.2' }, {});
      expect(seen).toMatchObject({ cipher: suite.name, protocol: 'TLSv1.2' });
      expect(heard.equals(long)).toBe(true);
      expect(connection.facts.suite).toBe(suite);
    });
  }
  for (const suite of suites12.filter(({ authentication }) => authentication === 'psk')) {
    test(suite.name, async () => {
      const psk = Buffer.alloc(24, 5);
      const server = { ciphers: listOf(suite.name), pskCallback: () => psk, maxVersion: 'TLSv1.2' } as tls.TlsOptions;
      const choosePsk = () => ({ identity: Buffer.from('me'), secret: psk });
      const { heard, seen } = await asClient(server, only, { choosePsk });
      expect(seen).toMatchObject({ cipher: suite.name });
      expect(heard.equals(long)).toBe(true);
    });
  }
  for (const kind of Object.keys(keys) as (keyof typeof keys)[]) {
    test(`keys of either side: ${kind}`, async () => {
      const server = { key: pemOf(keys[kind]), cert: certificates[kind], requestCert: true, rejectUnauthorized: false };
      const { heard, seen } = await asClient(server, { ...only, identities: [identityOf(kind)] });
      expect(seen.peer).toBe('localhost');
      expect(heard.equals(long)).toBe(true);
    });
  }
  test('protocols', async () => {
    const server = { key: pemOf(keys.p256), cert: certificates.p256, ALPNProtocols: ['h2', 'http/1.1'] };
    const { seen } = await asClient(server, { ...only, protocols: Buffer.from('\x08http/1.1') });
    expect(seen).toMatchObject({ alpn: 'http/1.1' });
  });
  test('a session is taken up again', async () => {
    const server = { key: pemOf(keys.p256), cert: certificates.p256, ticketKeys: Buffer.alloc(48, 3) };
    const sessions: Session[] = [];
    await asClient(server, only, { newSession: (session) => sessions.push(session) });
    expect(sessions).toHaveLength(1);
    const { heard, connection } = await asClient(server, { ...only, session: sessions[0]! });
    expect(connection.facts.isReused).toBe(true);
    expect(heard.equals(long)).toBe(true);
  });
});

describe('TLS 1.2, the engine as server', () => {
  const only = { maxVersion: 'TLSv1.2' } as const;
  for (const suite of certified) {
    test(suite.name, async () => {
      const settings = { identities: [identityOf(keyFor(suite.authentication))] };
      const { heard, seen, engine } = await asServer({ ...only, ciphers: listOf(suite.name) }, settings);
      expect(seen).toMatchObject({ cipher: suite.name, protocol: 'TLSv1.2' });
      expect(heard.equals(long)).toBe(true);
      expect((await engine).equals(long)).toBe(true);
    });
  }
  for (const suite of suites12.filter(({ authentication }) => authentication === 'psk')) {
    test(suite.name, async () => {
      const psk = Buffer.alloc(24, 5);
      const pskCallback = () => ({ psk, identity: 'me' });
      const client = { ...only, ciphers: listOf(suite.name), pskCallback, checkServerIdentity: () => undefined };
      const { heard, seen } = await asServer(client, { hasPsk: true }, { findPsk: () => psk });
      expect(seen).toMatchObject({ cipher: suite.name });
      expect(heard.equals(long)).toBe(true);
    });
  }
  for (const kind of Object.keys(keys) as (keyof typeof keys)[]) {
    test(`keys of either side: ${kind}`, async () => {
      const client = { ...only, key: pemOf(keys[kind]), cert: certificates[kind] };
      const settings = { identities: [identityOf(kind)], requestsCertificate: true, requiresCertificate: true };
      const { heard, connection } = await asServer(client, settings);
      expect(heard.equals(long)).toBe(true);
      expect(connection.facts.peerChain).toHaveLength(1);
    });
  }
  test.each([true, false])('a session is taken up again, with tickets: %s', async (hasTickets) => {
    const sessions: Session[] = [];
    const newSession = (session: Session) => sessions.push(session);
    const settings = { identities: [identityOf('p256')], ...(!hasTickets && { ticketKeys: null }) };
    const { session } = await asServer(only, settings, { newSession });
    expect(sessions).toHaveLength(hasTickets ? 0 : 1);
    const known = { ...settings, session: sessions[0] ?? null };
    const { seen, heard } = await asServer({ ...only, session: session! }, known);
    expect(seen.reused).toBe(true);
    expect(heard.equals(long)).toBe(true);
  });
  test('no suite that both have', async () => {
    const client = { ...only, ciphers: 'ECDHE-RSA-AES128-GCM-SHA256' };
    const { error, engine } = await asServer(client, { identities: [identityOf('p256')] });
    expect(error).toMatchObject({ code: expect.stringContaining('ALERT_HANDSHAKE_FAILURE') });
    await expect(engine).rejects.toMatchObject({ code: 'ERR_SSL_NO_SHARED_CIPHER' });
  });
});

describe('what is no TLS', () => {
  test.each([
    ['GET / HTTP/1.1\r\n\r\n', 'ERR_SSL_HTTP_REQUEST'],
    ['CONNECT a:1 HTTP/1.1\r\n\r\n', 'ERR_SSL_HTTPS_PROXY_REQUEST'],
    ['hello, how are you?', 'ERR_SSL_WRONG_VERSION_NUMBER'],
    ['\x16\x03\x01\xff\xff...', 'ERR_SSL_PACKET_LENGTH_TOO_LONG'],
    ['\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00', 'ERR_SSL_LENGTH_MISMATCH'],
    ['\x17\x03\x03\x00\x01a', 'ERR_SSL_UNEXPECTED_MESSAGE'],
  ])('%j', (bytes, code) => {
    const connection = testConnection(crypto, { isServer: true, identities: [] });
    connection.push(Buffer.from(bytes, 'latin1'));
    expect(() => connection.read()).toThrow(expect.objectContaining({ code }));
    expect(connection.read()).toBe('wait');
  });
});
