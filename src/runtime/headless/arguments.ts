/** What the client gives, checked as Node checks it and refused in Node's words. */
import { invalidType, invalidValue } from './argument-errors.ts';
import { fromBytes, toBytes } from './encoding.ts';

/** As text. TypeError with Node's code for what is none, and for what has a null byte in it. */
export function pathArgument(value: unknown, name = 'path'): string {
  if (value instanceof Uint8Array) return withoutNull(fromBytes(value, 'utf8'), name);
  if (typeof value === 'string') return withoutNull(value, name);
  throw invalidType(name, 'of type string or an instance of Buffer or URL', value);
}

function withoutNull(path: string, name: string): string {
  if (!path.includes('\0')) return path;
  throw invalidValue(name, 'must be a string, Uint8Array, or URL without null bytes', path);
}

/** A word of a command line, of whatever type: a system knows texts alone. */
export function wordArgument(value: unknown, name: string): string {
  const word = String(value);
  if (!word.includes('\0')) return word;
  throw invalidValue(name, 'must be a string without null bytes', word);
}

const LONGEST_NAME = 255;

/** A word that a folder can have as its name. */
export function nameArgument(value: unknown, name: string): string {
  const word = wordArgument(value, name);
  if (toBytes(word, 'utf8').length <= LONGEST_NAME) return word;
  throw invalidValue(name, `must be at most ${LONGEST_NAME} bytes long`, word);
}

/** The encoding in options of `fs`, which may be its name alone; null when there is none. */
export function encodingArgument(options: unknown): string | null {
  const isObject = typeof options === 'object' && options !== null;
  const encoding: unknown = isObject ? (options as { encoding?: unknown }).encoding : options;
  if (encoding === undefined || encoding === null || encoding === '') return null;
  if (typeof encoding === 'string') return encoding;
  throw isObject
    ? invalidValue('encoding', 'is invalid encoding', encoding)
    : invalidType('options', 'one of type string or object', options);
}

/** Options that are an object or nothing. */
export function objectArgument<Options extends object>(options: Options | undefined): Partial<Options> {
  if (options === undefined) return {};
  if (typeof options === 'object' && options !== null) return options;
  throw invalidType('options', 'of type object', options);
}

/** An option that is true or false, or nothing: then it is false. */
export function flagOption(options: object, name: string): boolean {
  const value: unknown = (options as Record<string, unknown>)[name];
  if (value === undefined || typeof value === 'boolean') return value ?? false;
  throw invalidType(`options.${name}`, 'of type boolean', value);
}

/** What a file shall hold. */
export function dataArgument(data: unknown, encoding: string | null): Uint8Array {
  if (typeof data === 'string') return toBytes(data, encoding ?? 'utf8');
  if (!ArrayBuffer.isView(data))
    throw invalidType('data', 'of type string or an instance of Buffer, TypedArray, or DataView', data);
  // An unknown one is an error though nothing is to be encoded.
  if (encoding !== null) toBytes('', encoding);
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
