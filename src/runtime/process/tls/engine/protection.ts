/** How records are protected in TLS 1.3 (RFC 8446, section 5.2). */
import { joinBytes } from '../../../kernel/join-bytes.ts';
import { Alert, TlsFailure } from './failure.ts';
import { ContentType, type Protection } from './records.ts';
import type { Aead, Suite } from './suites.ts';
import type { TlsCrypto } from './tls-crypto.ts';
import { numberBytes } from './wire.ts';

export const TAG = 16;
const NONCE = 12;
const INNER_TYPES: ReadonlySet<number> = new Set([
  ContentType.alert,
  ContentType.handshake,
  ContentType.applicationData,
]);

export const badRecord = (): TlsFailure => new TlsFailure('decryption failed or bad record mac', Alert.badRecordMac);

export function nonceAt(iv: Uint8Array, sequence: number): Uint8Array {
  const nonce = new Uint8Array(NONCE);
  nonce.set(numberBytes(8, sequence), NONCE - 8);
  return nonce.map((byte, i) => byte ^ (iv[i] ?? 0));
}

export interface TrafficKeys {
  key: Uint8Array;
  iv: Uint8Array;
}

/**
 * The type goes inside; every record looks like the program's data. `toleratesAlerts`: the peer may fail before it has the keys,
 * and says so in the open; what it has protected once is no longer believed otherwise.
 */
export function protection13(
  crypto: TlsCrypto,
  { cipher }: Suite,
  { key, iv }: TrafficKeys,
  toleratesAlerts = false,
): Protection {
  const aead = cipher as Aead;
  let sequence = 0;
  let mayBeInTheOpen = toleratesAlerts;
  const keysFor = (length: number) => ({
    key,
    nonce: nonceAt(iv, sequence++),
    associated: joinBytes([Uint8Array.of(ContentType.applicationData, 3, 3), numberBytes(2, length)]),
  });
  return {
    mostGrowth: 256,
    seal({ type, content }) {
      const plain = new Uint8Array(content.length + 1);
      plain.set(content);
      plain[content.length] = type;
      return {
        type: ContentType.applicationData,
        content: crypto.seal(aead, keysFor(plain.length + TAG), plain),
      };
    },
    open({ type, content }) {
      if (type === ContentType.changeCipherSpec) return { type, content };
      if (type === ContentType.alert && mayBeInTheOpen) return { type, content };
      if (type !== ContentType.applicationData) throw new TlsFailure('bad record type', Alert.unexpectedMessage);
      const plain = content.length < TAG ? null : crypto.open(aead, keysFor(content.length), content);
      if (plain === null) throw badRecord();
      mayBeInTheOpen = false;
      // Zeros may follow the type.
      let end = plain.length - 1;
      while (end >= 0 && plain[end] === 0) end--;
      const inner = plain[end];
      if (inner === undefined || !INNER_TYPES.has(inner)) {
        throw new TlsFailure('bad record type', Alert.unexpectedMessage);
      }
      // Only the program's data may be of no bytes.
      if (end === 0 && inner !== ContentType.applicationData) {
        throw new TlsFailure('bad length', Alert.unexpectedMessage);
      }
      return { type: inner, content: plain.subarray(0, end) };
    },
  };
}
