/** Parameters that bash computes when they are asked for. */

import { nextVirtualPid } from '../jobs/job.ts';
import { printCommand } from '../print-bash.ts';
import type { Shell } from '../shell.ts';
import { ShellArray } from './arrays.ts';

const BASH_VERSION = '5.2.15(1)-release';

/** Those that are always set. */
export const BASH_NAMES: readonly string[] =
  'BASH BASHPID BASH_SUBSHELL BASH_VERSINFO BASH_VERSION DIRSTACK EPOCHREALTIME EPOCHSECONDS EUID GROUPS HOSTNAME HOSTTYPE LINENO MACHTYPE OSTYPE PIPESTATUS RANDOM SECONDS SHELLOPTS SRANDOM UID'.split(
    ' ',
  );

/** Undefined for any other name. */
export function bashParameter(shell: Shell, name: string): string | undefined {
  switch (name) {
    case 'RANDOM':
      return String(Math.floor(Math.random() * 32768));
    case 'SRANDOM':
      return String(Math.floor(Math.random() * 2 ** 32));
    case 'SECONDS':
      return String(Math.floor((Date.now() - shell.world.startedMs) / 1000));
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
    case 'FUNCNAME':
      return shell.callStack.at(-1)?.name;
    case 'BASH_SOURCE':
      return shell.callStack.at(-1)?.file ?? shell.scriptName;
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

/** Undefined for any other name. */
export function bashArray(shell: Shell, name: string): ShellArray | undefined {
  switch (name) {
    case 'PIPESTATUS':
      return ShellArray.of(shell.pipeStatus.map(String));
    case 'FUNCNAME': {
      const names = shell.callStack.map((call) => call.name).reverse();
      return names.length === 0
        ? undefined
        : ShellArray.of(shell.scriptName === undefined ? names : [...names, 'main']);
    }
    case 'BASH_SOURCE': {
      const files = shell.callStack.map((call) => call.file ?? 'environment').reverse();
      return ShellArray.of(shell.scriptName === undefined ? files : [...files, shell.scriptName]);
    }
    case 'BASH_LINENO': {
      const lines = shell.callStack.map((call) => String(call.line)).reverse();
      return ShellArray.of(shell.scriptName === undefined ? lines : [...lines, '0']);
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
