/** Archives as tar reads them. */
import { unpackTar } from 'modern-tar';
import { describeError, errorCode } from '../errors.ts';
import { readWhole } from '../utilities/inputs.ts';
import { lastValue, type Options } from '../utilities/options.ts';
import type { UtilityContext } from '../utility.ts';
import { gunzip } from './gunzip.ts';
import { MISSING_COMPRESSORS, type MissingCompressor } from './missing-compressors.ts';

/** tar's own words for a failure. */
export async function fail(context: UtilityContext, problem: string): Promise<number> {
  await context.complain(`${problem}\ntar: Error is not recoverable: exiting now`);
  return 2;
}

export function failMissing(context: UtilityContext, { program }: MissingCompressor): Promise<number> {
  return fail(context, `${program}: Cannot exec: this sandbox compresses with gzip alone (-z)`);
}

const BLOCK = 512;
const CHECKSUM_AT = 148;
const CHECKSUM_LENGTH = 8;

/** Whether it begins with a header, or with none as an archive of nothing does. */
function isArchive(bytes: Uint8Array): boolean {
  const header = bytes.subarray(0, BLOCK);
  if (header.length < BLOCK) return false;
  if (header.every((byte) => byte === 0)) return true;
  const end = CHECKSUM_AT + CHECKSUM_LENGTH;
  const told = Number.parseInt(new TextDecoder().decode(header.subarray(CHECKSUM_AT, end)).trim(), 8);
  // As if there were blanks in its own place.
  const sum = header.reduce((total, byte, at) => total + (at >= CHECKSUM_AT && at < end ? 0x20 : byte), 0);
  return sum === told;
}

export type Entry = Awaited<ReturnType<typeof unpackTar>>[number];

/** Its members, or the exit code where it cannot be read. */
export async function readArchive(context: UtilityContext, options: Options): Promise<Entry[] | number> {
  const file = lastValue(options, 'f') ?? '-';
  let bytes: Uint8Array;
  try {
    bytes = await readWhole(context, file);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return await fail(context, `${file}: Cannot open: ${describeError(error)}`);
  }
  const compressor = MISSING_COMPRESSORS.find(({ start }) => start.every((byte, at) => bytes[at] === byte));
  if (compressor) return await failMissing(context, compressor);
  let entries: Awaited<ReturnType<typeof unpackTar>>;
  try {
    const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
    // `-z` says what has to be there.
    if (options.flags.has('z') && !packed && bytes.length > 0) {
      await context.stderr.print('\ngzip: stdin: not in gzip format\n');
      return await fail(context, 'Child returned status 1');
    }
    const plain = packed ? gunzip(bytes) : bytes;
    if (!isArchive(plain)) throw new Error('no archive');
    entries = await unpackTar(new Uint8Array(plain));
  } catch (error) {
    if (errorCode(error) !== undefined) return await fail(context, `${file}: Cannot read: ${describeError(error)}`);
    await context.complain('This does not look like a tar archive');
    await context.complain('Exiting with failure status due to previous errors');
    return 2;
  }
  return entries;
}
