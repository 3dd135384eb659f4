/**
 * AES-GCM (NIST SP 800-38D) of many messages with one key: what can be made ahead of the key is made once. Nonces have 12 bytes.
 */
import { unsafe } from '@noble/ciphers/aes.js';
import { copyOf } from '../../streams/text.ts';
import { equalInConstantTime } from '../guest-bytes.ts';

const BLOCK = 16;
const TAG = 16;
/** x^128 + x^7 + x^2 + x + 1, its bits in GCM's order. */
const POLYNOMIAL = 0xe1000000;
/** Words of the products of one byte's values. */
const BYTE_TABLE = 256 * 4;

export class GaloisKey {
  readonly #roundKeys: Uint32Array;
  readonly #products: Uint32Array;

  constructor(key: Uint8Array) {
    this.#roundKeys = unsafe.expandKeyLE(copyOf(key));
    this.#products = productsOf(unsafe.ctr32(this.#roundKeys, false, new Uint8Array(BLOCK), new Uint8Array(BLOCK)));
  }

  /** The encrypted message, and its tag behind it. */
  seal(nonce: Uint8Array, associated: Uint8Array, plain: Uint8Array): Uint8Array {
    const sealed = new Uint8Array(plain.length + TAG);
    sealed.set(unsafe.ctr32(this.#roundKeys, false, counterBlock(nonce, 2), copyOf(plain)));
    sealed.set(this.#tag(nonce, associated, sealed.subarray(0, plain.length)), plain.length);
    return sealed;
  }
  /** null when the tag is wrong. */
  open(nonce: Uint8Array, associated: Uint8Array, sealed: Uint8Array): Uint8Array | null {
    const length = sealed.length - TAG;
    if (length < 0) return null;
    const encrypted = copyOf(sealed.subarray(0, length));
    if (!equalInConstantTime(this.#tag(nonce, associated, encrypted), sealed.subarray(length))) return null;
    return unsafe.ctr32(this.#roundKeys, false, counterBlock(nonce, 2), encrypted);
  }

  #tag(nonce: Uint8Array, associated: Uint8Array, encrypted: Uint8Array): Uint8Array {
    const state = new Uint32Array(4);
    absorb(this.#products, state, associated);
    absorb(this.#products, state, encrypted);
    const lengths = new Uint8Array(BLOCK);
    const view = new DataView(lengths.buffer);
    view.setBigUint64(0, 8n * BigInt(associated.length));
    view.setBigUint64(8, 8n * BigInt(encrypted.length));
    absorb(this.#products, state, lengths);
    for (const [i, word] of state.entries()) view.setUint32(4 * i, word);
    return unsafe.ctr32(this.#roundKeys, false, counterBlock(nonce, 1), lengths);
  }
}

function counterBlock(nonce: Uint8Array, counter: number): Uint8Array {
  const block = new Uint8Array(BLOCK);
  block.set(nonce);
  block[BLOCK - 1] = counter;
  return block;
}

/** For each of the block's bytes, and each value of it, its product with the hash's key. */
function productsOf(hashKey: Uint8Array): Uint32Array {
  const view = new DataView(hashKey.buffer, hashKey.byteOffset, BLOCK);
  let [a, b, c, d] = [view.getUint32(0), view.getUint32(4), view.getUint32(8), view.getUint32(12)];
  const products = new Uint32Array(BLOCK * BYTE_TABLE);
  for (let bit = 0; bit < 8 * BLOCK; bit++) {
    const at = (bit >> 3) * BYTE_TABLE + 4 * (0x80 >> (bit & 7));
    products.set([a, b, c, d], at);
    const carry = d & 1 ? POLYNOMIAL : 0;
    [d, c, b, a] = [(d >>> 1) | (c << 31), (c >>> 1) | (b << 31), (b >>> 1) | (a << 31), (a >>> 1) ^ carry];
  }
  for (let byte = 0; byte < BLOCK; byte++) {
    const table = products.subarray(byte * BYTE_TABLE, (byte + 1) * BYTE_TABLE);
    for (let value = 1; value < 256; value++) {
      const [low, rest] = [4 * (value & -value), 4 * (value & (value - 1))];
      if (rest === 0) continue;
      for (let i = 0; i < 4; i++) table[4 * value + i] = (table[low + i] ?? 0) ^ (table[rest + i] ?? 0);
    }
  }
  return products;
}

/** Hashes the bytes, filled up with zeros to whole blocks. */
function absorb(products: Uint32Array, state: Uint32Array, bytes: Uint8Array): void {
  let [a = 0, b = 0, c = 0, d = 0] = state;
  const word = (at: number): number =>
    ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
  for (let at = 0; at < bytes.length; at += BLOCK) {
    const [w0, w1, w2, w3] = [a ^ word(at), b ^ word(at + 4), c ^ word(at + 8), d ^ word(at + 12)];
    a = b = c = d = 0;
    for (let i = 0; i < BLOCK; i++) {
      const w = i < 8 ? (i < 4 ? w0 : w1) : i < 12 ? w2 : w3;
      const entry = i * BYTE_TABLE + (((w >>> (24 - 8 * (i & 3))) & 255) << 2);
      a ^= products[entry] as number;
      b ^= products[entry + 1] as number;
      c ^= products[entry + 2] as number;
      d ^= products[entry + 3] as number;
    }
  }
  state.set([a, b, c, d]);
}
