import type { Shell, ShellStart } from '../shell.ts';
import { importFunctions } from './exported-functions.ts';

/** What every shell begins with, whatever its environment says. */
const DEFAULTS = { OPTIND: '1', IFS: ' \t\n', PS1: '$ ', PS2: '> ', PS4: '+ ' };

/** Gives a shell that starts the variables of its environment, and its own. */
export function setInitialVariables(shell: Shell, { env, cwd, ppid, bash }: ShellStart): void {
  const set = (name: string, value: string, exported: boolean): void => {
    shell.variables.set(name, { value, exported, readOnly: false });
  };
  for (const [name, value] of env) {
    if (/^[A-Za-z_]\w*$/.test(name) && !(bash && name === '_')) set(name, value, true);
  }
  set('PWD', cwd, true);
  if (bash) {
    set('SHLVL', String(Number(shell.variables.get('SHLVL')?.value ?? '0') + 1), true);
    importFunctions(shell, env);
  }
  set('PPID', String(ppid), false);
  for (const [name, value] of Object.entries(DEFAULTS)) set(name, value, false);
}
