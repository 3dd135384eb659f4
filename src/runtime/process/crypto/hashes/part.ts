/** The optional part `hash`: digests and HMACs, which many programs make that use nothing else of `crypto`. */
import type { ProcessContext } from '../../context.ts';
import { guestBytes } from '../guest-bytes.ts';
import { digestFinder } from './digests.ts';
import { hashBindings } from './hash.ts';

/** By the names of `internalBinding('crypto')`; one set a process. `secretOf` gives the bytes of a secret key. */
export function hashPart(context: ProcessContext, secretOf: (key: unknown) => Uint8Array): Record<string, unknown> {
  const findDigest = digestFinder({ assembly: context.host.WebAssembly, binary: (name) => context.partBytes(name) });
  return hashBindings({ context, findDigest, text: guestBytes(context), secretOf });
}
