/** Checksums that few commands need: sha224sum sha384sum sha512sum b2sum cksum sum. */
import { blake2b } from '@noble/hashes/blake2.js';
import { sha224, sha384, sha512 } from '@noble/hashes/sha2.js';
import type { Utility } from '../utility.ts';
import { checksum } from './checksum.ts';
import { eachInput } from './inputs.ts';

export const sha224sum = checksum(sha224);
export const sha384sum = checksum(sha384);
export const sha512sum = checksum(sha512);
export const b2sum = checksum((data) => blake2b(data));

/** The CRC of POSIX: over the bytes and then over their number, lowest byte first. */
export const cksum: Utility = async (context) => {
  const complete = await eachInput(context, { names: context.args }, async (reader, name) => {
    const bytes = await reader.bytes();
    let crc = 0;
    for (const byte of bytes) crc = step(crc, byte);
    for (let length = bytes.length; length > 0; length = Math.floor(length / 256)) crc = step(crc, length & 255);
    await context.stdout.line(`${~crc >>> 0} ${bytes.length}${name === '-' ? '' : ` ${name}`}`);
  });
  return complete ? 0 : 1;
};

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index << 24;
  for (let bit = 0; bit < 8; bit += 1) value = value & 0x80000000 ? (value << 1) ^ 0x04c11db7 : value << 1;
  return value;
});

const step = (crc: number, byte: number) => (crc << 8) ^ (TABLE[((crc >>> 24) ^ byte) & 255] ?? 0);

/** The checksum of BSD, and the number of blocks of 1024 bytes. */
export const sum: Utility = async (context) => {
  const names = context.args.filter((arg) => arg === '-' || !arg.startsWith('-'));
  const complete = await eachInput(context, { names }, async (reader, name) => {
    const bytes = await reader.bytes();
    let value = 0;
    for (const byte of bytes) value = (((value >> 1) | ((value & 1) << 15)) + byte) & 0xffff;
    const blocks = String(Math.ceil(bytes.length / 1024)).padStart(5);
    await context.stdout.line(`${String(value).padStart(5, '0')} ${blocks}${names.length === 0 ? '' : ` ${name}`}`);
  });
  return complete ? 0 : 1;
};
