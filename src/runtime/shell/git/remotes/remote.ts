/** The remotes of a repository, and the repositories behind them: those that lie in the sandbox's file system. */
import { resolvePath } from '../../paths.ts';
import type { GitCall } from '../call.ts';
import { readConfig } from '../config-file.ts';
import { GitError } from '../git-error.ts';
import { Repository } from '../repository.ts';
import { parseRefspec, type Refspec } from './refspec.ts';

export interface Remote {
  /** As on the command line: a name of the configuration, or an address. */
  name: string;
  url: string;
  pushUrl: string;
  /** None of an address that was given in place of a name. */
  fetch: readonly Refspec[];
  isConfigured: boolean;
}

/** In the order of the configuration. */
export function remotesOf(repository: Repository): Remote[] {
  const entries = readConfig(repository.context, [`${repository.commonDir}/config`]);
  const values = (key: string) => entries.filter((entry) => entry.key === key).map(({ value }) => value);
  const names = entries.flatMap(({ key }) => /^remote\.(.*)\.(?:url|fetch)$/.exec(key)?.[1] ?? []);
  return [...new Set(names)].map((name) => {
    const url = values(`remote.${name}.url`)[0] ?? name;
    return {
      name,
      url,
      pushUrl: values(`remote.${name}.pushurl`)[0] ?? url,
      fetch: values(`remote.${name}.fetch`).map(parseRefspec),
      isConfigured: true,
    };
  });
}

/** The remote of this name, or the address itself. */
export function remoteNamed(repository: Repository, name: string): Remote {
  const known = remotesOf(repository).find((remote) => remote.name === name);
  return known ?? { name, url: name, pushUrl: name, fetch: [], isConfigured: false };
}

/** What git takes when none is named: that of the branch, the only one, else `origin`. */
export async function defaultRemote(repository: Repository): Promise<string> {
  const branch = repository.branch();
  const configured = branch === undefined ? undefined : await repository.config(`branch.${branch}.remote`);
  if (configured !== undefined) return configured;
  const [only, ...others] = remotesOf(repository);
  return only && others.length === 0 ? only.name : 'origin';
}

/** The repository at an address: a folder, with or without `.git`, or `file://`. Throws {@link GitError}. */
export function openRemote(call: GitCall, url: string, base: string): Repository {
  const found = findRemote(call, url, base);
  if (found) return found;
  throw new GitError(
    'Could not read from remote repository.\n\nPlease make sure you have the correct access rights\nand the repository exists.',
    128,
    `fatal: '${url.replace(/^file:\/\//, '')}' does not appear to be a git repository\n`,
  );
}

/** As {@link openRemote}; undefined when there is none. Throws {@link GitError} for what would need a network. */
export function findRemote(call: GitCall, url: string, base: string): Repository | undefined {
  refuseNetwork(url);
  if (url === '.') return call.repository();
  const path = resolvePath(base, url.replace(/^file:\/\//, ''));
  for (const place of [`${path}/.git`, path, `${path}.git/.git`, `${path}.git`]) {
    const found = Repository.at(call.context, place);
    if (found) return found;
  }
  return undefined;
}

function refuseNetwork(url: string): void {
  const host =
    /^(?:https?|ssh|git|ftps?):\/\/(?:[^@/]*@)?([^/:]+)/.exec(url)?.[1] ?? /^[\w.-]+@([^:/]+):/.exec(url)?.[1];
  if (host === undefined) return;
  throw new GitError(
    `unable to access '${url}': Could not resolve host: ${host} (the sandbox has no network yet: git reaches repositories on local paths alone)`,
  );
}

/** An address as git tells it: without what it may lack. */
export function shownUrl(url: string): string {
  return url.replace(/\/+$/, '').replace(/(?<=[^/])\.git$/, '');
}
