import type { BindingFactory } from '../context.ts';
import { bytesOf, isBuffer, notABuffer } from '../encoding/bytes.ts';
import { isTooLong, tooLong } from '../encoding/decode.ts';
import { decodePunycodeHost } from '../encoding/punycode.ts';

/** `internalBinding('encoding_binding')`: TextEncoder and the quick ways of TextDecoder. */
export const encodingBinding: BindingFactory = (context) => {
  const { TextDecoder, TextEncoder, URL } = context.host;
  const encoder = new TextEncoder();
  const encodeIntoResults = new Uint32Array(2);

  function decode(label: string, input: unknown, options: TextDecoderOptions): string {
    if (!isBuffer(input)) throw notABuffer(wordedFor(label));
    const bytes = bytesOf(input);
    let text: string;
    try {
      text = new TextDecoder(label, options).decode(
        bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : Uint8Array.from(bytes),
      );
    } catch (error) {
      if (error instanceof TypeError) throw context.makeError(() => invalidEncodedData(label));
      throw error;
    }
    if (isTooLong(bytes, text)) throw tooLong();
    return text;
  }

  return {
    ...context.described('encoding_binding'),
    encodeIntoResults,
    encodeInto(source: string, target: Uint8Array<ArrayBuffer>) {
      const { read, written } = encoder.encodeInto(source, target);
      encodeIntoResults[0] = read;
      encodeIntoResults[1] = written;
    },
    encodeUtf8String: (text: string) => encoder.encode(text),
    decodeUTF8: (input: unknown, ignoreBOM: boolean, fatal: boolean) => decode('utf-8', input, { ignoreBOM, fatal }),
    decodeLatin1: (input: unknown, ignoreBOM: boolean, fatal: boolean) =>
      decode('windows-1252', input, { ignoreBOM, fatal }),
    toASCII: (domain: string) => (isAscii(domain) ? domain : (URL.parse(`ws://${domain}`)?.hostname ?? '')),
    toUnicode: decodePunycodeHost,
  };
};

/** The C++ of each encoding words it in its own way. */
const wordedFor = (label: string): string =>
  label === 'utf-8'
    ? 'The "list" argument must be an instance of SharedArrayBuffer, ArrayBuffer or ArrayBufferView.'
    : 'The "input" argument must be an instance of ArrayBuffer, SharedArrayBuffer, or ArrayBufferView.';

const isAscii = (text: string): boolean => !/[\u0080-\uffff]/.test(text);

/** The error of a decoder that was told to be fatal. */
export const invalidEncodedData = (encoding: string): Error =>
  Object.assign(new TypeError(`The encoded data was not valid for encoding ${encoding}`), {
    code: 'ERR_ENCODING_INVALID_ENCODED_DATA',
  });
