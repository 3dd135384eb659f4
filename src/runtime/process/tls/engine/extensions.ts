/** The contents of the extensions. */
import { joinBytes } from '../../../kernel/join-bytes.ts';
import { decodeLatin1, encodeLatin1 } from '../../streams/text.ts';
import { Alert, TlsFailure } from './failure.ts';
import type { Handshake } from './handshake.ts';
import { Extension, type Extensions } from './messages.ts';
import { EMPTY, numberBytes, onlyVector, readShorts, vector, WireReader } from './wire.ts';

const HOST_NAME = 0;
const LONGEST_NAME = 255;
const UNRECOGNIZED_NAME = 112;
const BAD = 'bad extension';

export const encodeServerName = (name: string): Uint8Array =>
  vector(2, Uint8Array.of(HOST_NAME), vector(2, encodeLatin1(name)));

export function readServerName(extensions: Extensions): string | null {
  const content = extensions.get(Extension.serverName);
  if (content === undefined) return null;
  const list = new WireReader(onlyVector(2, content, BAD), BAD);
  if (list.number(1) !== HOST_NAME) throw new TlsFailure(BAD, Alert.decodeError);
  const name = list.vector(2);
  list.end();
  if (name.length > LONGEST_NAME || name.includes(0)) throw new TlsFailure(BAD, UNRECOGNIZED_NAME);
  return decodeLatin1(name);
}

/** `shares` by the number of the group. */
export const encodeKeyShares = (shares: readonly (readonly [number, Uint8Array])[]): Uint8Array =>
  vector(2, ...shares.map(encodeKeyShare));
export const encodeKeyShare = ([group, share]: readonly [number, Uint8Array]): Uint8Array =>
  joinBytes([numberBytes(2, group), vector(2, share)]);

export function readKeyShares(content: Uint8Array): Map<number, Uint8Array> {
  const list = new WireReader(onlyVector(2, content, BAD), BAD);
  const shares = new Map<number, Uint8Array>();
  while (!list.atEnd) shares.set(list.number(2), list.vector(2));
  return shares;
}

/** A list of numbers behind its length; an absent extension has none. */
export function readNumberList(extensions: Extensions, id: number): number[] {
  const content = extensions.get(id);
  return content === undefined ? [] : readShorts(onlyVector(2, content, BAD));
}

/** Versions that a client speaks. */
export function readVersions(extensions: Extensions): number[] | null {
  const content = extensions.get(Extension.supportedVersions);
  return content === undefined ? null : readShorts(onlyVector(1, content));
}

/** The names in the form in which they are on the wire, each behind its length. */
export function readProtocols(content: Uint8Array): Uint8Array {
  const protocols = onlyVector(2, content, BAD);
  if (protocols.length === 0 || splitProtocols(protocols).includes('')) {
    throw new TlsFailure(BAD, Alert.decodeError);
  }
  return protocols;
}

/** The names of such a list. */
export function splitProtocols(protocols: Uint8Array): string[] {
  const reader = new WireReader(protocols);
  const names: string[] = [];
  while (!reader.atEnd) names.push(decodeLatin1(reader.vector(1)));
  return names;
}

/** The one protocol of a server's answer. */
const readProtocol = (content: Uint8Array): Uint8Array => onlyVector(1, onlyVector(2, content, BAD), BAD);

/** The server's choice, which is one that the client has offered. */
export function acceptProtocol({ facts, settings }: Handshake, extensions: Extensions): void {
  const content = extensions.get(Extension.alpn);
  if (content === undefined) return;
  const protocol = readProtocol(content);
  if (!splitProtocols(settings.protocols ?? EMPTY).includes(decodeLatin1(protocol))) {
    throw new TlsFailure(BAD, Alert.decodeError);
  }
  facts.protocol = protocol.slice();
}

export interface PreSharedOffer {
  identities: { identity: Uint8Array; age: number }[];
  binders: Uint8Array[];
  /** Bytes of the list of binders, at the end of the message. */
  bindersLength: number;
}

export function readPreSharedOffer(content: Uint8Array): PreSharedOffer {
  const reader = new WireReader(content, BAD);
  const list = new WireReader(reader.vector(2), BAD);
  const identities: PreSharedOffer['identities'] = [];
  while (!list.atEnd) identities.push({ identity: list.vector(2), age: list.number(4) });
  const bindersLength = content.length - reader.offset;
  const binderList = new WireReader(reader.vector(2), BAD);
  const binders: Uint8Array[] = [];
  while (!binderList.atEnd) binders.push(binderList.vector(1));
  reader.end();
  if (binders.length !== identities.length) throw new TlsFailure(BAD, Alert.illegalParameter);
  return { identities, binders, bindersLength };
}
