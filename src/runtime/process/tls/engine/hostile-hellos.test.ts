import { generateKeyPairSync } from 'node:crypto';
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
import { TlsFailure } from './failure.ts';
import { GROUPS } from './groups.ts';
import {
  type ClientHello,
  Extension,
  encodeClientHello,
  encodeMessage,
  encodeServerHello,
  MessageType,
  readClientHello,
  readServerHello,
  type ServerHello,
} from './messages.ts';
import type { Identity, Settings } from './settings.ts';
import type { TlsCrypto } from './tls-crypto.ts';

/** A native end and the engine's hear the same from a peer that breaks the rules: both fail with the same code and alert. */

let crypto: TlsCrypto;
let services: CryptoServices;
beforeAll(async () => {
  ({ crypto, services } = await testServices());
});

const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const pem = { key: pemOf(key), cert: makeCertificate({ commonName: 'localhost', key }) };
const identity = (): Identity => ({
  chain: readPem(Buffer.from(pem.cert)).map(({ content }) => crypto.readCertificate(content)),
  key: privateKeyFrom(services, { data: Buffer.from(pem.key), format: KeyFormat.pem }),
});
const groups = GROUPS.filter(({ name }) => name === 'X25519');
const PROTOCOLS = { h2: Buffer.from('\x02h2'), h1: Buffer.from('\x08http/1.1') };

interface Outcome {
  code: string | undefined;
  /** What was said on the wire behind it, as the alert's number; null when nothing. */
  alert: number | null;
}

const alertIn = (bytes: Uint8Array): number | null =>
  bytes.length === 7 && bytes[0] === 21 ? (bytes[6] as number) : null;

function failureOf(connection: Connection): Outcome {
  connection.takeOutput();
  try {
    connection.read();
  } catch (error) {
    if (!(error instanceof TlsFailure)) throw error;
    return { code: error.code, alert: alertIn(connection.takeOutput()) };
  }
  return { code: undefined, alert: null };
}

const record = (message: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([22, 3, 3, message.length >> 8, message.length & 255]), message]);

// -- a hostile client --------------------------------------------------------------------------------------------------

function helloOfClient(settings: Partial<Settings>): ClientHello {
  const client = testConnection(crypto, { groups, ...settings });
  client.read();
  return readClientHello(client.takeOutput().subarray(9));
}

function engineServer(bytes: Uint8Array): Outcome {
  const server = testConnection(crypto, { isServer: true, identities: [identity()], groups });
  server.push(bytes);
  return failureOf(server);
}

