import { Gunzip } from 'fflate';
import { joinBytes } from '../../kernel/join-bytes.ts';
import { SystemError } from '../../kernel/syscalls.ts';

/** Of it at most a thousandfold comes out at once. */
const PIECE = 2 ** 16;
const MOST = 2 ** 30;

/** What is packed, of all members one behind the other: fflate's own function for it stops behind the first. Throws when it is no gzip, and ENOMEM where it is more than `most`. */
export function gunzip(packed: Uint8Array, most = MOST): Uint8Array {
  const pieces: Uint8Array[] = [];
  let held = 0;
  const stream = new Gunzip((piece) => {
    held += piece.length;
    if (held > most) throw new SystemError('ENOMEM');
    pieces.push(piece);
  });
  for (let at = 0; at === 0 || at < packed.length; at += PIECE)
    stream.push(packed.subarray(at, at + PIECE), at + PIECE >= packed.length);
  return joinBytes(pieces);
}
