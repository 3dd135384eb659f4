import { S_IFDIR, S_IFMT } from '../kernel/file-modes.ts';
import { environmentOfScript, findScript, type ScriptFiles, SHELL } from '../kernel/processes/package-script.ts';
import type { ProcessCore } from './core.ts';
import { writeToStderr } from './failures/fatal.ts';

/**
 * `node --run NAME`: a script of the nearest package.json, in the shell. Returns its exit code. (Where there is no more to it, the kernel
 * has started the script already: `kernel/processes/resolve-start.ts`.)
 */
export function runPackageScript(core: ProcessCore, name: string): number {
  const found = findScript(filesOf(core), core.sys.call('getcwd'), name);
  if ('failure' in found) {
    writeToStderr(core, found.failure);
    return 1;
  }
  const { argv } = core.commandLine ?? { argv: [] };
  const given = core.launch.argv.includes('--') ? argv.slice(1) : [];
  const words = [found.command, ...given.map((word) => `'${word.replaceAll("'", `'\\''`)}'`)];
  const pid = core.sys.call('spawn', {
    file: SHELL,
    argv: [SHELL, '-c', words.join(' ')],
    env: environmentOfScript(Object.entries(core.environment.variables), found, name),
    cwd: found.folder,
    stdio: [0, 1, 2],
  });
  const status = core.sys.call('wait', pid);
  // Node tells of its failure, not with which code it failed.
  return status.exitCode === 0 ? 0 : 1;
}

function filesOf({ sys, host }: ProcessCore): ScriptFiles {
  return {
    isFolder(path) {
      const stat = sys.call('statOrNull', path, true);
      return stat !== null && (stat.mode & S_IFMT) === S_IFDIR;
    },
    read: (path) =>
      sys.call('statOrNull', path, true) === null ? null : new host.TextDecoder().decode(sys.call('readFile', path)),
  };
}
