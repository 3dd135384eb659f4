/** Builtins that only bash has: shopt let mapfile pushd popd dirs builtin hash. */

import { ShellError } from '../errors.ts';
import { evaluateText } from '../expansion/expand.ts';
import { Reader } from '../streams.ts';
import { ShellArray } from '../variables/arrays.ts';
import type { Builtin } from './builtin.ts';
import { builtinOf, builtins } from './index.ts';

const SHOPTS = new Set(
  'autocd cdspell checkhash checkjobs checkwinsize cmdhist compat31 complete_fullquote direxpand dirspell dotglob execfail expand_aliases extdebug extglob extquote failglob force_fignore globasciiranges globskipdots globstar gnu_errfmt histappend histreedit histverify hostcomplete huponexit inherit_errexit interactive_comments lastpipe lithist localvar_inherit localvar_unset login_shell mailwarn no_empty_cmd_completion nocaseglob nocasematch nullglob patsub_replacement progcomp promptvars restricted_shell shift_verbose sourcepath varredir_close xpg_echo'.split(
    ' ',
  ),
);

const shopt: Builtin = async ({ shell, args, stdout }) => {
  const letters = args.filter((arg) => arg.startsWith('-')).join('');
  const names = args.filter((arg) => !arg.startsWith('-'));
  let status = 0;
  for (const name of names.length > 0 ? names : SHOPTS) {
    if (!SHOPTS.has(name)) {
      await shell.complain(`shopt: ${name}: invalid shell option name`);
      status = 1;
    } else if (letters.includes('s') && names.length > 0) shell.shopts.add(name);
    else if (letters.includes('u') && names.length > 0) shell.shopts.delete(name);
    else {
      const on = shell.shopts.has(name);
      if (!on && names.length > 0) status = 1;
      if (!letters.includes('q')) await stdout.line(`${name.padEnd(15)}\t${on ? 'on' : 'off'}`);
    }
  }
  return status;
};

const letBuiltin: Builtin = async ({ shell, args }) => {
  if (args.length === 0) throw new ShellError('expression expected', 1);
  let value = '0';
  for (const arg of args) value = await evaluateText(shell, arg);
  return value === '0' ? 1 : 0;
};

const mapfile: Builtin = async ({ shell, args }) => {
  let trim = false;
  let most = Number.POSITIVE_INFINITY;
  let skipped = 0;
  let delimiter = '\n';
  const names: string[] = [];
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] ?? '';
    if (arg === '-t') trim = true;
    else if (arg === '-n') most = Number(args[++i]) || Number.POSITIVE_INFINITY;
    else if (arg === '-s') skipped = Number(args[++i]);
    else if (arg === '-d') delimiter = args[++i]?.slice(0, 1) || '\0';
    else names.push(arg);
  }
  const text = new TextDecoder().decode(await new Reader(shell.descriptors.get(0)).bytes());
  const parts = text.split(delimiter);
  const last = parts.pop();
  const lines = parts.map((part) => (trim ? part : part + delimiter));
  if (last) lines.push(last);
  shell.setArray(names[0] ?? 'MAPFILE', ShellArray.of(lines.slice(skipped, skipped + most)));
  return 0;
};

const cdTo = async (call: Parameters<Builtin>[0], folder: string): Promise<number> => {
  const cd = builtins.get('cd');
  return cd ? await cd({ ...call, name: 'cd', args: [folder] }) : 1;
};

const pushd: Builtin = async (call) => {
  const { shell, args } = call;
  const here = shell.cwd;
  const target = args[0] ?? shell.folders[0];
  if (target === undefined) throw new ShellError('no other directory', 1);
  const status = await cdTo(call, target);
  if (status !== 0) return status;
  shell.folders = args[0] === undefined ? [here, ...shell.folders.slice(1)] : [here, ...shell.folders];
  return await dirs({ ...call, args: [] });
};

const popd: Builtin = async (call) => {
  const [next, ...rest] = call.shell.folders;
  if (next === undefined) throw new ShellError('directory stack empty', 1);
  const status = await cdTo(call, next);
  if (status !== 0) return status;
  call.shell.folders = rest;
  return await dirs({ ...call, args: [] });
};

const dirs: Builtin = async ({ shell, args, stdout }) => {
  if (args[0] === '-c') shell.folders = [];
  const home = shell.getVariable('HOME');
  const short = (folder: string) =>
    home && (folder === home || folder.startsWith(`${home}/`)) ? `~${folder.slice(home.length)}` : folder;
  if (args[0] !== '-c') await stdout.line([shell.cwd, ...shell.folders].map(short).join(' '));
  return 0;
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
  ['pushd', pushd],
  ['popd', popd],
  ['dirs', dirs],
  ['builtin', builtin],
  ['enable', () => 0],
  ['disown', () => 0],
];
