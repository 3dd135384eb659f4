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

/** `-c`: compares files with the sums that a list gives for them. */
async function checkSums(context: UtilityContext, hash: (data: Uint8Array) => Uint8Array): Promise<number> {
  const listed: string[] = [];
  const read = await eachInput(context, { names: context.args.slice(1) }, async (reader) => {
    for await (const line of reader.lines()) listed.push(line);
  });
  let wrong = 0;
  let unread = 0;
  for (const line of listed) {
    const [, sum = '', name] = /^\\?([\da-fA-F]+) [ *](.+)$/.exec(line) ?? [];
    if (name === undefined) continue;
    const opened = await eachInput(context, { names: [name] }, async (reader) => {
      const same = bytesToHex(hash(await reader.bytes())) === sum.toLowerCase();
      if (!same) wrong += 1;
      await context.stdout.line(`${name}: ${same ? 'OK' : 'FAILED'}`);
    });
    if (opened) continue;
    unread += 1;
    await context.stdout.line(`${name}: FAILED open or read`);
  }
  const warn = async (count: number, one: string, many: string) => {
    if (count > 0) await context.complain(`WARNING: ${count} ${count === 1 ? one : many}`);
  };
  await warn(unread, 'listed file could not be read', 'listed files could not be read');
  await warn(wrong, 'computed checksum did NOT match', 'computed checksums did NOT match');
  return read && wrong === 0 && unread === 0 ? 0 : 1;
}

function checksum(hash: (data: Uint8Array) => Uint8Array): Utility {
  return async (context) => {
    if (/^(-c|--check)$/.test(context.args[0] ?? '')) return await checkSums(context, hash);
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
