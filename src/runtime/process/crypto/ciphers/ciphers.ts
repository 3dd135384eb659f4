/** The ciphers by OpenSSL's names. */
import { unsafe } from '@noble/ciphers/aes.js';
import type { BlockCipher } from './block-modes.ts';
import { tripleDes } from './triple-des.ts';

export type CipherMode = 'cbc' | 'ecb' | 'ctr' | 'cfb' | 'cfb8' | 'ofb' | 'gcm' | 'ccm' | 'ocb' | 'wrap' | 'stream';

export interface CipherInfo {
  /** OpenSSL's name, in its own case. */
  name: string;
  nid: number;
  mode: CipherMode;
  keyLength: number;
  ivLength: number;
  blockLength: number;
  /** Null for ChaCha20. */
  block: ((key: Uint8Array) => BlockCipher) | null;
}

function aes(key: Uint8Array): BlockCipher {
  const encryption = unsafe.expandKeyLE(new Uint8Array(key));
  let decryption: Uint32Array | null = null;
  // The library's functions work on words, in place, where the block starts at one.
  return {
    blockLength: 16,
    encrypt: (block) => void unsafe.encryptBlock(encryption as never, block as never),
    decrypt: (block) => {
      decryption ??= unsafe.expandKeyDecLE(new Uint8Array(key)) as Uint32Array;
      unsafe.decryptBlock(decryption as never, block as never);
    },
  };
}

/** Numbers of the AES ciphers, by mode; for 128, 192 and 256 bits. */
const AES_NIDS: Readonly<Record<string, readonly [number, number, number]>> = {
  ecb: [418, 422, 426],
  cbc: [419, 423, 427],
  ofb: [420, 424, 428],
  cfb: [421, 425, 429],
  cfb8: [653, 654, 655],
  ctr: [904, 905, 906],
  ccm: [896, 899, 902],
  gcm: [895, 898, 901],
  ocb: [958, 959, 960],
  wrap: [788, 789, 790],
};
const IV_LENGTHS: Readonly<Partial<Record<CipherMode, number>>> = { ecb: 0, gcm: 12, ccm: 12, ocb: 12, wrap: 8 };
/** Modes that OpenSSL gives a block of one byte: they take any length. */
const BYTEWISE = /^(ctr|cfb|cfb8|ofb|gcm|ccm|stream)$/;

const CIPHERS = new Map<string, CipherInfo>();
const ALIASES = new Map<string, string>();

for (const [mode, nids] of Object.entries(AES_NIDS) as [CipherMode, readonly number[]][]) {
  for (const [i, bits] of [128, 192, 256].entries()) {
    const name = nameOfAes(mode, bits);
    CIPHERS.set(name.toLowerCase(), {
      name,
      nid: nids[i] ?? 0,
      mode,
      keyLength: bits / 8,
      ivLength: IV_LENGTHS[mode] ?? 16,
      blockLength: BYTEWISE.test(mode) ? 1 : mode === 'wrap' ? 8 : 16,
      block: aes,
    });
    ALIASES.set(`aes-${bits}-${mode}`, name.toLowerCase());
  }
}
for (const bits of [128, 192, 256]) {
  ALIASES.set(`aes${bits}`, `aes-${bits}-cbc`);
  ALIASES.set(`aes${bits}-wrap`, `id-aes${bits}-wrap`);
}
CIPHERS.set('chacha20-poly1305', chacha('ChaCha20-Poly1305', 1018, 12));
CIPHERS.set('chacha20', chacha('ChaCha20', 1019, 16));
for (const [name, nid, mode, ivLength] of [
  ['des-ede3-cbc', 44, 'cbc', 8],
  ['des-ede3', 33, 'ecb', 0],
  ['des-ede3-cfb', 61, 'cfb', 8],
  ['des-ede3-ofb', 63, 'ofb', 8],
] as const) {
  const blockLength = BYTEWISE.test(mode) ? 1 : 8;
  CIPHERS.set(name, { name: name.toUpperCase(), nid, mode, keyLength: 24, ivLength, blockLength, block: tripleDes });
}
ALIASES.set('des3', 'des-ede3-cbc');
ALIASES.set('des-ede3-ecb', 'des-ede3');

function nameOfAes(mode: string, bits: number): string {
  if (mode === 'wrap') return `id-aes${bits}-wrap`;
  if (mode === 'gcm' || mode === 'ccm') return `id-aes${bits}-${mode.toUpperCase()}`;
  return `AES-${bits}-${mode.toUpperCase()}`;
}

function chacha(name: string, nid: number, ivLength: number): CipherInfo {
  return { name, nid, mode: 'stream', keyLength: 32, ivLength, blockLength: 1, block: null };
}

export function findCipher(nameOrNid: string | number): CipherInfo | undefined {
  if (typeof nameOrNid === 'number') return [...CIPHERS.values()].find(({ nid }) => nid === nameOrNid);
  const name = nameOrNid.toLowerCase();
  return CIPHERS.get(ALIASES.get(name) ?? name);
}

/** Every name, as `getCiphers` lists them. */
export const cipherNames = (): string[] => [...new Set([...CIPHERS.keys(), ...ALIASES.keys()])].sort();

export const isAuthenticated = ({ mode, name }: CipherInfo): boolean =>
  mode === 'gcm' || mode === 'ccm' || mode === 'ocb' || name === 'ChaCha20-Poly1305';
