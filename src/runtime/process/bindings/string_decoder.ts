import type { BindingFactory } from '../context.ts';
import { bytesOf } from '../encoding/bytes.ts';
import { decodeBytes } from '../encoding/decode.ts';
import { ENCODINGS, type Encoding } from '../encoding/names.ts';

// Where the decoder's state stands in its buffer.
const INCOMPLETE = 0;
const MISSING = 4;
const BUFFERED = 5;
const ENCODING = 6;

/** `internalBinding('string_decoder')`: decoding in pieces; a character that is cut off waits for the rest. */
export const stringDecoder: BindingFactory = (context) => ({
  ...context.described('string_decoder'),
  encodings: [...ENCODINGS],
  decode: (state: Uint8Array, chunk: unknown) => decodeChunk(bytesOf(state), bytesOf(chunk)),
  flush(stateBuffer: Uint8Array): string {
    const state = bytesOf(stateBuffer);
    const encoding = encodingIn(state);
    const count = state[BUFFERED] ?? 0;
    const kept = state.slice(INCOMPLETE, INCOMPLETE + (encoding === 'utf16le' ? count & ~1 : count));
    state[MISSING] = state[BUFFERED] = 0;
    return kept.length > 0 ? decodeBytes(kept, encoding) : '';
  },
});

const encodingIn = (state: Uint8Array): Encoding => ENCODINGS[state[ENCODING] ?? 1] ?? 'utf8';

function decodeChunk(state: Uint8Array, chunk: Uint8Array): string {
  const encoding = encodingIn(state);
  if (encoding === 'ascii' || encoding === 'latin1' || encoding === 'hex') return decodeBytes(chunk, encoding);
  const { text, rest } = completeBuffered(state, chunk, encoding);
  if ((state[BUFFERED] ?? 0) > 0) return text;
  const { kept, missing } = incompleteEnd(rest, encoding);
  state.set(rest.subarray(rest.length - kept), INCOMPLETE);
  state[BUFFERED] = kept;
  state[MISSING] = missing;
  return text + decodeBytes(rest.subarray(0, rest.length - kept), encoding);
}

/** Adds to what waits; gives its text once nothing is missing, and what is left of the chunk. */
function completeBuffered(
  state: Uint8Array,
  chunk: Uint8Array,
  encoding: Encoding,
): { text: string; rest: Uint8Array } {
  const buffered = state[BUFFERED] ?? 0;
  if (buffered === 0) return { text: '', rest: chunk };
  const missing = state[MISSING] ?? 0;
  // A byte that cannot go on ends the character at once.
  const broken = encoding === 'utf8' ? chunk.subarray(0, missing).findIndex((byte) => (byte & 0xc0) !== 0x80) : -1;
  const count = broken >= 0 ? broken : Math.min(missing, chunk.length);
  state.set(chunk.subarray(0, count), INCOMPLETE + buffered);
  state[BUFFERED] = buffered + count;
  state[MISSING] = broken >= 0 ? 0 : missing - count;
  if ((state[MISSING] ?? 0) > 0) return { text: '', rest: chunk.subarray(count) };
  const text = decodeBytes(state.slice(INCOMPLETE, INCOMPLETE + buffered + count), encoding);
  state[BUFFERED] = 0;
  return { text, rest: chunk.subarray(count) };
}

/** How many bytes at the end belong to a character that goes on, and how many it still needs. */
function incompleteEnd(bytes: Uint8Array, encoding: Encoding): { kept: number; missing: number } {
  switch (encoding) {
    case 'utf16le':
      return incompleteUtf16(bytes);
    case 'base64':
    case 'base64url': {
      const kept = bytes.length % 3;
      return { kept, missing: kept === 0 ? 0 : 3 - kept };
    }
    default:
      return incompleteUtf8(bytes);
  }
}

function incompleteUtf16(bytes: Uint8Array): { kept: number; missing: number } {
  if (bytes.length % 2 === 1) return { kept: 1, missing: 1 };
  const high = bytes[bytes.length - 1] ?? 0;
  return (high & 0xfc) === 0xd8 ? { kept: 2, missing: 2 } : { kept: 0, missing: 0 };
}

function incompleteUtf8(bytes: Uint8Array): { kept: number; missing: number } {
  for (let kept = 1; kept <= Math.min(3, bytes.length); kept++) {
    const lead = bytes[bytes.length - kept] ?? 0;
    if ((lead & 0xc0) === 0x80) continue;
    const missing = sequenceLength(lead) - kept;
    return missing > 0 ? { kept, missing } : { kept: 0, missing: 0 };
  }
  return { kept: 0, missing: 0 };
}

/** By the first bits alone: what does not make a character is left to the decoder. */
function sequenceLength(lead: number): number {
  if ((lead & 0xe0) === 0xc0) return 2;
  if ((lead & 0xf0) === 0xe0) return 3;
  return (lead & 0xf8) === 0xf0 ? 4 : 1;
}
