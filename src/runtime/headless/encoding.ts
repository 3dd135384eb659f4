/** The encodings of Node's Buffer that the client may name. */
import { decodeBytes } from '../process/encoding/decode.ts';
import { encodeString } from '../process/encoding/encode.ts';
import { type Encoding, namedEncoding } from '../process/encoding/names.ts';
import { invalidValue } from './argument-errors.ts';

/** A TypeError with Node's code for an unknown encoding. */
export function fromBytes(bytes: Uint8Array, encoding: string): string {
  return decodeBytes(bytes, known(encoding));
}

/** A TypeError with Node's code for an unknown encoding. */
export function toBytes(text: string, encoding: string): Uint8Array {
  return encodeString(text, known(encoding));
}

function known(name: string): Encoding {
  const encoding = namedEncoding(name);
  if (encoding !== undefined && encoding !== 'buffer') return encoding;
  if (encoding === 'buffer')
    throw Object.assign(new TypeError(`Unknown encoding: ${name}`), { code: 'ERR_UNKNOWN_ENCODING' });
  throw invalidValue('encoding', 'is invalid encoding', name);
}
