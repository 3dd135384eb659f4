/** Parameters that bash computes when they are asked for. */

import { SHOPTS } from '../bash-options.ts';
import { nextVirtualPid } from '../jobs/job.ts';
import { printCommand } from '../print-bash.ts';
import type { Shell } from '../shell.ts';
import { ShellArray } from './arrays.ts';

const BASH_VERSION = '5.2.15(1)-release';

/** Those that are always set. */
export const BASH_NAMES: readonly string[] =
  'BASH BASHOPTS BASHPID BASH_SUBSHELL BASH_VERSINFO BASH_VERSION DIRSTACK EPOCHREALTIME EPOCHSECONDS EUID GROUPS HOSTNAME HOSTTYPE LINENO MACHTYPE OSTYPE PIPESTATUS RANDOM SECONDS SHELLOPTS SRANDOM UID'.split(
    ' ',
  );

/** Undefined for any other name. */
export function bashParameter(shell: Shell, name: string): string | undefined {
  switch (name) {
    case 'RANDOM':
      return String(shell.random.next());
    case 'SRANDOM':
      return String(Math.floor(Math.random() * 2 ** 32));
    case 'SECONDS':
      return String(shell.seconds.value + Math.floor((Date.now() - shell.seconds.atMs) / 1000));
    case 'EPOCHSECONDS':
      return String(Math.floor(Date.now() / 1000));
    case 'EPOCHREALTIME':
      return `${(Date.now() / 1000).toFixed(6)}`;
    case 'BASHPID':
      if (shell.subshellDepth > 0) shell.ownPid ??= nextVirtualPid();
      return String(shell.ownPid ?? shell.world.pid);
    case 'BASH_SUBSHELL':
      return String(shell.subshellDepth);
    case 'UID':
    case 'EUID':
      return '0';
    case 'HOSTTYPE':
      return 'x86_64';
    case 'OSTYPE':
      return 'linux-gnu';
    case 'MACHTYPE':
      return 'x86_64-pc-linux-gnu';
    case 'HOSTNAME':
      return 'fixpoint';
    case 'BASH':
      return '/usr/bin/bash';
    case 'BASH_VERSION':
      return BASH_VERSION;
    case 'BASH_COMMAND':
      return shell.command ? printCommand(shell.command.node, shell.command.source) : '';
    case 'BASH_EXECUTION_STRING':
      return shell.fromCommandLine ? shell.main.source : undefined;
    case 'SHELLOPTS':
      return shell.longOptions().join(':');
    case 'BASHOPTS':
      return SHOPTS.filter((option) => shell.shopts.has(option)).join(':');
    case '_':
      return shell.lastWord ?? '';
    case 'FUNCNAME':
    case 'BASH_SOURCE':
    case 'BASH_LINENO':
      return bashArray(shell, name)?.get('0');
    case 'BASH_VERSINFO':
      return '5';
    case 'DIRSTACK':
    case 'GROUPS':
      return bashArray(shell, name)?.get('0');
    default:
      return undefined;
  }
}

/** Assignments to parameters that go on to change by themselves. False for any other name. */
export function setComputed(shell: Shell, name: string, value: string): boolean {
  const number = Number.parseInt(value, 10) || 0;
  if (name === 'RANDOM') shell.random.seed(number);
  else if (name === 'SECONDS') shell.seconds = { value: number, atMs: Date.now() };
  else return false;
  return true;
}

/** Undefined for any other name. */
export function bashArray(shell: Shell, name: string): ShellArray | undefined {
  switch (name) {
    case 'PIPESTATUS':
      return ShellArray.of(shell.pipeStatus.map(String));
    case 'FUNCNAME': {
      if (!shell.inFunction) return undefined;
      const names = shell.callStack.map((call) => call.name).reverse();
      return ShellArray.of(shell.mainScript === undefined ? names : [...names, 'main']);
    }
    case 'BASH_SOURCE': {
      const files = shell.callStack.map((call) => call.file ?? 'environment').reverse();
      return ShellArray.of(shell.mainScript === undefined ? files : [...files, shell.mainScript]);
    }
    case 'BASH_LINENO': {
      const lines = shell.callStack.map((call) => String(call.line)).reverse();
      return ShellArray.of(shell.mainScript === undefined ? lines : [...lines, '0']);
    }
    case 'BASH_VERSINFO':
      return ShellArray.of(['5', '2', '15', '1', 'release', 'x86_64-pc-linux-gnu']);
    case 'DIRSTACK':
      return ShellArray.of([shell.cwd, ...shell.folders]);
    case 'GROUPS':
      return ShellArray.of(['0']);
    default:
      return undefined;
  }
}
