/** Authenticated encryption in pieces: GCM and CCM (NIST SP 800-38D, C), OCB (RFC 7253), ChaCha20-Poly1305 (RFC 8439). */
import { poly1305 } from '@noble/ciphers/_poly1305.js';
import { ghash } from '@noble/ciphers/_polyval.js';
import { chacha20 } from '@noble/ciphers/chacha.js';
import { type BlockCipher, counterMode, increment, type RunningCipher, xorInto } from './block-modes.ts';

export interface RunningAead extends RunningCipher {
  /** Before the first `update`. */
  associate(bytes: Uint8Array): void;
  /** The whole tag, after `final`. */
  tag(): Uint8Array;
}

export interface AeadOptions {
  cipher: BlockCipher;
  iv: Uint8Array;
  encrypts: boolean;
  tagLength: number;
}

const EMPTY = new Uint8Array(0);
const BLOCK = 16;

/** Two lengths as 64-bit numbers. */
function lengths(first: number, second: number, littleEndian: boolean): Uint8Array {
  const bytes = new Uint8Array(BLOCK);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(first), littleEndian);
  view.setBigUint64(8, BigInt(second), littleEndian);
  return bytes;
}

interface BlockHash {
  update(bytes: Uint8Array): unknown;
  digest(): Uint8Array;
}

