/** unzip and zipinfo. */
import { S_IFLNK, S_IFMT } from '../../kernel/file-modes.ts';
import { patternToRegExp } from '../expansion/pattern.ts';
import { resolvePath } from '../paths.ts';
import { lastValue, type Options, parseOptions } from '../utilities/options.ts';
import { strftime } from '../utilities/strftime.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import { writeBytes } from './write-bytes.ts';
import { readDirectory, savedPercent, type ZipMember } from './zip-directory.ts';
import { readMember } from './zip-member.ts';

/** A date and a time as the lists have them. */
const when = (member: ZipMember) => strftime('%Y-%m-%d %H:%M', member.mtimeMs);
const files = (count: number) => `${count} file${count === 1 ? '' : 's'}`;

export const unzip: Utility = async (context) => {
  // What stands behind `-x` up to an option is left out; `-qq` is `-q` twice.
  const at = context.args.indexOf('-x');
  const end = at === -1 ? -1 : context.args.findIndex((arg, index) => index > at && arg.startsWith('-'));
  const excluded = at === -1 ? [] : context.args.slice(at + 1, end === -1 ? undefined : end);
  const args =
    at === -1 ? context.args : [...context.args.slice(0, at), ...(end === -1 ? [] : context.args.slice(end))];
  const options = parseOptions(args, { short: 'oqlpnjd:tvZ1uafCLXK:', long: {} });
  const [archive, ...names] = options.operands;
  if (options.problem !== undefined || archive === undefined) {
    await context.stderr.print(
      `UnZip 6.00: usage: unzip [-Z] [-opts[modifiers]] file[.zip] [list] [-x xlist] [-d exdir]\n`,
    );
    return 10;
  }
  const path = [archive, `${archive}.zip`]
    .map((name) => context.resolve(name))
    .find((name) => context.sys.call('statOrNull', name, true));
  if (path === undefined) {
    await context.stderr.print(`unzip:  cannot find or open ${archive}, ${archive}.zip or ${archive}.ZIP.\n`);
    return 9;
  }
  const bytes = new Uint8Array(context.sys.call('readFile', path));
  const members = readDirectory(bytes);
  if (!members) return await notAnArchive(context, archive);
  const tests = names.map((pattern) => patternToRegExp(pattern));
  const left = excluded.map((pattern) => patternToRegExp(pattern));
  const chosen = members.filter(
    ({ name }) =>
      (tests.length === 0 || tests.some((test) => test.test(name))) && !left.some((test) => test.test(name)),
  );
  const { flags } = options;
  const shown = path === context.resolve(archive) ? archive : `${archive}.zip`;
  if (flags.has('Z')) for (const { name } of chosen) await context.stdout.line(name);
  else if (flags.has('l') || flags.has('v'))
    await list(context, { shown, chosen, verbose: flags.has('v'), quiet: flags.has('q') });
  else await extract(context, options, { shown, chosen, archive: bytes });
  const missing = names.filter((_, index) => !members.some(({ name }) => tests[index]?.test(name)));
  await context.stdout.flush();
  for (const name of missing) await context.stderr.print(`caution: filename not matched:  ${name}\n`);
  return missing.length > 0 ? 11 : 0;
};

export const zipinfo: Utility = async (context) => await unzip({ ...context, args: ['-Z', ...context.args] });

async function notAnArchive(context: UtilityContext, archive: string): Promise<number> {
  await context.stdout.write(`Archive:  ${archive}\n`);
  await context.stdout.flush();
  await context.stderr.print(
    '  End-of-central-directory signature not found.  Either this file is not\n  a zipfile, or it constitutes one disk of a multi-part archive.  In the\n  latter case the central directory and zipfile comment will be found on\n  the last disk(s) of this archive.\n',
  );
  await context.stderr.print(
    `unzip:  cannot find zipfile directory in one of ${archive} or\n        ${archive}.zip, and cannot find ${archive}.ZIP, period.\n`,
  );
  return 9;
}

interface Listing {
  shown: string;
  chosen: readonly ZipMember[];
  verbose: boolean;
  quiet: boolean;
}

