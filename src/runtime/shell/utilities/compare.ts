/** cmp and the checksums. */
import { md5, sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { describeError, errorCode } from '../errors.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import { eachInput, openInput } from './inputs.ts';
import { parseOptions } from './options.ts';
import { wrongUse } from './wrong-use.ts';

async function readBytes(context: UtilityContext, name: string): Promise<Uint8Array> {
  const input = openInput(context, name);
  try {
    return await input.reader.bytes();
  } finally {
    input.close();
  }
}

export const cmp: Utility = async (context) => {
  const options = parseOptions(context.args, { short: 's', long: { silent: 's', quiet: 's' } });
  if (options.problem) return await wrongUse(context, options.problem, 2);
  const [first, second = '-'] = options.operands;
  if (first === undefined) return await wrongUse(context, "missing operand after 'cmp'", 2);
  let files: [Uint8Array, Uint8Array];
  try {
    files = [await readBytes(context, first), await readBytes(context, second)];
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    await context.complain(describeError(error));
    return 2;
  }
  const [a, b] = files;
  const shorter = Math.min(a.length, b.length);
  let at = 0;
  while (at < shorter && a[at] === b[at]) at += 1;
  if (at === a.length && at === b.length) return 0;
  if (options.flags.has('s')) return 1;
  const lines = a.subarray(0, at).filter((byte) => byte === 10).length;
  if (at < shorter) await context.stdout.line(`${first} ${second} differ: byte ${at + 1}, line ${lines + 1}`);
  else
    await context.complain(
      `EOF on ${a.length < b.length ? first : second} after byte ${at}, ${a[at - 1] === 10 ? `line ${lines}` : `in line ${lines + 1}`}`,
    );
  return 1;
};

function checksum(hash: (data: Uint8Array) => Uint8Array): Utility {
  return async (context) => {
    const names = context.args.filter((arg) => !arg.startsWith('-') || arg === '-');
    const complete = await eachInput(context, { names }, async (reader, name) => {
      await context.stdout.line(`${bytesToHex(hash(await reader.bytes()))}  ${name}`);
    });
    return complete ? 0 : 1;
  };
}

export const md5sum = checksum(md5);
export const sha1sum = checksum(sha1);
export const sha256sum = checksum(sha256);
