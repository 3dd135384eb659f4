/** diff cmp and the checksums. */
import { md5, sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { structuredPatch } from 'diff';
import { describeError, errorCode } from '../errors.ts';
import { baseName, joinPath } from '../paths.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import { isDirectory } from './files.ts';
import { eachInput, openInput } from './inputs.ts';
import { lastValue, type Options, parseOptions } from './options.ts';
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

export const diff: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'uU:rqNwbiBa',
    long: {
      unified: 'u',
      'unified=': 'U',
      recursive: 'r',
      brief: 'q',
      'new-file': 'N',
      'ignore-all-space': 'w',
      'ignore-space-change': 'b',
      'ignore-case': 'i',
      'color=': 'color',
      text: 'a',
    },
  });
  if (options.problem) return await wrongUse(context, options.problem, 2);
  const [first, second] = options.operands;
  if (first === undefined || second === undefined)
    return await wrongUse(context, `missing operand after '${first ?? 'diff'}'`, 2);
  return await comparePaths(context, options, [first, second]);
};

async function comparePaths(
  context: UtilityContext,
  options: Options,
  [left, right]: readonly [string, string],
): Promise<number> {
  const [leftFolder, rightFolder] = [
    left !== '-' && isDirectory(context, left),
    right !== '-' && isDirectory(context, right),
  ];
  if (leftFolder && rightFolder) return await compareFolders(context, options, [left, right]);
  const names: [string, string] = [
    leftFolder ? joinPath(left, baseName(right)) : left,
    rightFolder ? joinPath(right, baseName(left)) : right,
  ];
  const texts: string[] = [];
  for (const name of names) {
    try {
      texts.push(new TextDecoder().decode(await readBytes(context, name)));
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
      if (errorCode(error) !== 'ENOENT' || !options.flags.has('N')) {
        await context.complain(`${name}: ${describeError(error)}`);
        return 2;
      }
      texts.push('');
    }
  }
  return await compareTexts(context, options, { names, texts: [texts[0] ?? '', texts[1] ?? ''] });
}

async function compareFolders(
  context: UtilityContext,
  options: Options,
  [left, right]: readonly [string, string],
): Promise<number> {
  const list = (folder: string) => context.sys.call('readdir', context.resolve(folder)).names;
  const [mine, theirs] = [new Set(list(left)), new Set(list(right))];
  let status = 0;
  for (const name of [...new Set([...mine, ...theirs])].sort()) {
    const pair: [string, string] = [joinPath(left, name), joinPath(right, name)];
    const folders = [pair[0], pair[1]].map((path) => isDirectory(context, path));
    let result = 1;
    if (!options.flags.has('N') && !(mine.has(name) && theirs.has(name)))
      await context.stdout.line(`Only in ${mine.has(name) ? left : right}: ${name}`);
    else if (folders[0] && folders[1] && !options.flags.has('r')) {
      await context.stdout.line(`Common subdirectories: ${pair[0]} and ${pair[1]}`);
      result = 0;
    } else result = await comparePaths(context, options, pair);
    status = Math.max(status, result);
  }
  return status;
}

interface Texts {
  names: readonly [string, string];
  texts: readonly [string, string];
}

async function compareTexts(context: UtilityContext, options: Options, { names, texts }: Texts): Promise<number> {
  const [left, right] = texts;
  if (left === right) return 0;
  if (options.flags.has('q')) {
    await context.stdout.line(`Files ${names[0]} and ${names[1]} differ`);
    return 1;
  }
  const unified = options.flags.has('u') || options.flags.has('U');
  const lines = unified ? Number(lastValue(options, 'U') ?? '3') : 0;
  const patch = structuredPatch(names[0], names[1], left, right, '', '', {
    context: lines,
    ignoreWhitespace: options.flags.has('w') || options.flags.has('b'),
  });
  if (patch.hunks.length === 0) return 0;
  if (unified)
    await context.stdout.write(
      names.map((name, index) => `${index === 0 ? '---' : '+++'} ${name}\t${timeOf(context, name)}\n`).join(''),
    );
  for (const hunk of patch.hunks) await context.stdout.write(unified ? unifiedHunk(hunk) : normalHunk(hunk));
  return 1;
}

function timeOf(context: UtilityContext, name: string): string {
  const stat = name === '-' ? null : context.sys.call('statOrNull', context.resolve(name), true);
  const time = new Date(stat?.mtimeMs ?? 0).toISOString();
  return `${time.slice(0, 10)} ${time.slice(11, 23)}000000 +0000`;
}

type Hunk = ReturnType<typeof structuredPatch>['hunks'][number];

function unifiedHunk({ oldStart, oldLines, newStart, newLines, lines }: Hunk): string {
  const range = (start: number, count: number) => (count === 1 ? String(start) : `${start},${count}`);
  return `@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@\n${lines.map((line) => `${line}\n`).join('')}`;
}

function normalHunk({ oldStart, oldLines, newStart, newLines, lines }: Hunk): string {
  const range = (start: number, count: number) => (count <= 1 ? String(start) : `${start},${start + count - 1}`);
  const kind = oldLines === 0 ? 'a' : newLines === 0 ? 'd' : 'c';
  const part = (mark: string, sign: string) => {
    const kept: string[] = [];
    lines.forEach((line, index) => {
      if (line.startsWith(mark)) kept.push(`${sign} ${line.slice(1)}\n`);
      else if (line.startsWith('\\') && lines[index - 1]?.startsWith(mark)) kept.push(`${line}\n`);
    });
    return kept.join('');
  };
  return `${range(oldStart, oldLines)}${kind}${range(newStart, newLines)}\n${part('-', '<')}${kind === 'c' ? '---\n' : ''}${part('+', '>')}`;
}
