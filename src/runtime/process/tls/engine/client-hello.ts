/** What a client offers. */
import { joinBytes } from '../../../kernel/join-bytes.ts';
import { encodeKeyShares, encodeServerName } from './extensions.ts';
import { Alert, TlsFailure } from './failure.ts';
import { isHybrid, type NamedGroup } from './groups.ts';
import type { Handshake } from './handshake.ts';
import { finishedOf, KeySchedule } from './key-schedule.ts';
import {
  type ClientHello,
  Extension,
  type Extensions,
  encodeClientHello,
  encodeMessage,
  MessageType,
} from './messages.ts';
import { suiteOf, TLS12, TLS13 } from './suites.ts';
import { isFresh } from './tickets.ts';
import type { KeyShare } from './tls-crypto.ts';
import { EMPTY, numberBytes, shorts, vector } from './wire.ts';

/** Says that the client knows of safe renegotiation (RFC 5746). */
const SIGNALLING_SUITE = 0xff;
export const PSK_WITH_KEY_AGREEMENT = 1;

/** A key that both may know, from a session or from the program. */
export interface OfferedKey {
  identity: Uint8Array;
  secret: Uint8Array;
  hash: string;
  age: number;
  isSession: boolean;
}

export interface Offer {
  hello: ClientHello;
  shares: Map<NamedGroup, KeyShare>;
  keys: OfferedKey[];
}

/** The first hello. */
export function makeOffer(handshake: Handshake): Offer {
  const { settings, crypto, facts } = handshake;
  const suites = settings.suites.filter(
    ({ version }) => version >= settings.minVersion && version <= settings.maxVersion,
  );
  if (settings.minVersion > settings.maxVersion) throw new TlsFailure('no protocols available');
  if (suites.length === 0) throw new TlsFailure('no ciphers available');
  facts.clientRandom = crypto.random(32);
  facts.servername = settings.servername;
  const speaks13 = settings.maxVersion >= TLS13;
  const shares = new Map<NamedGroup, KeyShare>();
  const keys = speaks13 ? offeredKeys(handshake) : [];
  if (speaks13) {
    // Of the hybrid group and of the next one, as OpenSSL guesses.
    const [first, second] = settings.groups;
    for (const group of first !== undefined && isHybrid(first) ? [first, second] : [first]) {
      if (group !== undefined) shares.set(group, crypto.group(group.name).offer());
    }
  }
  const { session } = settings;
  const old = session?.version === TLS12 ? session : null;
  const hello: ClientHello = {
    version: TLS12,
    random: facts.clientRandom,
    // For middleboxes in TLS 1.3; in TLS 1.2 how the client sees whether its ticket was taken.
    sessionId: speaks13 || (old !== null && old.ticket.length > 0) ? crypto.random(32) : (old?.sessionId ?? EMPTY),
    suites: [...suites.map(({ id }) => id), SIGNALLING_SUITE],
    extensions: helloExtensions(handshake, old?.ticket ?? EMPTY),
  };
  if (old !== null && old.ticket.length === 0 && old.sessionId.length > 0) hello.sessionId = old.sessionId;
  const offer = { hello, shares, keys };
  if (speaks13) addShares(offer);
  return offer;
}