async function nativeServer(bytes: Uint8Array): Promise<Outcome> {
  const server = tls.createServer(pem);
  const failure = new Promise<NodeJS.ErrnoException | null>((resolve) => {
    server.on('tlsClientError', (error) => resolve(error));
    server.on('secureConnection', () => resolve(null));
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const socket = net.connect((server.address() as net.AddressInfo).port);
  socket.write(bytes);
  const heard: Buffer[] = [];
  socket.on('data', (data: Buffer) => void heard.push(data));
  socket.on('error', () => undefined);
  // One that finds nothing wrong answers, and waits.
  const answered = new Promise<null>((resolve) => {
    socket.on('data', (data: Buffer) => {
      if (data[0] === 22) resolve(null);
    });
  });
  const error = await Promise.race([failure, answered]);
  if (error !== null && !socket.closed) await new Promise((resolve) => socket.on('close', () => resolve(null)));
  socket.destroy();
  await new Promise((resolve) => server.close(resolve));
  return { code: error?.code, alert: error === null ? null : alertIn(Buffer.concat(heard)) };
}

type Break<Hello> = (hello: Hello) => void;
const changed =
  (id: number, ...content: number[]) =>
  (hello: { extensions: Map<number, Uint8Array> }) =>
    void hello.extensions.set(id, Uint8Array.from(content));
/** An identity that nobody knows, and a proof of it. */
const preShared = [0, 10, 0, 4, 1, 2, 3, 4, 0, 0, 0, 0, 0, 33, 32, ...Array.from({ length: 32 }, () => 7)];
const only12 = { maxVersion: 0x303 };

describe('a server', () => {
  const cases: [name: string, change: Break<ClientHello>, settings?: Partial<Settings>][] = [
    ['a hello as it should be', () => undefined],
    ['a long session identifier', (hello) => (hello.sessionId = new Uint8Array(33))],
    ['a name of no letters', changed(Extension.serverName, 0, 3, 0, 0, 0)],
    ['a name with a zero', changed(Extension.serverName, 0, 5, 0, 0, 2, 97, 0)],
    ['an empty list of names', changed(Extension.serverName)],
    ['an empty list of protocols', changed(Extension.alpn, 0, 0)],
    ['a protocol of no letters', changed(Extension.alpn, 0, 3, 0, 1, 97)],
    ['bytes behind a list of protocols', changed(Extension.alpn, 0, 2, 1, 97, 0)],
    ['bytes behind the groups', changed(Extension.supportedGroups, 0, 2, 0, 29, 0)],
    ['a renegotiation', changed(Extension.renegotiationInfo, 1, 0), only12],
    [
      'a shared key without its modes',
      ({ extensions }) => {
        extensions.delete(Extension.pskModes);
        extensions.set(Extension.preSharedKey, Uint8Array.from(preShared));
      },
    ],
    [
      'a shared key that is not the last extension',
      ({ extensions }) => {
        const shares = extensions.get(Extension.keyShare)!;
        extensions.delete(Extension.keyShare);
        extensions.set(Extension.preSharedKey, Uint8Array.from(preShared));
        extensions.set(Extension.keyShare, shares);
      },
    ],
    [
      'a shared key without a key agreement',
      ({ extensions }) => {
        extensions.set(Extension.pskModes, Uint8Array.of(1, 0));
        extensions.set(Extension.preSharedKey, Uint8Array.from(preShared));
      },
    ],
  ];
  test.each(cases)('hears %s', async (_name, change, settings = {}) => {
    const hello = helloOfClient(settings);
    change(hello);
    const bytes = record(encodeMessage(MessageType.clientHello, encodeClientHello(hello)));
    expect(engineServer(bytes)).toEqual(await nativeServer(bytes));
  });
  const compressed = () => {
    const hello = encodeClientHello(helloOfClient({}));
    // Behind version, random value, session and suites stands how it may be compressed.
    const at = 35 + hello[34]! + 2 + hello[35 + hello[34]!]! * 256 + hello[36 + hello[34]!]! + 1;
    hello[at] = 1;
    return record(encodeMessage(MessageType.clientHello, hello));
  };
  const bytes: [name: string, bytes: () => Uint8Array][] = [
    ['a compressed hello', compressed],
    ['a change of the cipher', () => Buffer.from([20, 3, 1, 0, 1, 1])],
    ['an empty alert', () => Buffer.from([21, 3, 1, 0, 0])],
    ['half an alert', () => Buffer.from([21, 3, 1, 0, 1, 1])],
    ['a farewell', () => Buffer.from([21, 3, 1, 0, 2, 1, 0])],
    ['data', () => Buffer.from([23, 3, 1, 0, 1, 1])],
    ['an alert within a message', () => Buffer.from([22, 3, 1, 0, 2, 1, 0, 21, 3, 1, 0, 2, 1, 0])],
    ['a record that is too long', () => Buffer.concat([Buffer.from([22, 3, 1, 0x44, 0]), Buffer.alloc(0x4400)])],
    ['a hello of a server', () => Buffer.from([22, 3, 1, 0, 4, 2, 0, 0, 0])],
    ['bytes behind the hello', () => record(encodeMessage(1, encodeClientHello(helloOfClient({})), Buffer.alloc(1)))],
  ];
  test.each(bytes)('hears %s', async (_name, make) => {
    const sent = make();
    expect(engineServer(sent)).toEqual(await nativeServer(sent));
  });
});

// -- a hostile server --------------------------------------------------------------------------------------------------

/** The hello of a server that answers this client, changed; and nothing behind it. */
function answerOf(hello: Uint8Array, settings: Partial<Settings>, change: Break<ServerHello>): Buffer {
  const server = testConnection(crypto, { isServer: true, identities: [identity()], ...settings });
  server.push(hello);
  server.read();
  const output = server.takeOutput();
  const answer = readServerHello(output.subarray(9, 5 + output[3]! * 256 + output[4]!));
  change(answer);
  return record(encodeMessage(MessageType.serverHello, encodeServerHello(answer)));
}

function engineClient(settings: Partial<Settings>, change: Break<ServerHello>): Outcome {
  const client = testConnection(crypto, { groups, protocols: PROTOCOLS.h1 });
  client.read();
  client.push(answerOf(client.takeOutput(), settings, change));
  return failureOf(client);
}

async function nativeClient(settings: Partial<Settings>, change: Break<ServerHello>): Promise<Outcome> {
  const said = Promise.withResolvers<Buffer>();
  const server = net.createServer((socket) => {
    const heard: Buffer[] = [];
    socket.once('data', (hello: Buffer) => {
      socket.on('data', (data: Buffer) => heard.push(data));
      socket.write(answerOf(hello, settings, change));
    });
    socket.on('error', () => undefined);
    socket.on('close', () => said.resolve(Buffer.concat(heard)));
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const { port } = server.address() as net.AddressInfo;
  const socket = tls.connect({ port, ecdhCurve: 'X25519', ALPNProtocols: ['http/1.1'], rejectUnauthorized: false });
  const error = await new Promise<NodeJS.ErrnoException>((resolve) => socket.on('error', resolve));
  const alert = alertIn(await said.promise);
  await new Promise((resolve) => server.close(resolve));
  return { code: error.code, alert };
}

describe('a client', () => {
  const fallback = (mark: string) => (hello: ServerHello) => void hello.random.set(Buffer.from(`DOWNGRD${mark}`), 24);
  const cases: [name: string, change: Break<ServerHello>, settings?: Partial<Settings>][] = [
    ['another session', (hello) => (hello.sessionId = new Uint8Array(32))],
    ['a long session identifier', (hello) => (hello.sessionId = new Uint8Array(33))],
    ['another version by the extension', changed(Extension.supportedVersions, 3, 3)],
    ['bytes behind the version', changed(Extension.supportedVersions, 3, 4, 0)],
    ['an extension that nobody asked for', changed(Extension.cookie, 0, 1, 7)],
    ['an early protocol', changed(Extension.alpn, 0, 9, 8, ...PROTOCOLS.h1.subarray(1))],
    ['a status that nobody asked for', changed(Extension.statusRequest), only12],
    ['a fallback', fallback('\x01'), only12],
    ['a fallback further down', fallback('\x00'), only12],
    ['no word of renegotiation', ({ extensions }) => extensions.delete(0xff01), { ...only12 }],
    ['a renegotiation', changed(Extension.renegotiationInfo, 1, 0), only12],
    ['a protocol that was not offered', changed(Extension.alpn, 0, 3, 2, 104, 50), only12],
    ['two protocols', changed(Extension.alpn, 0, 6, 2, 104, 50, 2, 104, 50), only12],
    ['a suite that nobody has', (hello) => (hello.suite = 0x1234)],
    ['a suite of another version', (hello) => (hello.suite = 0xc02b)],
  ];
  test.each(cases)('hears %s', async (_name, change, settings = {}) => {
    // Otherwise one of TLS 1.2 would say that this server could do better.
    const marked: Break<ServerHello> = (hello) => {
      if (settings.maxVersion === 0x303) hello.random.fill(1, 24);
      change(hello);
    };
    expect(engineClient(settings, marked)).toEqual(await nativeClient(settings, marked));
  });
});
