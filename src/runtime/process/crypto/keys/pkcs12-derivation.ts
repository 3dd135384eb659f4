/** The key derivation of PKCS #12 (RFC 7292, appendix B). */
import { joinBytes } from '../../../kernel/join-bytes.ts';
import { type Digest, digestWhole } from '../hashes/digests.ts';

export const Purpose = { key: 1, iv: 2, mac: 3 } as const;

export interface Derivation12 {
  digest: Digest;
  /** In UTF-8. */
  passphrase: Uint8Array;
  salt: Uint8Array;
  iterations: number;
  purpose: number;
  length: number;
}

/** UTF-16, big endian, with a zero behind it. */
function encodePassphrase(passphrase: Uint8Array): Uint8Array {
  const text = `${new TextDecoder().decode(passphrase)}\0`;
  return Uint8Array.from(
    Array.from({ length: 2 * text.length }, (_, i) => {
      const unit = text.charCodeAt(i >> 1);
      return i % 2 === 0 ? unit >> 8 : unit & 255;
    }),
  );
}

export function derive12(options: Derivation12): Uint8Array {
  const { digest, salt, iterations, purpose, length } = options;
  const { blockLength } = digest;
  const repeated = (bytes: Uint8Array): Uint8Array =>
    Uint8Array.from(
      { length: Math.ceil(bytes.length / blockLength) * blockLength },
      (_, i) => bytes[i % bytes.length] ?? 0,
    );
  const diversifier = new Uint8Array(blockLength).fill(purpose);
  const input = joinBytes([repeated(salt), repeated(encodePassphrase(options.passphrase))]);
  const blocks: Uint8Array[] = [];
  for (let size = 0; size < length; size += digest.outputLength) {
    let block = digestWhole(digest, diversifier, input);
    for (let i = 1; i < iterations; i++) block = digestWhole(digest, block);
    blocks.push(block);
    addTo(input, repeated(block).subarray(0, blockLength));
  }
  return joinBytes(blocks).subarray(0, length);
}

/** Adds the number and one to each block of the input. */
function addTo(input: Uint8Array, block: Uint8Array): void {
  for (let at = 0; at < input.length; at += block.length) {
    let carry = 1;
    for (let i = block.length - 1; i >= 0; i--) {
      const sum = (input[at + i] ?? 0) + (block[i] ?? 0) + carry;
      input[at + i] = sum & 255;
      carry = sum >> 8;
    }
  }
}
