/** Builtins that only bash has: shopt let mapfile pushd popd dirs builtin compgen. */

import { S_IFDIR, S_IFMT } from '../../kernel/file-modes.ts';
import { appletNames } from '../applets.ts';
import { SHOPTS } from '../bash-options.ts';
import { ShellError } from '../errors.ts';
import { runSource } from '../execute.ts';
import { evaluateText } from '../expansion/expand.ts';
import { transformed } from '../expansion/parameter-changes.ts';
import type { Shell } from '../shell.ts';
import { Reader, type Writer } from '../streams.ts';
import { ShellArray } from '../variables/arrays.ts';
import type { Builtin } from './builtin.ts';
import { folderBuiltins } from './folders.ts';
import { builtinNames, builtinOf } from './index.ts';
import { applyOptions } from './variables.ts';

const shopt: Builtin = async ({ shell, args, stdout }) => {
  const letters = args.filter((arg) => arg.startsWith('-')).join('');
  const names = args.filter((arg) => !arg.startsWith('-'));
  let status = 0;
  if (letters.includes('o')) return await longOptions(shell, names, { letters, stdout });
  for (const name of names.length > 0 ? names : SHOPTS) {
    if (!SHOPTS.includes(name)) {
      await shell.complain(`shopt: ${name}: invalid shell option name`);
      status = 1;
    } else if (letters.includes('s') && names.length > 0) shell.shopts.add(name);
    else if (letters.includes('u') && names.length > 0) shell.shopts.delete(name);
    else {
      const on = shell.shopts.has(name);
      if (!on && names.length > 0) status = 1;
      // Without names `-s` and `-u` choose what is listed.
      if (letters.includes('q') || (names.length === 0 && letters.includes(on ? 'u' : 's'))) continue;
      await stdout.line(letters.includes('p') ? `shopt ${on ? '-s' : '-u'} ${name}` : listed(name, on));
    }
  }
  return status;
};

const listed = (name: string, on: boolean): string => `${name.padEnd(15)}\t${on ? 'on' : 'off'}`;

/** `shopt -o`: the options of `set -o`. */
async function longOptions(
  shell: Shell,
  names: readonly string[],
  { letters, stdout }: { letters: string; stdout: Writer },
): Promise<number> {
  let status = 0;
  for (const name of names) {
    if (letters.includes('s') || letters.includes('u'))
      applyOptions(shell, [letters.includes('s') ? '-o' : '+o', name]);
    else {
      if (!shell.optionIsOn(name)) status = 1;
      if (!letters.includes('q')) await stdout.line(listed(name, shell.optionIsOn(name)));
    }
  }
  return status;
}

const letBuiltin: Builtin = async ({ shell, args }) => {
  if (args.length === 0) throw new ShellError('expression expected', 1);
  let value = '0';
  for (const arg of args) value = await evaluateText(shell, arg);
  return value === '0' ? 1 : 0;
};

/** `mapfile -C callback -c count`: called with the index and the line of each count-th element, before it is set. */
interface Callback {
  command: string;
  every: number;
}

const mapfile: Builtin = async ({ shell, args }) => {
  const callback: Callback = { command: '', every: 5000 };
  let input = 0;
  let trim = false;
  let most = Number.POSITIVE_INFINITY;
  let skipped = 0;
  let delimiter = '\n';
  let origin: number | undefined;
  const names: string[] = [];
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] ?? '';
    if (arg === '-t') trim = true;
    else if (arg === '-n') most = Number(args[++i]) || Number.POSITIVE_INFINITY;
    else if (arg === '-s') skipped = Number(args[++i]);
    else if (arg === '-O') origin = Number(args[++i]);
    else if (arg === '-u') input = Number(args[++i]);
    else if (arg === '-C') callback.command = args[++i] ?? '';
    else if (arg === '-c') callback.every = Number(args[++i]) || 1;
    else if (arg === '-d') delimiter = args[++i]?.slice(0, 1) || '\0';
    else names.push(arg);
  }
  const text = new TextDecoder().decode(await new Reader(shell.descriptors.get(input)).bytes());
  const parts = text.split(delimiter);
  const last = parts.pop();
  const lines = parts.map((part) => (trim ? part : part + delimiter));
  if (last) lines.push(last);
  const name = names[0] ?? 'MAPFILE';
  // With an origin what the array has stays.
  const array = (origin === undefined ? undefined : shell.arrayOf(name)?.clone()) ?? new ShellArray(false);
  shell.setArray(name, array);
  for (const [index, line] of lines.slice(skipped, skipped + most).entries()) {
    const key = (origin ?? 0) + index;
    if (callback.command !== '' && (index + 1) % callback.every === 0)
      await runSource(shell, `${callback.command} ${key} ${transformed(line, 'Q')}`);
    array.set(String(key), line);
  }
  return 0;
};

