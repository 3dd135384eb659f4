/** umask ulimit times alias unalias hash. */
import { MOST_DESCRIPTORS } from '../descriptor.ts';
import { ShellError } from '../errors.ts';
import { findProgram } from '../lookup.ts';
import { lineAt } from '../syntax.ts';
import { changeMode } from '../utilities/files.ts';
import type { Builtin } from './builtin.ts';
import { builtinOf } from './index.ts';

const umask: Builtin = async ({ shell, args, stdout }) => {
  const [mode] = args;
  const old = shell.sys.call('umask', null);
  if (mode === undefined) await stdout.line(old.toString(8).padStart(4, '0'));
  else if (mode === '-p') await stdout.line(`umask ${old.toString(8).padStart(4, '0')}`);
  else if (mode === '-S') await stdout.line(symbolic(~old & 0o777));
  else if (/^[0-7]+$/.test(mode)) shell.sys.call('umask', Number.parseInt(mode, 8));
  else {
    const changed = changeMode(~old & 0o777, mode, true);
    if (changed === undefined && shell.bash)
      throw new ShellError(
        /^\d/.test(mode) ? `${mode}: octal number out of range` : `\`${mode}': invalid symbolic mode`,
        1,
      );
    if (changed === undefined) throw new ShellError(`Illegal ${/^\d/.test(mode) ? 'number' : 'mode'}: ${mode}`);
    shell.sys.call('umask', ~changed & 0o777);
  }
  return 0;
};

function symbolic(mode: number): string {
  const letters = (bits: number) => `${bits & 4 ? 'r' : ''}${bits & 2 ? 'w' : ''}${bits & 1 ? 'x' : ''}`;
  return `u=${letters(mode >> 6)},g=${letters((mode >> 3) & 7)},o=${letters(mode & 7)}`;
}

const LIMITS: Record<string, [string, string]> = {
  c: ['core file size              (blocks, -c)', '0'],
  d: ['data seg size               (kbytes, -d)', 'unlimited'],
  f: ['file size                   (blocks, -f)', 'unlimited'],
  l: ['max locked memory           (kbytes, -l)', '64'],
  m: ['max memory size             (kbytes, -m)', 'unlimited'],
  n: ['open files                          (-n)', String(MOST_DESCRIPTORS)],
  s: ['stack size                  (kbytes, -s)', '8192'],
  t: ['cpu time                   (seconds, -t)', 'unlimited'],
  u: ['max user processes                  (-u)', 'unlimited'],
  v: ['virtual memory              (kbytes, -v)', 'unlimited'],
};

/** Those that have no line in the list. */
const OTHER_LIMITS = 'beikpqrwxPRT';

/** Limits are told, not set: setting one succeeds and changes nothing. */
const ulimit: Builtin = async ({ shell, args, stdout }) => {
  const letters = args
    .filter((arg) => arg.startsWith('-'))
    .join('')
    .replace(/[-HS]/g, '');
  const unknown = [...letters].find(
    (letter) => letter !== 'a' && LIMITS[letter] === undefined && !OTHER_LIMITS.includes(letter),
  );
  if (unknown !== undefined) {
    const error = new ShellError(shell.bash ? `-${unknown}: invalid option` : `Illegal option -${unknown}`, 2, true);
    if (shell.bash) error.usage = 'ulimit [-SHabcdefiklmnpqrstuvxPRT] [limit]';
    throw error;
  }
  const value = args.find((arg) => !arg.startsWith('-'));
  if (value !== undefined) return 0;
  if (letters.includes('a')) for (const [label, limit] of Object.values(LIMITS)) await stdout.line(`${label} ${limit}`);
  else for (const letter of letters || 'f') await stdout.line(LIMITS[letter]?.[1] ?? 'unlimited');
  return 0;
};

const times: Builtin = async ({ stdout }) => {
  await stdout.write('0m0.000s 0m0.000s\n0m0.000s 0m0.000s\n');
  return 0;
};

const alias: Builtin = async ({ shell, args, stdout }) => {
  let status = 0;
  const print = (name: string, text: string) =>
    stdout.line(`${shell.bash ? 'alias ' : ''}${name}='${text.replaceAll("'", shell.bash ? "'\\''" : `'"'"'`)}'`);
  if (args.length === 0) for (const [name, { text }] of [...shell.aliases].sort()) await print(name, text);
  for (const arg of args) {
    const equals = arg.indexOf('=', 1);
    const name = equals === -1 ? arg : arg.slice(0, equals);
    const known = shell.aliases.get(name);
    if (equals !== -1) {
      const line = lineAt(shell.source, shell.position);
      shell.aliases.set(name, { text: arg.slice(equals + 1), line, source: shell.source });
    } else if (known) await print(name, known.text);
    else {
      await shell.complain(`alias: ${name}${shell.bash ? ':' : ''} not found`);
      status = 1;
    }
  }
  return status;
};

const unalias: Builtin = async ({ shell, args }) => {
  let status = 0;
  for (const name of args) {
    if (name === '-a') shell.aliases.clear();
    else if (!shell.aliases.delete(name)) {
      await shell.complain(`unalias: ${name}${shell.bash ? ':' : ''} not found`);
      status = 1;
    }
  }
  return status;
};

const hash: Builtin = async ({ shell, args, stdout }) => {
  if (shell.bash && args.length === 0) await stdout.line('hash: hash table empty');
  let status = 0;
  for (const name of args.filter((arg) => !arg.startsWith('-'))) {
    if (shell.functions.has(name) || builtinOf(shell, name) || findProgram(shell, name).kind !== 'missing') continue;
    await shell.complain(`hash: ${name}: not found`);
    status = 1;
  }
  return status;
};

export const limitBuiltins: readonly [string, Builtin][] = [
  ['umask', umask],
  ['ulimit', ulimit],
  ['times', times],
  ['alias', alias],
  ['unalias', unalias],
  ['hash', hash],
];