async function list(context: UtilityContext, { shown, chosen, verbose, quiet }: Listing): Promise<void> {
  const size = chosen.reduce((sum, member) => sum + member.size, 0);
  const packed = chosen.reduce((sum, member) => sum + member.packed, 0);
  const number = (value: number, width: number) => String(value).padStart(width);
  let text = quiet ? '' : `Archive:  ${shown}\n`;
  if (verbose) {
    text +=
      ' Length   Method    Size  Cmpr    Date    Time   CRC-32   Name\n--------  ------  ------- ---- ---------- ----- --------  ----\n';
    for (const member of chosen)
      text += `${number(member.size, 8)}  ${member.stored ? 'Stored' : 'Defl:N'} ${number(member.packed, 8)} ${number(savedPercent(member), 3)}% ${when(member)} ${member.crc.toString(16).padStart(8, '0')}  ${member.name}\n`;
    text += `--------          -------  ---                            -------\n${number(size, 8)}         ${number(packed, 8)} ${number(savedPercent({ size, packed }), 3)}%                            ${files(chosen.length)}\n`;
  } else {
    text += '  Length      Date    Time    Name\n---------  ---------- -----   ----\n';
    for (const member of chosen) text += `${number(member.size, 9)}  ${when(member)}   ${member.name}\n`;
    text += `---------                     -------\n${number(size, 9)}                     ${files(chosen.length)}\n`;
  }
  await context.stdout.write(text);
}

interface Extraction {
  shown: string;
  chosen: readonly ZipMember[];
  archive: Uint8Array;
}

async function extract(
  context: UtilityContext,
  options: Options,
  { shown, chosen, archive }: Extraction,
): Promise<void> {
  const { flags } = options;
  const quiet = flags.has('q') || flags.has('p');
  const say = async (text: string) => {
    if (!quiet) await context.stdout.write(text);
  };
  await say(`Archive:  ${shown}\n`);
  const folder = lastValue(options, 'd');
  const target = resolvePath(context.cwd, folder ?? '.');
  let none = flags.has('n');
  for (const member of chosen) {
    const bytes = member.name.endsWith('/') ? new Uint8Array(0) : readMember(archive, member);
    if (flags.has('p')) await context.stdout.write(bytes);
    else if (flags.has('t')) await say(`    testing: ${member.name.padEnd(22)}   OK\n`);
    // Nothing is written outside of the folder.
    if (flags.has('p') || flags.has('t') || member.name.split('/').includes('..')) continue;
    const isFolder = member.name.endsWith('/');
    if (isFolder && flags.has('j')) continue;
    const stored = flags.has('j') ? (member.name.split('/').at(-1) ?? '') : member.name;
    const place = resolvePath(target, stored);
    const told = folder === undefined ? stored : `${folder.replace(/\/$/, '')}/${stored}`;
    const exists = context.sys.call('statOrNull', place, false) !== null;
    if (isFolder) {
      context.sys.call('mkdir', place, 0o777, true);
      if (!exists) await say(`   creating: ${told}\n`);
      continue;
    }
    if (exists && !flags.has('o')) {
      if (none) continue;
      await context.stdout.flush();
      await context.stderr.print(
        `replace ${told}? [y]es, [n]o, [A]ll, [N]one, [r]ename:  NULL\n(EOF or read error, treating as "[N]one" ...)\n`,
      );
      none = true;
      continue;
    }
    await say(`${member.stored ? ' extracting' : '  inflating'}: ${told.padEnd(22)}  \n`);
    writeMember(context, place, member, bytes);
  }
  if (flags.has('t')) await say(`No errors detected in compressed data of ${shown}.\n`);
}

function writeMember(context: UtilityContext, path: string, { mode, mtimeMs }: ZipMember, bytes: Uint8Array): void {
  const { sys } = context;
  sys.call('remove', path, true);
  if ((mode & S_IFMT) === S_IFLNK) {
    sys.call('symlink', new TextDecoder().decode(bytes), path);
    return;
  }
  writeBytes(context, path, bytes);
  if (mode !== 0) sys.call('chmod', path, mode & 0o777);
  sys.call('utimes', path, mtimeMs, mtimeMs, true);
}
