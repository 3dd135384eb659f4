/** scrypt (RFC 7914) whose mixing is hash-wasm's. */
import { pbkdf2 } from '@noble/hashes/pbkdf2.js';
import { sha256 } from '@noble/hashes/sha2.js';

interface ScryptModule {
  memory: WebAssembly.Memory;
  Hash_SetMemorySize(bytes: number): void;
  Hash_GetBuffer(): number;
  scrypt(blockSize: number, cost: number, parallelization: number): void;
}

export interface ScryptParameters {
  cost: number;
  blockSize: number;
  parallelization: number;
  length: number;
}

/** `exports` of a fresh instance of `scrypt.wasm`: its memory goes with it. */
export function deriveScrypt(
  exports: WebAssembly.Exports,
  [password, salt]: readonly [Uint8Array, Uint8Array],
  { cost, blockSize, parallelization, length }: ScryptParameters,
): Uint8Array {
  const module = exports as unknown as ScryptModule;
  const size = 128 * blockSize * parallelization;
  const blocks = pbkdf2(sha256, password, salt, { c: 1, dkLen: size });
  // The vector of intermediate blocks, and two blocks to work in.
  module.Hash_SetMemorySize(size + 128 * blockSize * cost + 256 * blockSize);
  const view = new Uint8Array(module.memory.buffer, module.Hash_GetBuffer(), size);
  view.set(blocks);
  module.scrypt(blockSize, cost, parallelization);
  return pbkdf2(sha256, password, view.slice(), { c: 1, dkLen: length });
}
