import { inflateSync, unzipSync } from 'fflate';
import { SystemError } from '../../kernel/syscalls.ts';
import { MOST_BYTES } from '../streams.ts';
import type { ZipMember } from './zip-directory.ts';

const HEADER_BYTES = 30;
const DEFLATED = 8;
/** What does not fit lies elsewhere (zip64). */
const ELSEWHERE = 0xffffffff;

/**
 * What a member holds. Only one is unpacked at a time: all of an archive may be thousands of times its size, and members may share what
 * is packed. Throws ENOMEM.
 */
export function readMember(archive: Uint8Array, member: ZipMember): Uint8Array {
  const { name, start, packed, size, method } = member;
  if ([start, packed, size].includes(ELSEWHERE) || (method !== DEFLATED && !member.stored)) {
    return (
      unzipSync(archive, { filter: (file) => file.name === name && fits(file.originalSize) })[name] ?? new Uint8Array(0)
    );
  }
  fits(size);
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const from = start + HEADER_BYTES + view.getUint16(start + 26, true) + view.getUint16(start + 28, true);
  const bytes = archive.subarray(from, from + packed);
  return member.stored ? bytes : inflateSync(bytes, { out: new Uint8Array(size) });
}

function fits(size: number): true {
  if (size > MOST_BYTES) throw new SystemError('ENOMEM');
  return true;
}
