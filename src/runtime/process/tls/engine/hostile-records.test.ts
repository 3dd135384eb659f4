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
import { ContentType } from './records.ts';
import type { TlsCrypto } from './tls-crypto.ts';

/** What a client may say behind its handshake, and what not: a native server and the engine's judge it alike. */

let crypto: TlsCrypto;
let services: CryptoServices;
beforeAll(async () => {
  ({ crypto, services } = await testServices());
});

const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const pem = { key: pemOf(key), cert: makeCertificate({ commonName: 'localhost', key }) };
const groups = GROUPS.filter(({ name }) => name === 'X25519' || name === 'prime256v1');

/** The server's code, or the data that it has read, or that it has heard the farewell. */
type Judgement = string | undefined;
type Say = (client: Connection) => void;

function judgeOfEngine(maxVersion: number, say: Say, raw: Uint8Array): Judgement {
  const identities = [
    {
      chain: readPem(Buffer.from(pem.cert)).map(({ content }) => crypto.readCertificate(content)),
      key: privateKeyFrom(services, { data: Buffer.from(pem.key), format: KeyFormat.pem }),
    },
  ];
  const client = testConnection(crypto, { groups, maxVersion });
  const server = testConnection(crypto, { isServer: true, identities, groups });
  for (let flight = 0; flight < 6; flight++) {
    const [from, to] = flight % 2 === 0 ? [client, server] : [server, client];
    expect(from.read()).toBe('wait');
    to.push(from.takeOutput());
  }
  expect([client.isEstablished, server.isEstablished]).toEqual([true, true]);
  say(client);
  server.push(client.takeOutput());
  server.push(raw);
  try {
    const result = server.read();
    return typeof result === 'string' ? result : Buffer.from(result).toString();
  } catch (error) {
    if (!(error instanceof TlsFailure)) throw error;
    return error.code;
  }
}

/** Turns of the event loop, in which what has come is read: a timer that is late may come before it. */
async function lookAgain(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
}

async function judgeOfNative(maxVersion: number, say: Say, raw: Uint8Array): Promise<Judgement> {
  const judged = Promise.withResolvers<Judgement>();
  const listener = tls.createServer({ ...pem, ecdhCurve: 'X25519:P-256' }, (socket) => {
    socket.on('error', (error: NodeJS.ErrnoException) => judged.resolve(error.code));
    socket.on('data', (data: Buffer) => judged.resolve(data.toString()));
    socket.on('end', () => judged.resolve('closed'));
    turn();
    say(client);
    socketBelow.write(Buffer.concat([client.takeOutput(), raw]));
    setImmediate(() =>
      socketBelow.write('', () => setTimeout(() => void lookAgain().then(() => judged.resolve('wait')), 100)),
    );
  });
  listener.on('tlsClientError', (error: NodeJS.ErrnoException) => judged.resolve(error.code));
  const client = testConnection(crypto, { groups, maxVersion });
  await new Promise<void>((resolve) => listener.listen(0, resolve));
  const socketBelow = net.connect((listener.address() as net.AddressInfo).port);
  const turn = () => {
    client.read();
    if (client.hasOutput) socketBelow.write(client.takeOutput());
  };
  socketBelow.on('error', () => undefined);
  socketBelow.on('data', (bytes: Buffer) => {
    client.push(bytes);
    if (!client.isEstablished) turn();
  });
  turn();
  try {
    return await judged.promise;
  } finally {
    socketBelow.destroy();
    await new Promise((resolve) => listener.close(resolve));
  }
}

const handshake =
  (...bytes: number[]): Say =>
  (client) =>
    client.records.write(ContentType.handshake, Uint8Array.from(bytes));
const record =
  (type: number, ...bytes: number[]): Say =>
  (client) =>
    client.records.write(type, Uint8Array.from(bytes));
const both =
  (...says: Say[]): Say =>
  (client) => {
    for (const say of says) say(client);
  };
const nothing: Say = () => undefined;
const data = record(ContentType.applicationData, 97);
const { alert, changeCipherSpec } = ContentType;
const KEY_UPDATE = 24;

const cases: [name: string, say: Say, raw?: number[]][] = [
  ['data', data],
  ['a farewell', record(alert, 1, 0)],
  ['data in the open', nothing, [23, 3, 3, 0, 30, ...new Uint8Array(30)]],
  ['a protected change of the cipher', record(changeCipherSpec, 1)],
  ['an empty alert', record(alert)],
  ['half an alert', record(alert, 1)],
  ['two alerts in one record', record(alert, 1, 90, 1, 90)],
  ['a failure', record(alert, 2, 40)],
  ['a kind of record that nobody knows', record(99, 1)],
  ['data within a message', both(handshake(KEY_UPDATE, 0), data)],
  ['a hello', handshake(1, 0, 0, 0)],
  ['a Finished', handshake(20, 0, 0, 1, 0)],
];
const only13: typeof cases = [
  ['a farewell in the open', nothing, [21, 3, 3, 0, 2, 1, 0]],
  ['a failure in the open', nothing, [21, 3, 3, 0, 2, 2, 40]],
  ['a message in the open', nothing, [22, 3, 3, 0, 5, 24, 0, 0, 1, 0]],
  ['a change of the cipher in the open', nothing, [20, 3, 3, 0, 1, 1]],
  ['a change of the cipher that is none', nothing, [20, 3, 3, 0, 1, 2]],
  ['a warning', record(alert, 1, 40)],
  ['that the user has canceled, and data', both(record(alert, 1, 90), data)],
  ['new keys', handshake(KEY_UPDATE, 0, 0, 1, 0)],
  ['a wish for new keys that is none', handshake(KEY_UPDATE, 0, 0, 1, 2)],
  ['new keys without a word', handshake(KEY_UPDATE, 0, 0, 0)],
  ['new keys with a word too much', handshake(KEY_UPDATE, 0, 0, 2, 0, 0)],
  ['new keys, and the same message goes on', handshake(KEY_UPDATE, 0, 0, 1, 0, KEY_UPDATE, 0)],
];
/** A native server of TLS 1.2 begins anew where it is asked to, and the engine's does not; what is not authentic, it tells otherwise. */
const except12 = new Set(['a hello', 'data within a message', 'data in the open']);

describe.each([
  ['1.2', 0x303, cases.filter(([name]) => !except12.has(name))],
  ['1.3', 0x304, [...cases, ...only13]],
] as const)('a server of TLS %s', (_name, version, all) => {
  test.each(all)('hears %s', async (_case, say, raw = []) => {
    const bytes = Uint8Array.from(raw);
    expect(judgeOfEngine(version, say, bytes)).toBe(await judgeOfNative(version, say, bytes));
  });
});
