/** The encodings of Node's Buffer that the client may name. */

/** Throws a TypeError for an unknown encoding. */
export function fromBytes(bytes: Uint8Array, encoding: string): string {
  switch (encoding.toLowerCase()) {
    case 'utf8':
    case 'utf-8':
      return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    case 'latin1':
    case 'binary':
      return latin1(bytes);
    case 'ascii':
      return latin1(bytes.map((byte) => byte & 127));
    case 'hex':
      return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
    case 'base64':
      return btoa(latin1(bytes));
    case 'base64url':
      return btoa(latin1(bytes)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
    case 'utf16le':
    case 'ucs2':
      return new TextDecoder('utf-16le', { ignoreBOM: true }).decode(bytes);
    default:
      throw new TypeError(`Unknown encoding: ${encoding}`);
  }
}

/** Throws a TypeError for an unknown encoding. */
export function toBytes(text: string, encoding: string): Uint8Array {
  switch (encoding.toLowerCase()) {
    case 'utf8':
    case 'utf-8':
      return new TextEncoder().encode(text);
    case 'latin1':
    case 'binary':
    case 'ascii':
      return Uint8Array.from(text, (character) => character.charCodeAt(0));
    case 'hex':
      return Uint8Array.from(text.match(/[0-9a-f]{2}/gi) ?? [], (pair) => Number.parseInt(pair, 16));
    case 'base64':
    case 'base64url':
      return toBytes(atob(text.replaceAll('-', '+').replaceAll('_', '/')), 'latin1');
    case 'utf16le':
    case 'ucs2':
      return Uint8Array.from({ length: text.length * 2 }, (_, i) => (text.charCodeAt(i >> 1) >> ((i & 1) * 8)) & 0xff);
    default:
      throw new TypeError(`Unknown encoding: ${encoding}`);
  }
}

function latin1(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}
