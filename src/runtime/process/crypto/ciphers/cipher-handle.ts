/** The binding's CipherBase: one encryption or decryption in pieces. */
import { bytesOf, copyOf } from '../../streams/text.ts';
import { nativeError, opensslError } from '../errors.ts';
import { equalInConstantTime } from '../guest-bytes.ts';
import { secretOf } from '../keys/key-material.ts';
import type { CryptoServices } from '../services.ts';
import { chachaPoly, chachaStream, counterCbcMac, galoisCounter, offsetCodebook, type RunningAead } from './aead.ts';
import {
  BlockMode,
  CipherFailure,
  cipherFeedback,
  cipherFeedback8,
  counterMode,
  outputFeedback,
  type RunningCipher,
  wrapKey,
} from './block-modes.ts';
import { type CipherInfo, findCipher, isAuthenticated } from './ciphers.ts';

const UNABLE = 'Unsupported state or unable to authenticate data';
const NO_MORE_DATA = 'Trying to add data in unsupported state';
const FULL_TAG = 16;
/** In one call, a block included. */
const MOST_DATA = 2 ** 31 - 1;

type Associated = { whole: Uint8Array[]; messageLength: number };

export function cipherBindings(services: CryptoServices) {
  const { context, text } = services;
  const typeError = (message: string, code: string) => nativeError(context, { kind: 'TypeError', message, code });
  const invalidTag = (length: number) =>
    typeError(`Invalid authentication tag length: ${length}`, 'ERR_CRYPTO_INVALID_AUTH_TAG');

  class CipherBase {
    readonly #encrypts: boolean;
    readonly #info: CipherInfo;
    readonly #running: RunningCipher | null;
    readonly #aead: RunningAead | null;
    /** CCM and key wrapping take everything at once. */
    readonly #once: ((input: Uint8Array) => Uint8Array) | null = null;
    readonly #associated: Associated = { whole: [], messageLength: -1 };
    #tagLength: number;
    #tag: Uint8Array | null = null;
    #updated = false;
    readonly #ivLength: number;
    #finished = false;
    #failed = false;

    constructor(encrypts: boolean, name: string, keySource: unknown, ivSource: unknown, tagLength: number) {
      const info = findCipher(name);
      if (info === undefined) {
        throw nativeError(context, { message: 'Unknown cipher', code: 'ERR_CRYPTO_UNKNOWN_CIPHER' });
      }
      const key = secretOf(keySource);
      const iv = ivSource === null ? null : copyOf(ivSource);
      checkIv(info, iv);
      this.#encrypts = encrypts;
      this.#info = info;
      this.#tagLength = isAuthenticated(info) ? checkTagLength(info, name, tagLength) : 0;
      if (key.length !== info.keyLength) {
        throw nativeError(context, {
          kind: 'RangeError',
          message: 'Invalid key length',
          code: 'ERR_CRYPTO_INVALID_KEYLEN',
        });
      }
      const start = iv ?? new Uint8Array(0);
      this.#ivLength = start.length;
      this.#aead = openAead(info, { key, iv: start, encrypts, tagLength: this.#tagLength });
      this.#running = this.#aead ?? openPlain(info, { key, iv: start, encrypts });
      if (info.mode === 'ccm') this.#once = (input) => this.#counterCbcMac(key, start, input);
      else if (info.mode === 'wrap') this.#once = (input) => this.#wrap(key, start, input);
    }

    update(data: unknown, encoding?: unknown): unknown {
      const isTooLong = ArrayBuffer.isView(data) && data.byteLength + this.#info.blockLength > MOST_DATA;
      if (this.#finished || isTooLong) throw nativeError(context, { message: NO_MORE_DATA });
      const input = text.read(data, encoding);
      if (this.#once !== null) {
        if (this.#updated && this.#info.mode === 'ccm') throw nativeError(context, { message: NO_MORE_DATA });
        this.#updated = true;
        return text.write(this.#once(input));
      }
      this.#updated = true;
      return text.write(this.#running?.update(input) ?? new Uint8Array(0));
    }

    final(): unknown {
      if (this.#finished) {
        throw nativeError(context, { message: 'Invalid state', code: 'ERR_CRYPTO_INVALID_STATE' });
      }
      this.#finished = true;
      if (this.#info.mode === 'ccm') {
        if (!this.#updated && this.#encrypts) {
          throw opensslError(context, { library: 'provider', reason: 'tag not set', number: 0x77 });
        }
        if (this.#failed || (!this.#encrypts && this.#tag === null)) throw nativeError(context, { message: UNABLE });
        return text.write(new Uint8Array(0));
      }
      const rest = this.#finish();
      if (this.#aead !== null) this.#authenticate(this.#aead);
      return text.write(rest);
    }

    setAutoPadding(pads: boolean): boolean {
      if (this.#finished) return false;
      if (this.#running instanceof BlockMode) this.#running.padding = pads;
      return true;
    }

    getAuthTag(): unknown {
      if (!this.#finished || !this.#encrypts || this.#tag === null) return undefined;
      return text.write(this.#tag);
    }

    setAuthTag(tag: unknown): boolean {
      if (!isAuthenticated(this.#info) || this.#encrypts || this.#finished || this.#tag !== null) return false;
      const bytes = copyOf(tag);
      const { length } = bytes;
      const fits =
        this.#info.mode === 'gcm'
          ? (this.#tagLength === -1 || this.#tagLength === length) && isGcmTag(length)
          : this.#tagLength === length;
      if (!fits) throw invalidTag(length);
      if (this.#info.mode === 'gcm' && this.#tagLength === -1 && length < FULL_TAG) warnOfShortTag();
      this.#tag = bytes;
      return true;
    }

    setAAD(data: unknown, plaintextLength: number): boolean {
      if (!isAuthenticated(this.#info) || this.#finished) return false;
      if (this.#info.mode === 'ccm') {
        if (plaintextLength < 0) {
          throw typeError('options.plaintextLength required for CCM mode with AAD', 'ERR_MISSING_ARGS');
        }
        this.#checkMessageLength(plaintextLength);
        this.#associated.messageLength = plaintextLength;
        this.#associated.whole.push(copyOf(data));
        return true;
      }
      this.#aead?.associate(bytesOf(data));
      return true;
    }

    #finish(): Uint8Array {
      try {
        return this.#running?.final() ?? new Uint8Array(0);
      } catch (error) {
        if (!(error instanceof CipherFailure)) throw error;
        const number = error.reason === 'bad decrypt' ? 0x64 : 0x6b;
        throw opensslError(context, { library: 'provider', reason: error.reason, number });
      }
    }

    #authenticate(aead: RunningAead): void {
      const whole = aead.tag();
      if (this.#encrypts) {
        this.#tag = whole.slice(0, this.#tagLength === -1 ? FULL_TAG : this.#tagLength);
      } else if (this.#tag === null || !equalInConstantTime(whole.slice(0, this.#tag.length), this.#tag)) {
        throw nativeError(context, { message: UNABLE });
      }
    }

    #checkMessageLength(length: number): void {
      const lengthSize = 15 - this.#ivLength;
      if (lengthSize < 4 && length > 2 ** (8 * lengthSize) - 1) {
        throw nativeError(context, {
          kind: 'RangeError',
          message: 'Invalid message length',
          code: 'ERR_CRYPTO_INVALID_MESSAGELEN',
        });
      }
    }

    #counterCbcMac(key: Uint8Array, iv: Uint8Array, input: Uint8Array): Uint8Array {
      this.#checkMessageLength(input.length);
      const cipher = this.#info.block?.(key);
      if (cipher === undefined) throw new TypeError('no block cipher');
      const run = counterCbcMac({ cipher, iv, encrypts: this.#encrypts, tagLength: this.#tagLength });
      const [associated = new Uint8Array(0)] = this.#associated.whole;
      if (this.#associated.messageLength >= 0 && this.#associated.messageLength !== input.length) {
        throw nativeError(context, { message: NO_MORE_DATA });
      }
      if (!this.#encrypts && this.#tag === null) {
        this.#failed = true;
        return new Uint8Array(0);
      }
      const { output, tag } = run(input, associated);
      if (this.#encrypts) this.#tag = tag;
      else if (!equalInConstantTime(tag, this.#tag ?? new Uint8Array(0))) {
        this.#failed = true;
        return new Uint8Array(0);
      }
      return output;
    }

    #wrap(key: Uint8Array, iv: Uint8Array, input: Uint8Array): Uint8Array {
      const cipher = this.#info.block?.(key);
      const output = cipher === undefined ? null : wrapKey({ cipher, iv, encrypts: this.#encrypts }, input);
      if (output === null) throw nativeError(context, { message: NO_MORE_DATA });
      return output;
    }
  }

  /** DEP0182. */
  function warnOfShortTag(): void {
    const emitWarning = context.process.emitWarning as (text: string, type: string, code: string) => void;
    emitWarning(
      'Using AES-GCM authentication tags of less than 128 bits without specifying the authTagLength option when initializing decryption is deprecated.',
      'DeprecationWarning',
      'DEP0182',
    );
  }

  function checkIv(info: CipherInfo, iv: Uint8Array | null): void {
    const { mode, ivLength } = info;
    const length = iv?.length ?? -1;
    const anyLength = isAuthenticated(info);
    let valid = ivLength === 0 ? length <= 0 : length === ivLength;
    if (anyLength) valid = length > 0;
    if (mode === 'ccm') valid = length >= 7 && length <= 13;
    else if (mode === 'ocb') valid = length > 0 && length <= 15;
    else if (anyLength && mode === 'stream') valid = length > 0 && length <= 12;
    if (!valid) throw typeError('Invalid initialization vector', 'ERR_CRYPTO_INVALID_IV');
  }

  /** -1 leaves it open. */
  function checkTagLength(info: CipherInfo, name: string, length: number): number {
    if (info.mode === 'gcm') {
      if (length !== -1 && !isGcmTag(length)) throw invalidTag(length);
      return length;
    }
    if (length === -1) {
      if (info.mode === 'stream') return FULL_TAG;
      throw typeError(`authTagLength required for ${name}`, 'ERR_CRYPTO_INVALID_AUTH_TAG');
    }
    const valid = info.mode === 'ccm' ? length >= 4 && length <= 16 && length % 2 === 0 : length >= 1 && length <= 16;
    if (!valid) throw invalidTag(length);
    return length;
  }

  const answer = (info: object, nameOrNid: string | number, keyLength?: number, ivLength?: number): unknown => {
    const found = findCipher(nameOrNid);
    if (found === undefined) return undefined;
    if (keyLength !== undefined && keyLength !== found.keyLength) return undefined;
    if (ivLength !== undefined && !acceptsIvLength(found, ivLength)) return undefined;
    const length = ivLength ?? found.ivLength;
    return Object.assign(info, {
      mode: found.mode.replace('cfb8', 'cfb'),
      name: found.name,
      nid: found.nid,
      ...(found.mode !== 'stream' && { blockSize: found.blockLength }),
      ...(length !== 0 && { ivLength: length }),
      keyLength: found.keyLength,
    });
  };
  return { CipherBase, getCipherInfo: answer };
}

const isGcmTag = (length: number): boolean => length === 4 || length === 8 || (length >= 12 && length <= 16);

function acceptsIvLength({ mode, ivLength, name }: CipherInfo, length: number): boolean {
  if (mode === 'ccm') return length >= 7 && length <= 13;
  if (mode === 'gcm') return length > 0;
  if (mode === 'ocb') return length > 0 && length <= 15;
  if (name === 'ChaCha20-Poly1305') return length > 0 && length <= 12;
  return length === ivLength;
}

interface OpenOptions {
  key: Uint8Array;
  iv: Uint8Array;
  encrypts: boolean;
}

export function openAead(info: CipherInfo, options: OpenOptions & { tagLength: number }): RunningAead | null {
  const { key, iv, encrypts } = options;
  if (info.name === 'ChaCha20-Poly1305') return chachaPoly(key, iv, encrypts);
  const cipher = info.block?.(key);
  if (cipher === undefined) return null;
  if (info.mode === 'gcm') return galoisCounter({ ...options, cipher });
  if (info.mode === 'ocb') return offsetCodebook({ ...options, cipher });
  return null;
}

export function openPlain(info: CipherInfo, { key, iv, encrypts }: OpenOptions): RunningCipher | null {
  // ChaCha20's vector begins with the number of its first block.
  if (info.mode === 'stream') return chachaStream(key, iv.slice(4), new DataView(iv.buffer).getUint32(0, true));
  const cipher = info.block?.(key);
  if (cipher === undefined) return null;
  const options = { cipher, iv, encrypts };
  switch (info.mode) {
    case 'cbc':
      return new BlockMode(options, true);
    case 'ecb':
      return new BlockMode(options, false);
    case 'ctr':
      return counterMode(options);
    case 'cfb':
      return cipherFeedback(options);
    case 'cfb8':
      return cipherFeedback8(options);
    case 'ofb':
      return outputFeedback(options);
    default:
      return null;
  }
}
