import { EDE } from 'des.js';
import type { BlockCipher } from './block-modes.ts';

/** Triple DES in its encrypt-decrypt-encrypt form, one block at a time. */
export function tripleDes(key: Uint8Array): BlockCipher {
  const encryption = EDE.create({ type: 'encrypt', key: [...key], padding: false });
  const decryption = EDE.create({ type: 'decrypt', key: [...key], padding: false });
  const apply = (cipher: typeof encryption, block: Uint8Array) => {
    const output = [0, 0, 0, 0, 0, 0, 0, 0];
    cipher._update([...block], 0, output, 0);
    block.set(output);
  };
  return {
    blockLength: 8,
    encrypt: (block) => apply(encryption, block),
    decrypt: (block) => apply(decryption, block),
  };
}