/** Lists names: `-v` variables, `-A function`, `-b` builtins, `-a` aliases, `-c` commands, `-f` files, `-d` folders, `-W "words"`. */
const compgen: Builtin = async ({ shell, args, stdout }) => {
  const names = new Set<string>();
  let prefix = '';
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] ?? '';
    if (arg === '-W') for (const word of (args[++i] ?? '').split(/\s+/)) names.add(word);
    else if (arg === '-A') for (const name of namesOf(shell, args[++i] ?? '')) names.add(name);
    else if (/^-[a-z]+$/.test(arg))
      for (const letter of arg.slice(1)) for (const name of namesOf(shell, letter)) names.add(name);
    else prefix = arg;
  }
  const found = [...names].filter((name) => name.startsWith(prefix) && name !== '').sort();
  for (const name of found) await stdout.line(name);
  return found.length > 0 ? 0 : 1;
};

function namesOf(shell: Shell, kind: string): string[] {
  switch (kind) {
    case 'v':
    case 'variable':
      return shell.variableNames();
    case 'e':
    case 'export':
      return shell.variableNames().filter((name) => shell.variables.get(name)?.exported);
    case 'function':
      return [...shell.functions.keys()];
    case 'a':
    case 'alias':
      return [...shell.aliases.keys()];
    case 'b':
    case 'builtin':
      return builtinNames(true);
    case 'c':
    case 'command':
      return [...shell.functions.keys(), ...shell.aliases.keys(), ...builtinNames(true), ...appletNames];
    case 'f':
    case 'file':
    case 'd':
    case 'directory':
      return shell.sys.call('readdir', shell.cwd).names.filter((name) => kind.startsWith('f') || isFolder(shell, name));
    default:
      return [];
  }
}

function isFolder(shell: Shell, name: string): boolean {
  const stat = shell.sys.call('statOrNull', shell.resolve(name), true);
  return stat !== null && stat !== undefined && (stat.mode & S_IFMT) === S_IFDIR;
}

const logout: Builtin = async ({ shell }) => {
  await shell.complain("logout: not login shell: use `exit'");
  return 1;
};

/** `caller`, `caller N`: the line, and the function and file, that called the function that runs, or one further out. */
const caller: Builtin = async ({ shell, args, stdout }) => {
  const [names, lines, files] = ['FUNCNAME', 'BASH_LINENO', 'BASH_SOURCE'].map(
    (name) => shell.arrayOf(name)?.values() ?? [],
  );
  const level = Number(args[0] ?? 0);
  const [name, line, file] = [names?.[level + 1], lines?.[level], files?.[level + 1]];
  if (shell.callStack.length === 0 || line === undefined || (args.length > 0 && name === undefined)) return 1;
  await stdout.line(args.length === 0 ? `${line} ${file ?? 'NULL'}` : `${line} ${name} ${file}`);
  return 0;
};

const noJobControl =
  (name: string): Builtin =>
  async ({ shell }) => {
    await shell.complain(`${name}: ${name === 'suspend' ? 'cannot suspend: ' : ''}no job control`);
    return 1;
  };

const builtin: Builtin = async (call) => {
  const [name = '', ...args] = call.args;
  const found = builtinOf(call.shell, name);
  if (!found) throw new ShellError(`${name}: not a shell builtin`, 1);
  return await found({ ...call, name, args });
};

export const bashBuiltins: readonly [string, Builtin][] = [
  ['shopt', shopt],
  ['let', letBuiltin],
  ['mapfile', mapfile],
  ['readarray', mapfile],
  ...folderBuiltins,
  ['builtin', builtin],
  ['caller', caller],
  ['enable', () => 0],
  ['compgen', compgen],
  ['complete', () => 0],
  ['bind', () => 0],
  ['logout', logout],
  ['bg', noJobControl('bg')],
  ['fg', noJobControl('fg')],
  ['suspend', noJobControl('suspend')],
  // A script has no history.
  ['history', () => 0],
];
