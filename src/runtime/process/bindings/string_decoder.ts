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
  const bytes = withBuffered(state, chunk);
  const { kept, missing } = incompleteEnd(bytes, encoding);
  state.set(bytes.subarray(bytes.length - kept), INCOMPLETE);
  state[BUFFERED] = kept;
  state[MISSING] = missing;
  return decodeBytes(bytes.subarray(0, bytes.length - kept), encoding);
}

function withBuffered(state: Uint8Array, chunk: Uint8Array): Uint8Array {
  const count = state[BUFFERED] ?? 0;
  if (count === 0) return chunk;
  const bytes = new Uint8Array(count + chunk.length);
  bytes.set(state.subarray(INCOMPLETE, INCOMPLETE + count));
  bytes.set(chunk, count);
  return bytes;
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
  const odd = bytes.length % 2;
  const high = bytes[bytes.length - odd - 1] ?? 0;
  if (bytes.length - odd >= 2 && high >= 0xd8 && high <= 0xdb) return { kept: 2 + odd, missing: 2 - odd };
  return { kept: odd, missing: odd };
}

function incompleteUtf8(bytes: Uint8Array): { kept: number; missing: number } {
  for (let kept = 1; kept <= Math.min(3, bytes.length); kept++) {
    const lead = bytes[bytes.length - kept] ?? 0;
    if ((lead & 0xc0) === 0x80) continue;
    const length = sequenceLength(lead);
    const second = bytes[bytes.length - kept + 1];
    if (length > kept && (kept < 2 || canFollow(lead, second ?? 0))) return { kept, missing: length - kept };
    break;
  }
  return { kept: 0, missing: 0 };
}

function sequenceLength(lead: number): number {
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  return lead >= 0xf0 && lead <= 0xf4 ? 4 : 1;
}

function canFollow(lead: number, second: number): boolean {
  if (lead === 0xe0) return second >= 0xa0;
  if (lead === 0xed) return second <= 0x9f;
  if (lead === 0xf0) return second >= 0x90;
  return lead !== 0xf4 || second <= 0x8f;
}
