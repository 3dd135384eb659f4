/** git config. */
import { resolvePath } from '../../paths.ts';
import type { GitCommand } from '../call.ts';
import { type GitOptions, lastOf, readOptions } from '../command-line.ts';
import {
  addConfig,
  changeConfig,
  configFiles,
  globalConfigFile,
  normalizeKey,
  readConfig,
  renameSection,
  settingsOfCall,
} from '../config-file.ts';
import { GitError } from '../git-error.ts';

export const config: GitCommand = async (call) => {
  const options = readOptions(call.args, {
    flags:
      'global local system l list get get-all get-regexp unset unset-all add replace-all z null show-origin name-only bool int e edit remove-section rename-section',
    values: 'f file type default',
    aliases: { l: 'list', f: 'file', z: 'null' },
  });
  const { context } = call;
  const { flags } = options;
  const own = () => `${call.repository().commonDir}/config`;
  const file =
    lastOf(options, 'file') ??
    (flags.has('global') ? globalConfigFile(context) : flags.has('system') ? '/etc/gitconfig' : undefined);
  const gitdir = () => {
    try {
      return call.repository().commonDir;
    } catch (error) {
      if (error instanceof GitError) return undefined;
      throw error;
    }
  };
  const anywhere = file === undefined && !flags.has('local');
  const files = file !== undefined ? [file] : flags.has('local') ? [own()] : configFiles(context, gitdir());
  if (flags.has('rename-section') || flags.has('remove-section')) {
    const [from = '', to] = options.words;
    const target = file ?? own();
    if (!readConfig(context, [target]).some(({ key }) => key.startsWith(`${from}.`)))
      throw new GitError(`no such section: ${from}`);
    renameSection(context, target, from, flags.has('remove-section') ? undefined : to);
    return 0;
  }
  const end = flags.has('null') ? '\0' : '\n';
  const origins = () => [
    ...files.flatMap((name) =>
      readConfig(context, [name]).map((entry) => ({ ...entry, origin: `file:${shown(name)}` })),
    ),
    ...(anywhere ? settingsOfCall(context).map((entry) => ({ ...entry, origin: 'command line:' })) : []),
  ];
  const shown = (name: string) => (name.startsWith(`${call.cwd}/`) ? name.slice(call.cwd.length + 1) : name);
  const from = (origin: string) => (flags.has('show-origin') ? `${origin}${flags.has('null') ? '\0' : '\t'}` : '');
  if (flags.has('list')) {
    const given = lastOf(options, 'file');
    if (given !== undefined && !context.sys.call('statOrNull', resolvePath(call.cwd, given), true))
      throw new GitError(`unable to read config file '${given}': No such file or directory`);
    for (const { key, value, origin } of origins()) {
      const text = flags.has('null') ? `${key}\n${value}` : `${key}=${value}`;
      await call.print(`${from(origin)}${flags.has('name-only') ? key : text}${end}`);
    }
    return 0;
  }
  // git 2.46 and later have words for what were options.
  const [first, ...rest] = options.words;
  const verb =
    first !== undefined && ['get', 'set', 'unset', 'list'].includes(first) && !first.includes('.') ? first : undefined;
  const [key, value] = verb === undefined ? options.words : rest;
  if (key === undefined) throw new GitError('usage: git config [<options>]', 129, '', 'none');
  const matches = origins().filter((entry) =>
    flags.has('get-regexp') ? new RegExp(key, 'u').test(entry.key) : entry.key === normalizeKey(key),
  );
  if (flags.has('get-regexp')) {
    for (const { key: name, value: text, origin } of matches)
      await call.print(`${from(origin)}${flags.has('name-only') ? name : `${name} ${text}`}${end}`);
    return matches.length > 0 ? 0 : 1;
  }
  if (!key.includes('.'))
    throw new GitError(`key does not contain a section: ${key}`, value === undefined ? 1 : 2, '', 'error');
  const target = file ?? (flags.has('unset') || flags.has('unset-all') || value !== undefined ? own() : '');
  if (flags.has('unset') || flags.has('unset-all') || verb === 'unset')
    return changeConfig(context, target, key, undefined) ? 0 : 5;
  if (value !== undefined) {
    const text = typed(options, key, value);
    if (flags.has('add')) {
      addConfig(context, target, key, text);
      return 0;
    }
    const several = readConfig(context, [target]).filter((entry) => entry.key === normalizeKey(key)).length > 1;
    if (several && !flags.has('replace-all')) {
      await call.warn(
        `warning: ${key} has multiple values\nerror: cannot overwrite multiple values with a single value\n       Use a regexp, --add or --replace-all to change ${key}.\n`,
      );
      return 5;
    }
    while (several && changeConfig(context, target, key, undefined));
    changeConfig(context, target, key, text);
    return 0;
  }
  const fallback = lastOf(options, 'default');
  const found = matches.length > 0 || fallback === undefined ? matches : [{ value: fallback, origin: 'command line:' }];
  if (found.length === 0) return 1;
  for (const { value: text, origin } of flags.has('get-all') ? found : found.slice(-1))
    await call.print(`${from(origin)}${typed(options, key, text, ` in ${origin.replace(':', ' ')}`)}${end}`);
  return 0;
};

const POWERS: Readonly<Record<string, number>> = { k: 1, m: 2, g: 3 };

/** A value as `--bool`, `--int` or `--type` has it. Throws {@link GitError} for one that is none. */
function typed(options: GitOptions, key: string, value: string, where = ''): string {
  const type = lastOf(options, 'type') ?? ['bool', 'int'].find((name) => options.flags.has(name));
  if (type === 'bool') {
    if (/^(true|yes|on|0*[1-9]\d*)$/i.test(value)) return 'true';
    if (/^(false|no|off|0+|)$/i.test(value)) return 'false';
    throw new GitError(`bad boolean config value '${value}' for '${normalizeKey(key)}'`);
  }
  if (type !== 'int') return value;
  const [, digits, unit] = /^\s*([-+]?\d+)([kmg]?)$/i.exec(value) ?? [];
  if (digits === undefined)
    throw new GitError(`bad numeric config value '${value}' for '${normalizeKey(key)}'${where}: invalid unit`);
  return String(Number(digits) * 1024 ** (POWERS[(unit ?? '').toLowerCase()] ?? 0));
}
