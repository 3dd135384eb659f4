/** git config. */
import type { GitCommand } from '../call.ts';
import { lastOf, readOptions } from '../command-line.ts';
import {
  addConfig,
  changeConfig,
  configFiles,
  globalConfigFile,
  normalizeKey,
  readConfig,
  settingsOfCall,
} from '../config-file.ts';
import { GitError } from '../git-error.ts';

export const config: GitCommand = async (call) => {
  const options = readOptions(call.args, {
    flags:
      'global local system l list get get-all get-regexp unset unset-all add replace-all z null show-origin name-only bool int e edit remove-section',
    values: 'f file type default',
    aliases: { l: 'list', f: 'file' },
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
  if (flags.has('list')) {
    for (const { key, value } of [...readConfig(context, files), ...(anywhere ? settingsOfCall(context) : [])])
      await call.print(flags.has('name-only') ? `${key}\n` : `${key}=${value}\n`);
    return 0;
  }
  // git 2.46 and later have words for what were options.
  const [first, ...rest] = options.words;
  const verb =
    first !== undefined && ['get', 'set', 'unset', 'list'].includes(first) && !first.includes('.') ? first : undefined;
  const [key, value] = verb === undefined ? options.words : rest;
  if (key === undefined) throw new GitError('usage: git config [<options>]', 129, '', 'none');
  const matches = [...readConfig(context, files), ...(anywhere ? settingsOfCall(context) : [])].filter((entry) =>
    flags.has('get-regexp') ? new RegExp(key, 'u').test(entry.key) : entry.key === normalizeKey(key),
  );
  if (flags.has('get-regexp')) {
    for (const entry of matches) await call.print(`${entry.key} ${entry.value}\n`);
    return matches.length > 0 ? 0 : 1;
  }
  if (!key.includes('.'))
    throw new GitError(`key does not contain a section: ${key}`, value === undefined ? 1 : 2, '', 'error');
  const target = file ?? (flags.has('unset') || flags.has('unset-all') || value !== undefined ? own() : '');
  if (flags.has('unset') || flags.has('unset-all') || verb === 'unset')
    return changeConfig(context, target, key, undefined) ? 0 : 5;
  if (value !== undefined) {
    if (flags.has('add')) addConfig(context, target, key, value);
    else changeConfig(context, target, key, value);
    return 0;
  }
  const found = matches.at(-1)?.value ?? lastOf(options, 'default');
  if (found === undefined) return 1;
  await call.print(flags.has('get-all') ? matches.map((entry) => `${entry.value}\n`).join('') : `${found}\n`);
  return 0;
};