function helloExtensions({ settings }: Handshake, ticket: Uint8Array): Extensions {
  const { servername, protocols, minVersion, maxVersion } = settings;
  const extensions: Extensions = new Map();
  if (servername !== null) extensions.set(Extension.serverName, encodeServerName(servername));
  const groups = settings.groups.filter((group) => maxVersion >= TLS13 || !isHybrid(group));
  if (minVersion <= TLS12) extensions.set(Extension.pointFormats, vector(1, Uint8Array.of(0)));
  extensions.set(Extension.supportedGroups, vector(2, shorts(groups.map(({ id }) => id))));
  if (minVersion <= TLS12) extensions.set(Extension.sessionTicket, ticket);
  // One certificate status by OCSP, of any responder.
  if (settings.wantsOcsp) extensions.set(Extension.statusRequest, Uint8Array.of(1, 0, 0, 0, 0));
  if (protocols !== null) extensions.set(Extension.alpn, vector(2, protocols));
  if (minVersion <= TLS12) extensions.set(Extension.extendedMasterSecret, EMPTY);
  const schemes = settings.schemes.filter(({ isModern }) => minVersion <= TLS12 || isModern);
  extensions.set(Extension.signatureAlgorithms, vector(2, shorts(schemes.map(({ id }) => id))));
  if (maxVersion < TLS13) return extensions;
  const versions = minVersion <= TLS12 ? [TLS13, TLS12] : [TLS13];
  extensions.set(Extension.supportedVersions, vector(1, shorts(versions)));
  extensions.set(Extension.pskModes, vector(1, Uint8Array.of(PSK_WITH_KEY_AGREEMENT)));
  return extensions;
}

/** Puts the shares into the hello: at first, and when the server asked for another group. */
export function addShares({ hello, shares }: Offer): void {
  const list = [...shares].map(([group, { share }]) => [group.id, share] as const);
  hello.extensions.set(Extension.keyShare, encodeKeyShares(list));
}

function offeredKeys({ settings, hooks }: Handshake): OfferedKey[] {
  const keys: OfferedKey[] = [];
  const { session } = settings;
  const hash = session === null ? undefined : suiteOf(session.suite)?.hash;
  if (session?.version === TLS13 && session.ticket.length > 0 && hash !== undefined && isFresh(session, hooks.now())) {
    const age = (hooks.now() - session.created + session.ageAdd) % 2 ** 32;
    keys.push({ identity: session.ticket, secret: session.secret, hash, age, isSession: true });
  }
  const known = hooks.choosePsk(null);
  if (known !== null) keys.push({ ...known, hash: 'sha256', age: 0, isSession: false });
  return keys.filter(({ secret }) => secret.length > 0);
}

/** Sends the hello; at its very end are the proofs that the client has the keys. */
export function sendHello(handshake: Handshake, { hello, keys }: Offer): void {
  const { crypto, transcript } = handshake;
  hello.extensions.delete(Extension.preSharedKey);
  if (keys.length === 0) {
    handshake.send(MessageType.clientHello, encodeClientHello(hello));
    return;
  }
  const identities = vector(
    2,
    ...keys.map(({ identity, age }) => joinBytes([vector(2, identity), numberBytes(4, age)])),
  );
  const binders = (values: Uint8Array[]) => vector(2, ...values.map((value) => vector(1, value)));
  const blank = binders(keys.map(({ hash }) => new Uint8Array(crypto.hashLength(hash))));
  hello.extensions.set(Extension.preSharedKey, joinBytes([identities, blank]));
  const whole = encodeMessage(MessageType.clientHello, encodeClientHello(hello));
  const truncated = whole.subarray(0, whole.length - blank.length);
  const real = keys.map((key) => binderOf(handshake, key, transcript.digest(key.hash, truncated)));
  hello.extensions.set(Extension.preSharedKey, joinBytes([identities, binders(real)]));
  handshake.send(MessageType.clientHello, encodeClientHello(hello));
}

/** The proof of a key over the hello in front of it. */
export function binderOf(
  { crypto }: Handshake,
  { secret, hash, isSession }: Pick<OfferedKey, 'secret' | 'hash' | 'isSession'>,
  digest: Uint8Array,
): Uint8Array {
  const schedule = new KeySchedule(crypto, hash, secret);
  const binderKey = schedule.derive(isSession ? 'res binder' : 'ext binder', crypto.digest(hash, EMPTY));
  return finishedOf(crypto, hash, binderKey, digest);
}

export const illegal = (): TlsFailure => new TlsFailure('bad extension', Alert.illegalParameter);
