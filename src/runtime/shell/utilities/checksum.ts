/** The checksum programs of coreutils: what all of them have in common. */
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Utility, UtilityContext } from '../utility.ts';
import { eachInput } from './inputs.ts';
import { type Options, parseOptions } from './options.ts';
import { wrongUse } from './wrong-use.ts';

type Hash = (data: Uint8Array) => Uint8Array;

/** `-c`: compares files with the sums that a list gives for them. */
async function checkSums(context: UtilityContext, hash: Hash, { flags, operands }: Options): Promise<number> {
  const counts = { wrong: 0, unread: 0, listed: 0 };
  const silent = flags.has('status');
  let readable = true;
  for (const list of operands.length > 0 ? operands : ['-']) {
    const lines: string[] = [];
    const read = await eachInput(context, { names: [list] }, async (reader) => {
      for await (const line of reader.lines()) lines.push(line);
    });
    if (!read) readable = false;
    const entries = lines.map((line) => /^\\?([\da-fA-F]+) [ *](.+)$/.exec(line)).filter((entry) => entry !== null);
    const fitting = entries.filter(([, sum = '']) => sum.length === hash(new Uint8Array()).length * 2);
    if (read && fitting.length === 0) {
      await context.complain(`${list === '-' ? "'standard input'" : list}: no properly formatted checksum lines found`);
      readable = false;
    }
    for (const [, sum = '', name = ''] of fitting) {
      counts.listed += 1;
      const opened = await eachInput(context, { names: [name] }, async (reader) => {
        const same = bytesToHex(hash(await reader.bytes())) === sum.toLowerCase();
        if (!same) counts.wrong += 1;
        if (!silent && !(same && flags.has('quiet'))) await context.stdout.line(`${name}: ${same ? 'OK' : 'FAILED'}`);
      });
      if (opened) continue;
      counts.unread += 1;
      if (!silent) await context.stdout.line(`${name}: FAILED open or read`);
    }
  }
  const warn = async (count: number, one: string, many: string) => {
    if (count > 0 && !silent) await context.complain(`WARNING: ${count} ${count === 1 ? one : many}`);
  };
  await warn(counts.unread, 'listed file could not be read', 'listed files could not be read');
  await warn(counts.wrong, 'computed checksum did NOT match', 'computed checksums did NOT match');
  return readable && counts.wrong === 0 && counts.unread === 0 ? 0 : 1;
}

/** A program like sha256sum. */
export function checksum(hash: Hash): Utility {
  return async (context) => {
    const options = parseOptions(context.args, {
      short: 'bctwzl:',
      long: {
        check: 'c',
        binary: 'b',
        text: 't',
        quiet: 'quiet',
        status: 'status',
        warn: 'w',
        zero: 'z',
        tag: 'tag',
        strict: 'strict',
        'ignore-missing': 'ignore-missing',
      },
    });
    if (options.problem) return await wrongUse(context, options.problem);
    if (options.flags.has('c')) return await checkSums(context, hash, options);
    const mark = options.flags.has('b') ? '*' : ' ';
    const complete = await eachInput(context, { names: options.operands }, async (reader, name) => {
      const sum = bytesToHex(hash(await reader.bytes()));
      const tag = context.name.replace(/sum$/, '').toUpperCase();
      const line = options.flags.has('tag') ? `${tag} (${name}) = ${sum}` : `${sum} ${mark}${name}`;
      await context.stdout.write(line + (options.flags.has('z') ? '\0' : '\n'));
    });
    return complete ? 0 : 1;
  };
}