/** A universal hash over blocks, whose parts are each filled up with zeros. The hash itself would fill up every update. */
class PaddedHash {
  readonly #hash: BlockHash;
  #rest: Uint8Array = EMPTY;
  constructor(hash: BlockHash) {
    this.#hash = hash;
  }
  update(bytes: Uint8Array): void {
    const input = new Uint8Array(this.#rest.length + bytes.length);
    input.set(this.#rest);
    input.set(bytes, this.#rest.length);
    const whole = input.length - (input.length % BLOCK);
    if (whole > 0) this.#hash.update(input.slice(0, whole));
    this.#rest = input.slice(whole);
  }
  pad(): void {
    if (this.#rest.length > 0) this.update(new Uint8Array(BLOCK - this.#rest.length));
  }
  digest(): Uint8Array {
    return this.#hash.digest();
  }
}

/** Encrypt-then-hash: what GCM and ChaCha20-Poly1305 have in common. */
function hashedStream(parts: {
  stream: RunningCipher;
  hash: PaddedHash;
  encrypts: boolean;
  finish(digest: (last: Uint8Array) => Uint8Array, counts: [number, number]): Uint8Array;
}): RunningAead {
  const { stream, hash, encrypts, finish } = parts;
  let [associated, processed] = [0, 0];
  let begun = false;
  let tag: Uint8Array | null = null;
  const begin = () => {
    if (!begun) hash.pad();
    begun = true;
  };
  return {
    associate(bytes) {
      associated += bytes.length;
      hash.update(bytes);
    },
    update(bytes) {
      begin();
      processed += bytes.length;
      const output = stream.update(bytes);
      hash.update(encrypts ? output : bytes);
      return output;
    },
    final: () => EMPTY,
    tag() {
      begin();
      tag ??= finish(
        (last) => {
          hash.pad();
          hash.update(last);
          return hash.digest();
        },
        [associated, processed],
      );
      return tag;
    },
  };
}

export function galoisCounter({ cipher, iv, encrypts }: AeadOptions): RunningAead {
  const hashKey = new Uint8Array(BLOCK);
  cipher.encrypt(hashKey);
  const counter = new Uint8Array(BLOCK);
  if (iv.length === 12) {
    counter.set(iv);
    counter[15] = 1;
  } else {
    const hash = new PaddedHash(ghash.create(hashKey));
    hash.update(iv);
    hash.pad();
    hash.update(lengths(0, iv.length * 8, false));
    counter.set(hash.digest());
  }
  const first = counter.slice();
  cipher.encrypt(first);
  increment(counter, 4);
  return hashedStream({
    stream: counterMode({ cipher, iv: counter, encrypts }, 4),
    hash: new PaddedHash(ghash.create(hashKey)),
    encrypts,
    finish(digest, [associated, processed]) {
      const tag = digest(lengths(associated * 8, processed * 8, false)).slice();
      xorInto(tag, first);
      return tag;
    },
  });
}

export function chachaPoly(key: Uint8Array, iv: Uint8Array, encrypts: boolean): RunningAead {
  const nonce = new Uint8Array(12);
  nonce.set(iv, 12 - iv.length);
  const oneTimeKey = chacha20(key, nonce, new Uint8Array(32), undefined, 0);
  return hashedStream({
    stream: chachaStream(key, nonce, 1),
    hash: new PaddedHash(poly1305.create(oneTimeKey)),
    encrypts,
    finish: (digest, [associated, processed]) => digest(lengths(associated, processed, true)),
  });
}

/** ChaCha20's key stream in pieces, from that block on. */
export function chachaStream(key: Uint8Array, nonce: Uint8Array, firstBlock: number): RunningCipher {
  const size = 64;
  let block = firstBlock;
  let left: Uint8Array = EMPTY;
  return {
    update(bytes) {
      const whole = Math.max(0, Math.ceil((bytes.length - left.length) / size)) * size;
      const fresh = chacha20(key, nonce, new Uint8Array(whole), undefined, block);
      block += whole / size;
      const keys = new Uint8Array(left.length + whole);
      keys.set(left);
      keys.set(fresh, left.length);
      // A Buffer's slice would share its memory.
      const output = new Uint8Array(bytes);
      xorInto(output, keys);
      left = keys.slice(bytes.length);
      return output;
    },
    final: () => EMPTY,
  };
}

/** CCM needs the message's length ahead, so it takes the message in one piece. `open` answers null when the tag is wrong. */
export function counterCbcMac({ cipher, iv, encrypts, tagLength }: AeadOptions) {
  const lengthSize = 15 - iv.length;
  const mac = (message: Uint8Array, associated: Uint8Array): Uint8Array => {
    const state = new Uint8Array(BLOCK);
    state[0] = (associated.length > 0 ? 64 : 0) | (((tagLength - 2) / 2) << 3) | (lengthSize - 1);
    state.set(iv, 1);
    for (let i = 0, left = message.length; i < lengthSize; i++, left = Math.floor(left / 256)) {
      state[15 - i] = left % 256;
    }
    cipher.encrypt(state);
    const absorb = (bytes: Uint8Array) => {
      for (let at = 0; at < bytes.length; at += BLOCK) {
        xorInto(state, bytes.subarray(at, at + BLOCK));
        cipher.encrypt(state);
      }
    };
    if (associated.length > 0) absorb(prefixed(associated));
    absorb(message);
    return state;
  };
  const counter = new Uint8Array(BLOCK);
  counter[0] = lengthSize - 1;
  counter.set(iv, 1);
  const stream = counterMode({ cipher, iv: counter, encrypts });
  const tagMask = stream.update(new Uint8Array(BLOCK));
  return (message: Uint8Array, associated: Uint8Array): { output: Uint8Array; tag: Uint8Array } => {
    const output = stream.update(message);
    const tag = mac(encrypts ? message : output, associated);
    xorInto(tag, tagMask);
    return { output, tag: tag.slice(0, tagLength) };
  };
}

/** The associated data behind its length. */
function prefixed(bytes: Uint8Array): Uint8Array {
  const { length } = bytes;
  const prefix =
    length < 0xff00
      ? [length >> 8, length & 255]
      : [0xff, 0xfe, length >>> 24, (length >>> 16) & 255, (length >>> 8) & 255, length & 255];
  return Uint8Array.from([...prefix, ...bytes]);
}

const doubled = (block: Uint8Array): Uint8Array => {
  const result = block.map((byte, i) => ((byte << 1) | ((block[i + 1] ?? 0) >> 7)) & 255);
  if ((block[0] ?? 0) & 128) result[15] = (result[15] ?? 0) ^ 0x87;
  return result;
};

export function offsetCodebook({ cipher, iv, encrypts, tagLength }: AeadOptions): RunningAead {
  const star = new Uint8Array(BLOCK);
  cipher.encrypt(star);
  const dollar = doubled(star);
  const table = [doubled(dollar)];
  const l = (index: number): Uint8Array => {
    for (let i = table.length; i <= index; i++) table.push(doubled(table[i - 1] ?? star));
    return table[index] ?? star;
  };
  const offset = firstOffset(cipher, iv, tagLength);
  const checksum = new Uint8Array(BLOCK);
  let blocks = 0;
  let rest: Uint8Array = EMPTY;
  let associated: Uint8Array = EMPTY;

  const whole = (block: Uint8Array): Uint8Array => {
    blocks++;
    xorInto(offset, l(31 - Math.clz32(blocks & -blocks)));
    const output = block.slice();
    if (encrypts) xorInto(checksum, block);
    xorInto(output, offset);
    if (encrypts) cipher.encrypt(output);
    else cipher.decrypt(output);
    xorInto(output, offset);
    if (!encrypts) xorInto(checksum, output);
    return output;
  };
  const hashAssociated = (): Uint8Array => {
    const sum = new Uint8Array(BLOCK);
    const running = new Uint8Array(BLOCK);
    for (let at = 0, i = 1; at < associated.length; at += BLOCK, i++) {
      const piece = associated.subarray(at, at + BLOCK);
      xorInto(running, piece.length === BLOCK ? l(31 - Math.clz32(i & -i)) : star);
      const block = new Uint8Array(BLOCK);
      block.set(piece);
      if (piece.length < BLOCK) block[piece.length] = 128;
      xorInto(block, running);
      cipher.encrypt(block);
      xorInto(sum, block);
    }
    return sum;
  };
  return {
    associate(bytes) {
      associated = Uint8Array.from([...associated, ...bytes]);
    },
    update(bytes) {
      const input = Uint8Array.from([...rest, ...bytes]);
      const length = input.length - (input.length % BLOCK);
      const output = new Uint8Array(length);
      for (let at = 0; at < length; at += BLOCK) output.set(whole(input.subarray(at, at + BLOCK)), at);
      rest = input.slice(length);
      return output;
    },
    final() {
      if (rest.length === 0) return EMPTY;
      xorInto(offset, star);
      const pad = offset.slice();
      cipher.encrypt(pad);
      const output = rest.slice();
      xorInto(output, pad);
      const plain = new Uint8Array(BLOCK);
      plain.set(encrypts ? rest : output);
      plain[rest.length] = 128;
      xorInto(checksum, plain);
      rest = EMPTY;
      return output;
    },
    tag() {
      const block = checksum.slice();
      xorInto(block, offset);
      xorInto(block, dollar);
      cipher.encrypt(block);
      xorInto(block, hashAssociated());
      return block.slice(0, tagLength);
    },
  };
}

function firstOffset(cipher: BlockCipher, iv: Uint8Array, tagLength: number): Uint8Array {
  const nonce = new Uint8Array(BLOCK);
  nonce.set(iv, BLOCK - iv.length);
  nonce[0] = (nonce[0] ?? 0) | (((tagLength * 8) % 128) << 1);
  nonce[15 - iv.length] = (nonce[15 - iv.length] ?? 0) | 1;
  const bottom = (nonce[15] ?? 0) & 63;
  nonce[15] = (nonce[15] ?? 0) & 192;
  cipher.encrypt(nonce);
  const stretch = new Uint8Array(24);
  stretch.set(nonce);
  for (let i = 0; i < 8; i++) stretch[16 + i] = (nonce[i] ?? 0) ^ (nonce[i + 1] ?? 0);
  const [bytes, bits] = [bottom >> 3, bottom & 7];
  return Uint8Array.from({ length: BLOCK }, (_, i) => {
    const [high = 0, low = 0] = stretch.subarray(bytes + i, bytes + i + 2);
    return ((high << bits) | (low >> (8 - bits))) & 255;
  });
}
