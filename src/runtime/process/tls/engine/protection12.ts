/** How records are protected in TLS 1.2 (RFC 5246, section 6.2.3; RFC 5288, RFC 7905). */
import { joinBytes } from '../../../kernel/join-bytes.ts';
import { badRecord, nonceAt, TAG, type TrafficKeys } from './protection.ts';
import type { Protection } from './records.ts';
import type { Aead, BlockMode, HashName, Suite } from './suites.ts';
import type { TlsCrypto } from './tls-crypto.ts';
import { numberBytes, sameBytes } from './wire.ts';

const EXPLICIT_NONCE = 8;
const BLOCK = 16;
const MOST_GROWTH = 2048;

export interface TrafficKeys12 extends TrafficKeys {
  /** Of the MAC, where there is one. */
  macKey: Uint8Array;
}

export function protection12(crypto: TlsCrypto, suite: Suite, keys: TrafficKeys12): Protection {
  const { cipher, mac } = suite;
  if (mac !== null) return blockProtection(crypto, { cipher: cipher as BlockMode, mac }, keys);
  return aeadProtection(crypto, cipher as Aead, keys);
}

/** In GCM a part of the nonce goes in front of the record. */
function aeadProtection(crypto: TlsCrypto, cipher: Aead, { key, iv }: TrafficKeys): Protection {
  let sequence = 0;
  const isExplicit = cipher !== 'chacha20-poly1305';
  const keysFor = (type: number, length: number, explicit: Uint8Array) => {
    const number = sequence++;
    return {
      key,
      nonce: isExplicit ? joinBytes([iv, explicit]) : nonceAt(iv, number),
      associated: joinBytes([numberBytes(8, number), Uint8Array.of(type, 3, 3), numberBytes(2, length)]),
    };
  };
  return {
    mostGrowth: MOST_GROWTH,
    seal({ type, content }) {
      const explicit = numberBytes(8, sequence);
      const sealed = crypto.seal(cipher, keysFor(type, content.length, explicit), content);
      return { type, content: isExplicit ? joinBytes([explicit, sealed]) : sealed };
    },
    open({ type, content }) {
      const start = isExplicit ? EXPLICIT_NONCE : 0;
      const length = content.length - start - TAG;
      if (length < 0) throw badRecord();
      const keys = keysFor(type, length, content.subarray(0, start));
      const plain = crypto.open(cipher, keys, content.subarray(start));
      if (plain === null) throw badRecord();
      return { type, content: plain };
    },
  };
}

interface BlockSuite {
  cipher: BlockMode;
  mac: HashName;
}

/** A MAC behind the content, padding behind that, and all of it encrypted. */
function blockProtection(crypto: TlsCrypto, { mac }: BlockSuite, { key, macKey }: TrafficKeys12): Protection {
  let sequence = 0;
  const macOf = (type: number, content: Uint8Array): Uint8Array => {
    const head = [numberBytes(8, sequence++), Uint8Array.of(type, 3, 3), numberBytes(2, content.length)];
    return crypto.hmac(mac, macKey, ...head, content);
  };
  const macLength = crypto.hashLength(mac);
  return {
    mostGrowth: MOST_GROWTH,
    seal({ type, content }) {
      const body = joinBytes([content, macOf(type, content)]);
      const filler = BLOCK - 1 - (body.length % BLOCK);
      const padded = joinBytes([body, new Uint8Array(filler + 1).fill(filler)]);
      const iv = crypto.random(BLOCK);
      return { type, content: joinBytes([iv, crypto.encryptBlocks(key, iv, padded)]) };
    },
    open({ type, content }) {
      const length = content.length - BLOCK;
      if (length < BLOCK || length % BLOCK !== 0) throw badRecord();
      const padded = crypto.decryptBlocks(key, content.slice(0, BLOCK), content.slice(BLOCK));
      const filler = padded[padded.length - 1] ?? 0;
      const end = padded.length - filler - 1 - macLength;
      const isPadded = end >= 0 && padded.subarray(padded.length - filler - 1).every((byte) => byte === filler);
      const plain = padded.subarray(0, Math.max(0, end));
      const expected = macOf(type, plain);
      if (!isPadded || !sameBytes(expected, padded.subarray(end, end + macLength))) throw badRecord();
      return { type, content: plain };
    },
  };
}
