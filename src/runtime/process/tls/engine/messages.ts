/** Handshake messages that both versions have: their types, and the two hellos. */
import { joinBytes } from '../../../kernel/join-bytes.ts';
import { Alert, TlsFailure } from './failure.ts';
import { EMPTY, numberBytes, readShorts, shorts, vector, WireReader } from './wire.ts';

export const MessageType = {
  clientHello: 1,
  serverHello: 2,
  newSessionTicket: 4,
  encryptedExtensions: 8,
  certificate: 11,
  serverKeyExchange: 12,
  certificateRequest: 13,
  serverHelloDone: 14,
  certificateVerify: 15,
  clientKeyExchange: 16,
  finished: 20,
  certificateStatus: 22,
  keyUpdate: 24,
  messageHash: 254,
  helloRequest: 0,
  /** No message of the handshake, but a record of its own kind that TLS 1.2 has in the midst of it. */
  changeCipherSpec: -1,
} as const;

export const Extension = {
  serverName: 0,
  statusRequest: 5,
  supportedGroups: 10,
  pointFormats: 11,
  signatureAlgorithms: 13,
  alpn: 16,
  extendedMasterSecret: 23,
  sessionTicket: 35,
  preSharedKey: 41,
  earlyData: 42,
  supportedVersions: 43,
  cookie: 44,
  pskModes: 45,
  certificateAuthorities: 47,
  keyShare: 51,
  renegotiationInfo: 0xff01,
} as const;

export interface Message {
  type: number;
  body: Uint8Array;
  /** With its header. */
  whole: Uint8Array;
}

/** In the order in which they were sent. */
export type Extensions = Map<number, Uint8Array>;

export interface ClientHello {
  version: number;
  random: Uint8Array;
  sessionId: Uint8Array;
  suites: number[];
  extensions: Extensions;
}

export interface ServerHello {
  version: number;
  random: Uint8Array;
  sessionId: Uint8Array;
  suite: number;
  extensions: Extensions;
}

export const encodeMessage = (type: number, ...parts: readonly Uint8Array[]): Uint8Array =>
  joinBytes([Uint8Array.of(type), vector(3, ...parts)]);

export function encodeExtensions(extensions: Extensions): Uint8Array {
  const parts = [...extensions].map(([id, content]) => joinBytes([numberBytes(2, id), vector(2, content)]));
  return vector(2, ...parts);
}

export function readExtensions(bytes: Uint8Array): Extensions {
  const reader = new WireReader(bytes);
  const extensions: Extensions = new Map();
  while (!reader.atEnd) {
    const id = reader.number(2);
    if (extensions.has(id)) throw new TlsFailure('bad extension', Alert.illegalParameter);
    extensions.set(id, reader.vector(2));
  }
  return extensions;
}

const NO_COMPRESSION = 0;
const LONGEST_SESSION_ID = 32;

export function encodeClientHello(hello: ClientHello): Uint8Array {
  return joinBytes([
    numberBytes(2, hello.version),
    hello.random,
    vector(1, hello.sessionId),
    vector(2, shorts(hello.suites)),
    vector(1, Uint8Array.of(NO_COMPRESSION)),
    encodeExtensions(hello.extensions),
  ]);
}

export function readClientHello(body: Uint8Array): ClientHello {
  const reader = new WireReader(body);
  const version = reader.number(2);
  const random = reader.bytes(32);
  const sessionId = reader.vector(1);
  if (sessionId.length > LONGEST_SESSION_ID) throw new TlsFailure('length mismatch', Alert.decodeError);
  const suites = readShorts(reader.vector(2));
  if (!reader.vector(1).includes(NO_COMPRESSION)) {
    throw new TlsFailure('required compression algorithm missing', Alert.illegalParameter);
  }
  const extensions = readExtensions(reader.atEnd ? EMPTY : reader.vector(2));
  reader.end();
  return { version, random, sessionId, suites, extensions };
}

export function encodeServerHello(hello: ServerHello): Uint8Array {
  return joinBytes([
    numberBytes(2, hello.version),
    hello.random,
    vector(1, hello.sessionId),
    numberBytes(2, hello.suite),
    Uint8Array.of(NO_COMPRESSION),
    ...(hello.extensions.size > 0 ? [encodeExtensions(hello.extensions)] : []),
  ]);
}

export function readServerHello(body: Uint8Array): ServerHello {
  const reader = new WireReader(body);
  const version = reader.number(2);
  const random = reader.bytes(32);
  const sessionId = reader.vector(1);
  if (sessionId.length > LONGEST_SESSION_ID) {
    throw new TlsFailure('ssl3 session id too long', Alert.illegalParameter);
  }
  const suite = reader.number(2);
  if (reader.number(1) !== NO_COMPRESSION) {
    throw new TlsFailure('unsupported compression algorithm', Alert.illegalParameter);
  }
  const extensions = readExtensions(reader.atEnd ? EMPTY : reader.vector(2));
  reader.end();
  return { version, random, sessionId, suite, extensions };
}

/** The random value of a ServerHello that asks for another ClientHello: SHA-256 of "HelloRetryRequest". */
export const RETRY_RANDOM = Uint8Array.from(
  'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c'.match(/../g) ?? [],
  (hex) => Number.parseInt(hex, 16),
);
