/** Modes of operation over a block cipher, in pieces of any length (NIST SP 800-38A), and key wrapping (RFC 3394). */

export interface BlockCipher {
  blockLength: number;
  /** In place. */
  encrypt(block: Uint8Array): void;
  decrypt(block: Uint8Array): void;
}

/** A cipher in progress. */
export interface RunningCipher {
  update(bytes: Uint8Array): Uint8Array;
  /** What is left; throws {@link CipherFailure}. */
  final(): Uint8Array;
}

/** Why a cipher could not end. */
export class CipherFailure extends Error {
  readonly reason: 'wrong final block length' | 'bad decrypt' | 'data not multiple of block length';
  constructor(reason: CipherFailure['reason']) {
    super(reason);
    this.reason = reason;
  }
}

export interface ModeOptions {
  cipher: BlockCipher;
  iv: Uint8Array;
  encrypts: boolean;
}

const EMPTY = new Uint8Array(0);

/** ECB and CBC: whole blocks, the last of them padded (PKCS #7) unless that is turned off. */
export class BlockMode implements RunningCipher {
  padding = true;
  readonly #options: ModeOptions;
  readonly #chain: Uint8Array | null;
  #rest: Uint8Array = EMPTY;

  constructor(options: ModeOptions, chained: boolean) {
    this.#options = options;
    this.#chain = chained ? options.iv.slice() : null;
  }

