import { Gunzip } from 'fflate';
import { joinBytes } from '../../kernel/join-bytes.ts';

/** What is packed, of all members one behind the other: fflate's own function for it stops behind the first. Throws when it is no gzip. */
export function gunzip(packed: Uint8Array): Uint8Array {
  const pieces: Uint8Array[] = [];
  const stream = new Gunzip((piece) => pieces.push(piece));
  stream.push(packed, true);
  return joinBytes(pieces);
}
