import { expect, test } from 'vitest';
import { dataArgument, encodingArgument, flagOption, objectArgument, pathArgument, wordArgument } from './arguments.ts';

const refusal = (work: () => unknown) => {
  try {
    return work();
  } catch (error) {
    const { name, code, message } = error as Error & { code: string };
    return `${name} [${code}]: ${message}`;
  }
};

/** As native Node 24 says it. */
test.each([
  [() => pathArgument('a/b'), 'a/b'],
  [() => pathArgument(new TextEncoder().encode('ä')), 'ä'],
  [
    () => pathArgument(5),
    'TypeError [ERR_INVALID_ARG_TYPE]: The "path" argument must be of type string or an instance of Buffer or URL. Received type number (5)',
  ],
  [
    () => pathArgument(null, 'oldPath'),
    'TypeError [ERR_INVALID_ARG_TYPE]: The "oldPath" argument must be of type string or an instance of Buffer or URL. Received null',
  ],
  [
    () => pathArgument([]),
    'TypeError [ERR_INVALID_ARG_TYPE]: The "path" argument must be of type string or an instance of Buffer or URL. Received an instance of Array',
  ],
  [
    () => pathArgument('a\0b'),
    "TypeError [ERR_INVALID_ARG_VALUE]: The argument 'path' must be a string, Uint8Array, or URL without null bytes. Received 'a\\x00b'",
  ],
  [() => wordArgument(5, 'args[0]'), '5'],
  [
    () => wordArgument('a\0b', 'args[0]'),
    "TypeError [ERR_INVALID_ARG_VALUE]: The argument 'args[0]' must be a string without null bytes. Received 'a\\x00b'",
  ],
  [
    () => [undefined, null, '', {}, { encoding: null }, 'hex', { encoding: 'hex' }].map(encodingArgument),
    [null, null, null, null, null, 'hex', 'hex'],
  ],
  [
    () => encodingArgument(5),
    'TypeError [ERR_INVALID_ARG_TYPE]: The "options" argument must be one of type string or object. Received type number (5)',
  ],
  [
    () => objectArgument('x' as never),
    'TypeError [ERR_INVALID_ARG_TYPE]: The "options" argument must be of type object. Received type string (\'x\')',
  ],
  [() => [{}, { force: false }, { force: true }].map((options) => flagOption(options, 'force')), [false, false, true]],
  [
    () => flagOption({ recursive: 'yes' }, 'recursive'),
    'TypeError [ERR_INVALID_ARG_TYPE]: The "options.recursive" property must be of type boolean. Received type string (\'yes\')',
  ],
  [() => [...dataArgument(new Uint16Array([1, 258]), null)], [1, 0, 2, 1]],
  [() => [...dataArgument('ff00', 'hex')], [255, 0]],
  [
    () => dataArgument(new ArrayBuffer(1), null),
    'TypeError [ERR_INVALID_ARG_TYPE]: The "data" argument must be of type string or an instance of Buffer, TypedArray, or DataView. Received an instance of ArrayBuffer',
  ],
  [
    () => dataArgument(new Uint8Array(1), 'nope'),
    "TypeError [ERR_INVALID_ARG_VALUE]: The argument 'encoding' is invalid encoding. Received 'nope'",
  ],
])('%s', (work, expected) => {
  expect(refusal(work)).toEqual(expected);
});