  update(bytes: Uint8Array): Uint8Array {
    const { blockLength } = this.#options.cipher;
    const input = new Uint8Array(this.#rest.length + bytes.length);
    input.set(this.#rest);
    input.set(bytes, this.#rest.length);
    // A padded last block is known for one only when nothing follows it.
    const held = !this.#options.encrypts && this.padding ? 1 : 0;
    const whole = Math.max(0, Math.floor((input.length - held) / blockLength)) * blockLength;
    this.#rest = input.slice(whole);
    return this.#process(input.subarray(0, whole));
  }

  final(): Uint8Array {
    const { blockLength } = this.#options.cipher;
    const rest = this.#rest;
    this.#rest = EMPTY;
    if (!this.padding) {
      if (rest.length > 0) throw new CipherFailure('wrong final block length');
      return EMPTY;
    }
    if (this.#options.encrypts) {
      const missing = blockLength - rest.length;
      const last = new Uint8Array(blockLength).fill(missing);
      last.set(rest);
      return this.#process(last);
    }
    if (rest.length !== blockLength) throw new CipherFailure('wrong final block length');
    return withoutPadding(this.#process(rest));
  }

  #process(bytes: Uint8Array): Uint8Array {
    const { cipher, encrypts } = this.#options;
    const { blockLength } = cipher;
    const output = new Uint8Array(bytes.length);
    const block = new Uint8Array(blockLength);
    for (let at = 0; at < bytes.length; at += blockLength) {
      for (let i = 0; i < blockLength; i++) block[i] = bytes[at + i] ?? 0;
      if (encrypts) {
        if (this.#chain !== null) xorInto(block, this.#chain);
        cipher.encrypt(block);
        this.#chain?.set(block);
      } else {
        cipher.decrypt(block);
        if (this.#chain !== null) {
          xorInto(block, this.#chain);
          for (let i = 0; i < blockLength; i++) this.#chain[i] = bytes[at + i] ?? 0;
        }
      }
      output.set(block, at);
    }
    return output;
  }
}

function withoutPadding(block: Uint8Array): Uint8Array {
  const count = block[block.length - 1] ?? 0;
  const padded = count > 0 && count <= block.length && block.subarray(-count).every((byte) => byte === count);
  if (!padded) throw new CipherFailure('bad decrypt');
  return block.slice(0, block.length - count);
}

export function xorInto(target: Uint8Array, other: Uint8Array): void {
  for (let i = 0; i < target.length; i++) target[i] = (target[i] ?? 0) ^ (other[i] ?? 0);
}

/** Adds one to a big-endian counter in its last `length` bytes. */
export function increment(counter: Uint8Array, length = counter.length): void {
  for (let i = counter.length - 1; i >= counter.length - length; i--) {
    counter[i] = ((counter[i] ?? 0) + 1) & 255;
    if (counter[i] !== 0) return;
  }
}

/** CTR, OFB and CFB: a key stream, byte by byte. `next` makes the next block of it; it sees the last block of ciphertext. */
class StreamMode implements RunningCipher {
  readonly #encrypts: boolean;
  readonly #next: (ciphertext: Uint8Array) => Uint8Array;
  readonly #ciphertext: Uint8Array;
  #keys: Uint8Array = EMPTY;
  #at = 0;

  constructor(encrypts: boolean, blockLength: number, next: (ciphertext: Uint8Array) => Uint8Array) {
    this.#encrypts = encrypts;
    this.#next = next;
    this.#ciphertext = new Uint8Array(blockLength);
    this.#at = blockLength;
  }

  update(bytes: Uint8Array): Uint8Array {
    const output = new Uint8Array(bytes.length);
    const length = this.#ciphertext.length;
    for (let i = 0; i < bytes.length; i++) {
      if (this.#at === length) {
        this.#keys = this.#next(this.#ciphertext);
        this.#at = 0;
      }
      const input = bytes[i] ?? 0;
      const result = input ^ (this.#keys[this.#at] ?? 0);
      this.#ciphertext[this.#at++] = this.#encrypts ? result : input;
      output[i] = result;
    }
    return output;
  }

  final(): Uint8Array {
    return EMPTY;
  }
}

/** `counterBytes`: how many bytes of the block count up; all of them by default. */
export function counterMode({ cipher, iv, encrypts }: ModeOptions, counterBytes?: number): RunningCipher {
  const counter = iv.slice();
  return new StreamMode(encrypts, cipher.blockLength, () => {
    const block = counter.slice();
    cipher.encrypt(block);
    increment(counter, counterBytes);
    return block;
  });
}

export function outputFeedback({ cipher, iv, encrypts }: ModeOptions): RunningCipher {
  const feedback = iv.slice();
  return new StreamMode(encrypts, cipher.blockLength, () => {
    cipher.encrypt(feedback);
    return feedback.slice();
  });
}

export function cipherFeedback({ cipher, iv, encrypts }: ModeOptions): RunningCipher {
  let first = true;
  return new StreamMode(encrypts, cipher.blockLength, (ciphertext) => {
    const block = (first ? iv : ciphertext).slice();
    first = false;
    cipher.encrypt(block);
    return block;
  });
}

/** CFB of one byte at a time. */
export function cipherFeedback8({ cipher, iv, encrypts }: ModeOptions): RunningCipher {
  const register = iv.slice();
  return {
    update(bytes) {
      const output = new Uint8Array(bytes.length);
      for (let i = 0; i < bytes.length; i++) {
        const block = register.slice();
        cipher.encrypt(block);
        const input = bytes[i] ?? 0;
        const result = input ^ (block[0] ?? 0);
        register.copyWithin(0, 1);
        register[register.length - 1] = encrypts ? result : input;
        output[i] = result;
      }
      return output;
    },
    final: () => EMPTY,
  };
}

export const WRAP_IV = new Uint8Array(8).fill(0xa6);

/** RFC 3394; null when what is unwrapped is not what was wrapped, or the length is wrong. */
export function wrapKey({ cipher, iv, encrypts }: ModeOptions, bytes: Uint8Array): Uint8Array | null {
  const blocks = bytes.length / 8 - (encrypts ? 0 : 1);
  if (bytes.length % 8 !== 0 || blocks < 2) return null;
  const output = new Uint8Array((blocks + 1) * 8);
  output.set(bytes, encrypts ? 8 : 0);
  if (encrypts) output.set(iv);
  const block = new Uint8Array(16);
  const steps = 6 * blocks;
  for (let step = 0; step < steps; step++) {
    const t = encrypts ? step + 1 : steps - step;
    const at = (((t - 1) % blocks) + 1) * 8;
    block.set(output.subarray(0, 8));
    block.set(output.subarray(at, at + 8), 8);
    const count = new DataView(block.buffer);
    if (encrypts) cipher.encrypt(block);
    count.setUint32(4, count.getUint32(4) ^ t);
    if (!encrypts) cipher.decrypt(block);
    output.set(block.subarray(0, 8));
    output.set(block.subarray(8), at);
  }
  if (encrypts) return output;
  return output.subarray(0, 8).every((byte, i) => byte === iv[i]) ? output.slice(8) : null;
}
