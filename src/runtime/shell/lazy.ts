/**
 * Utilities that few commands need: their code is an optional part of the runtime, loaded when the first of them is called.
 * A part is a module of the folder `parts` that exports `utilities`.
 */
import type { Sys } from '../process/system-calls/sys.ts';
import type { Utility } from './utility.ts';

export interface UtilityPart {
  utilities: Readonly<Record<string, Utility>>;
}

export type PartName = 'text' | 'files' | 'git' | 'http' | 'jq' | 'search';

/** Gets a part's exports; set by whoever starts the shell, as it depends on where the code runs. */
export type PartLoader = (name: PartName, sys: Sys) => Promise<UtilityPart>;

let loader: PartLoader | undefined;
const loaded = new Map<PartName, Promise<UtilityPart>>();

export function setPartLoader(load: PartLoader): void {
  loader = load;
}

/** The bytes of a binary that a part works with. */
export async function loadBinary(name: string, sys: Sys): Promise<Uint8Array> {
  return new Uint8Array(await sys.callAsync('runtimePart', name));
}

/** What a script among the parts exports. */
export async function loadScript(name: string, sys: Sys): Promise<unknown> {
  const script = new TextDecoder().decode(await loadBinary(name, sys));
  // The kernel hands out the runtime's own files only.
  return new Function(`${script}\nreturn part;\n//# sourceURL=fixpoint:${name.replace('.js', '')}`)();
}

/** The utility of that name in a part. */
export function lazy(part: PartName, name: string): Utility {
  return async (context) => {
    if (!loader) throw new Error('no loader of optional parts');
    let loading = loaded.get(part);
    if (!loading) {
      loading = loader(part, context.sys);
      loading.catch(() => loaded.delete(part));
      loaded.set(part, loading);
    }
    const utility = (await loading).utilities[name];
    if (!utility) throw new Error(`no ${name} in the part ${part}`);
    return await utility(context);
  };
}

/** Names of utilities by the part that holds them. */
export const partUtilities: Readonly<Record<PartName, readonly string[]>> = {
  text: [
    'arch',
    'awk',
    'b2sum',
    'base32',
    'base64',
    'bc',
    'chgrp',
    'chown',
    'cksum',
    'column',
    'comm',
    'csplit',
    'dd',
    'df',
    'diff',
    'envsubst',
    'expand',
    'factor',
    'fallocate',
    'file',
    'flock',
    'fmt',
    'fold',
    'gawk',
    'free',
    'getconf',
    'getent',
    'getopt',
    'groups',
    'hd',
    'hexdump',
    'iconv',
    'id',
    'install',
    'ionice',
    'join',
    'killall',
    'less',
    'link',
    'locale',
    'logname',
    'mawk',
    'mkfifo',
    'more',
    'nice',
    'nl',
    'nohup',
    'numfmt',
    'od',
    'paste',
    'patch',
    'pathchk',
    'pgrep',
    'pidof',
    'pkill',
    'pr',
    'printenv',
    'ps',
    'rev',
    'sdiff',
    'setsid',
    'sha224sum',
    'sha384sum',
    'sha512sum',
    'shuf',
    'split',
    'stdbuf',
    'strings',
    'stty',
    'sum',
    'sync',
    'tac',
    'tput',
    'tree',
    'truncate',
    'tsort',
    'tty',
    'unexpand',
    'unlink',
    'uptime',
    'watch',
    'xxd',
  ],
  files: ['gunzip', 'gzip', 'rsync', 'tar', 'unzip', 'zcat', 'zgrep', 'zip', 'zipinfo'],
  git: ['git'],
  http: ['curl', 'fuser', 'lsof', 'nc', 'ss', 'wget'],
  jq: ['jq'],
  search: ['rg'],
};
