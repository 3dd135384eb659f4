import type { ProcessCore } from './core.ts';
import { writeToStderr } from './failures/fatal.ts';

/** `node --run NAME`: a script of the nearest package.json, in the shell. Returns its exit code. */
export function runPackageScript(core: ProcessCore, name: string): number {
  const found = findPackage(core);
  if (found === null) {
    writeToStderr(core, `Can't find package.json for directory ${core.sys.call('getcwd')}\n`);
    return 1;
  }
  const command = found.scripts[name];
  if (typeof command !== 'string') {
    const known = Object.entries(found.scripts).map(([key, value]) => `  ${key}: ${String(value)}\n`);
    writeToStderr(
      core,
      `Missing script: "${name}" for ${found.folder}/package.json\n\nAvailable scripts are:\n${known.join('')}`,
    );
    return 1;
  }
  const { argv } = core.commandLine ?? { argv: [] };
  const path = `${found.folder}/node_modules/.bin:${core.environment.variables.PATH ?? ''}`;
  const environment = {
    ...core.environment.variables,
    PATH: path,
    NODE_RUN_SCRIPT_NAME: name,
    NODE_RUN_PACKAGE_JSON_PATH: `${found.folder}/package.json`,
  };
  const given = core.launch.argv.includes('--') ? argv.slice(1) : [];
  const words = [command, ...given.map((word) => `'${word.replaceAll("'", `'\\''`)}'`)];
  const pid = core.sys.call('spawn', {
    file: '/bin/sh',
    argv: ['/bin/sh', '-c', words.join(' ')],
    env: Object.entries(environment).map(([key, value]) => `${key}=${value}`),
    cwd: found.folder,
    stdio: [0, 1, 2],
  });
  const status = core.sys.call('wait', pid);
  // Node tells of its failure, not with which code it failed.
  return status.exitCode === 0 ? 0 : 1;
}

interface FoundPackage {
  folder: string;
  scripts: Record<string, unknown>;
}

function findPackage(core: ProcessCore): FoundPackage | null {
  for (let folder = core.sys.call('getcwd'); ; folder = folder.slice(0, folder.lastIndexOf('/'))) {
    const path = `${folder === '/' ? '' : folder}/package.json`;
    if (core.sys.call('statOrNull', path, true) !== null) {
      const text = new core.host.TextDecoder().decode(core.sys.call('readFile', path));
      const { scripts = {} } = JSON.parse(text) as { scripts?: Record<string, unknown> };
      return { folder, scripts };
    }
    if (folder === '' || folder === '/') return null;
  }
}
