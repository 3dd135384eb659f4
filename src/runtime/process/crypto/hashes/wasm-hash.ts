/** The hash functions of hash-wasm, called without its loader, which is asynchronous. One module's memory serves every digest in progress. */
import type { RunningDigest } from './running-digest.ts';

interface HashModule {
  memory: WebAssembly.Memory;
  STATE_SIZE: WebAssembly.Global;
  Hash_GetBuffer(): number;
  Hash_GetState(): number;
  Hash_Init(bits: number): void;
  Hash_Update(length: number): void;
  Hash_Final(padding: number): void;
}

export interface WasmHashOptions {
  /** The variant, as `Hash_Init` takes it. */
  bits: number;
  outputLength: number;
  /** SHA-3's domain byte. */
  padding?: number;
}

/** What PBKDF2 makes its bytes of. */
export interface Derivation {
  secret: Uint8Array;
  salt: Uint8Array;
  iterations: number;
  length: number;
}

const BUFFER_BYTES = 16 * 1024;

export class WasmHash {
  readonly #module: HashModule;
  readonly #buffer: Uint8Array;
  readonly #state: Uint8Array;
  /** Whose state lies in the module's memory. */
  #current: WasmDigest | null = null;

  constructor(assembly: typeof WebAssembly, binary: Uint8Array<ArrayBuffer>) {
    const module = new assembly.Instance(new assembly.Module(binary)).exports as unknown as HashModule;
    const { buffer } = module.memory;
    this.#module = module;
    this.#buffer = new Uint8Array(buffer, module.Hash_GetBuffer(), BUFFER_BYTES);
    module.Hash_Init(256);
    const size = new DataView(buffer).getUint32(Number(module.STATE_SIZE.value ?? module.STATE_SIZE), true);
    this.#state = new Uint8Array(buffer, module.Hash_GetState(), size);
  }

  create(options: WasmHashOptions): RunningDigest {
    this.#leave();
    this.#module.Hash_Init(options.bits);
    this.#current = new WasmDigest(this, options);
    return this.#current;
  }

  update(digest: WasmDigest, bytes: Uint8Array): void {
    this.#enter(digest);
    this.#feed(bytes);
  }

  finish(digest: WasmDigest, { outputLength, padding }: WasmHashOptions): Uint8Array {
    this.#enter(digest);
    this.#module.Hash_Final(padding ?? 0);
    this.#current = null;
    return this.#buffer.slice(0, outputLength);
  }

  /** PBKDF2 (RFC 8018) with this function's HMAC: the digests stay in the module's memory, where the next ones are made of them. */
  deriveKey(options: WasmHashOptions & { blockLength: number }, derivation: Derivation): Uint8Array<ArrayBuffer> {
    this.#leave();
    const { outputLength } = options;
    const { salt, iterations, length } = derivation;
    const [inner, outer] = this.#padded(options, derivation.secret);
    const derived = new Uint8Array(length);
    const blockNumber = new DataView(new ArrayBuffer(4));
    for (let at = 0; at < length; at += outputLength) {
      blockNumber.setUint32(0, at / outputLength + 1);
      this.#state.set(inner);
      this.#feed(salt);
      this.#feed(new Uint8Array(blockNumber.buffer));
      this.#module.Hash_Final(0);
      this.#continue(outer, outputLength);
      const block = this.#buffer.slice(0, outputLength);
      for (let round = 1; round < iterations; round++) {
        this.#continue(inner, outputLength);
        this.#continue(outer, outputLength);
        for (let i = 0; i < outputLength; i++) block[i] = (block[i] as number) ^ (this.#buffer[i] as number);
      }
      derived.set(block.subarray(0, length - at), at);
    }
    this.#buffer.fill(0, 0, outputLength);
    return derived;
  }

  /** HMAC's two states, behind the padded key. */
  #padded({ bits, blockLength, outputLength }: WasmHashOptions & { blockLength: number }, secret: Uint8Array) {
    const key = new Uint8Array(blockLength);
    this.#module.Hash_Init(bits);
    if (secret.length > blockLength) {
      this.#feed(secret);
      this.#module.Hash_Final(0);
      key.set(this.#buffer.subarray(0, outputLength));
    } else {
      key.set(secret);
    }
    const begin = (pad: number): Uint8Array => {
      this.#module.Hash_Init(bits);
      this.#feed(key.map((byte) => byte ^ pad));
      return this.#state.slice();
    };
    return [begin(0x36), begin(0x5c)] as const;
  }

  /** The digest of what lies in the buffer behind what the state has seen takes its place there. */
  #continue(state: Uint8Array, length: number): void {
    this.#state.set(state);
    this.#module.Hash_Update(length);
    this.#module.Hash_Final(0);
  }

  #feed(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += BUFFER_BYTES) {
      const piece = bytes.subarray(at, at + BUFFER_BYTES);
      this.#buffer.set(piece);
      this.#module.Hash_Update(piece.length);
    }
  }

  stateOf(digest: WasmDigest): Uint8Array | null {
    if (this.#current === digest) this.#leave();
    return digest.saved;
  }

  #enter(digest: WasmDigest): void {
    if (this.#current === digest) return;
    this.#leave();
    if (digest.saved === null) throw new Error('the digest is finished');
    this.#state.set(digest.saved);
    this.#current = digest;
  }

  #leave(): void {
    if (this.#current !== null) this.#current.saved = this.#state.slice();
    this.#current = null;
  }
}

class WasmDigest implements RunningDigest {
  readonly #hash: WasmHash;
  readonly #options: WasmHashOptions;
  saved: Uint8Array | null = null;

  constructor(hash: WasmHash, options: WasmHashOptions) {
    this.#hash = hash;
    this.#options = options;
  }
  update(bytes: Uint8Array): void {
    this.#hash.update(this, bytes);
  }
  digest(): Uint8Array {
    const result = this.#hash.finish(this, this.#options);
    this.saved = null;
    return result;
  }
  clone(): RunningDigest {
    const copy = new WasmDigest(this.#hash, this.#options);
    copy.saved = this.#hash.stateOf(this)?.slice() ?? null;
    return copy;
  }
}
