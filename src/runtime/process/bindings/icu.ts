import type { BindingFactory } from '../context.ts';
import { bytesOf, isBuffer, notABuffer } from '../encoding/bytes.ts';
import { decodeBytes, isTooLong, unshared } from '../encoding/decode.ts';
import { encodeString } from '../encoding/encode.ts';
import { type Encoding, namedEncoding } from '../encoding/names.ts';
import { stringWidth } from '../encoding/string-width.ts';
import { invalidEncodedData } from './encoding_binding.ts';

// CONVERTER_FLAGS_* of internal/encoding.
const FLUSH = 1;
const FATAL = 2;
const IGNORE_BOM = 4;
/** U_ILLEGAL_ARGUMENT_ERROR */
const ILLEGAL_ARGUMENT = 1;
const INVALID_INPUT = 'The "input" argument must be an instance of SharedArrayBuffer, ArrayBuffer or ArrayBufferView.';
/** The encodings between which ICU converts. */
const CONVERTIBLE: readonly (Encoding | undefined)[] = ['ascii', 'latin1', 'utf8', 'utf16le'];

/** `internalBinding('icu')`: converters over the browser's TextDecoder, and widths of strings. */
export const icu: BindingFactory = (context) => {
  const { TextDecoder } = context.host;

  function createDecoder(label: string, options: TextDecoderOptions = {}): TextDecoder | undefined {
    try {
      return new TextDecoder(label, options);
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  }

  return {
    ...context.described('icu'),
    getStringWidth: (text: string, _ambiguousAsFull?: boolean, expandEmoji?: boolean) => stringWidth(text, expandEmoji),
    hasConverter: (label: string) => createDecoder(label) !== undefined,
    getConverter: (label: string, flags: number) =>
      createDecoder(label, { fatal: (flags & FATAL) !== 0, ignoreBOM: (flags & IGNORE_BOM) !== 0 }),
    decode(decoder: TextDecoder, input: unknown, flags: number, encoding: string): string {
      if (!isBuffer(input)) throw notABuffer(INVALID_INPUT);
      const bytes = bytesOf(input);
      let text: string;
      try {
        text = decoder.decode(unshared(bytes), { stream: (flags & FLUSH) === 0 });
      } catch (error) {
        if (error instanceof TypeError) throw invalidEncodedData(encoding);
        throw error;
      }
      if (isTooLong(bytes, text)) throw invalidEncodedData(encoding);
      return text;
    },
    icuErrName: (code: number) => (code === ILLEGAL_ARGUMENT ? 'U_ILLEGAL_ARGUMENT_ERROR' : '[BOGUS UErrorCode]'),
    transcode(source: Uint8Array, from: string, to: string): unknown {
      const [encoding, target] = [namedEncoding(from), namedEncoding(to)];
      if (!encoding || !target || ![encoding, target].every((name) => CONVERTIBLE.includes(name))) {
        return ILLEGAL_ARGUMENT;
      }
      const text = decodeBytes(source, encoding);
      const limit = { ascii: 0x7f, latin1: 0xff }[target as string];
      const known = limit === undefined ? text : replaceAbove(text, limit);
      const { Buffer } = context.require('buffer') as { Buffer: { from(bytes: Uint8Array): unknown } };
      return Buffer.from(encodeString(known, target));
    },
  };
};

/** What an encoding has no character for becomes a question mark. */
const replaceAbove = (text: string, limit: number): string =>
  Array.from(text, (character) => ((character.codePointAt(0) ?? 0) > limit ? '?' : character)).join('');
