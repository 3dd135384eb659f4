/** The contents of the extensions. */
import { joinBytes } from '../../../kernel/join-bytes.ts';
import { decodeLatin1, encodeLatin1 } from '../../streams/text.ts';
import { Alert, TlsFailure } from './failure.ts';
import { Extension, type Extensions } from './messages.ts';
import { numberBytes, readShorts, vector, WireReader } from './wire.ts';

const HOST_NAME = 0;

export const encodeServerName = (name: string): Uint8Array =>
  vector(2, Uint8Array.of(HOST_NAME), vector(2, encodeLatin1(name)));

export function readServerName(extensions: Extensions): string | null {
  const content = extensions.get(Extension.serverName);
  if (content === undefined || content.length === 0) return null;
  const list = new WireReader(new WireReader(content).vector(2));
  if (list.number(1) !== HOST_NAME) throw new TlsFailure('bad extension', Alert.decodeError);
  return decodeLatin1(list.vector(2));
}

/** `shares` by the number of the group. */
export const encodeKeyShares = (shares: readonly (readonly [number, Uint8Array])[]): Uint8Array =>
  vector(2, ...shares.map(encodeKeyShare));
export const encodeKeyShare = ([group, share]: readonly [number, Uint8Array]): Uint8Array =>
  joinBytes([numberBytes(2, group), vector(2, share)]);

export function readKeyShares(content: Uint8Array): Map<number, Uint8Array> {
  const list = new WireReader(new WireReader(content).vector(2));
  const shares = new Map<number, Uint8Array>();
  while (!list.atEnd) shares.set(list.number(2), list.vector(2));
  return shares;
}

/** A list of numbers behind its length; an absent extension has none. */
export function readNumberList(extensions: Extensions, id: number): number[] {
  const content = extensions.get(id);
  return content === undefined ? [] : readShorts(new WireReader(content).vector(2));
}

/** Versions that a client speaks. */
export function readVersions(extensions: Extensions): number[] | null {
  const content = extensions.get(Extension.supportedVersions);
  return content === undefined ? null : readShorts(new WireReader(content).vector(1));
}

/** The names in the form in which they are on the wire, each behind its length. */
export function readProtocols(content: Uint8Array): Uint8Array {
  const protocols = new WireReader(content).vector(2);
  const reader = new WireReader(protocols);
  while (!reader.atEnd) reader.vector(1);
  return protocols;
}

/** The one protocol of a server's answer. */
export function readProtocol(content: Uint8Array): Uint8Array {
  return new WireReader(new WireReader(content).vector(2)).vector(1);
}

export interface PreSharedOffer {
  identities: { identity: Uint8Array; age: number }[];
  binders: Uint8Array[];
  /** Bytes of the list of binders, at the end of the message. */
  bindersLength: number;
}

export function readPreSharedOffer(content: Uint8Array): PreSharedOffer {
  const reader = new WireReader(content);
  const list = new WireReader(reader.vector(2));
  const identities: PreSharedOffer['identities'] = [];
  while (!list.atEnd) identities.push({ identity: list.vector(2), age: list.number(4) });
  const bindersLength = content.length - reader.offset;
  const binderList = new WireReader(reader.vector(2));
  const binders: Uint8Array[] = [];
  while (!binderList.atEnd) binders.push(binderList.vector(1));
  if (binders.length !== identities.length) throw new TlsFailure('bad extension', Alert.illegalParameter);
  return { identities, binders, bindersLength };
}
