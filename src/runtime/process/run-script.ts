import { S_IFDIR, S_IFMT } from '../kernel/file-modes.ts';
import type { Stat } from '../kernel/syscalls.ts';
import type { ProcessCore } from './core.ts';
import { isObject } from './engine/is-object.ts';
import { writeToStderr } from './failures/fatal.ts';

/** `node --run NAME`: a script of the nearest package.json, in the shell. Returns its exit code. */
export function runPackageScript(core: ProcessCore, name: string): number {
  const found = findPackage(core);
  if (found === null) {
    writeToStderr(core, `Can't find package.json for directory ${core.sys.call('getcwd')}\n`);
    return 1;
  }
  const command = scriptOf(found, name);
  if (typeof command !== 'string') {
    writeToStderr(core, command.failure);
    return 1;
  }
  const { argv } = core.commandLine ?? { argv: [] };
  const path = [...found.binaries, core.environment.variables.PATH ?? ''].join(':');
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
  text: string;
  /** The folders `node_modules/.bin` of the working directory and of those around it. */
  binaries: string[];
}

/** The script's command, or what is wrong. */
function scriptOf({ folder, text }: FoundPackage, name: string): string | { failure: string } {
  const path = `${folder}/package.json`;
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    return { failure: `Can't parse ${path}\n` };
  }
  if (!isRecord(root)) return { failure: `Root value unexpected not an object for ${path}\n\n` };
  const { scripts } = root;
  if (!isRecord(scripts)) return { failure: `Can't find "scripts" field in ${path}\n` };
  const command = scripts[name];
  if (typeof command === 'string') return command;
  if (command !== undefined) return { failure: `Script "${name}" is unexpectedly not a string for ${path}\n\n` };
  const known = Object.entries(scripts).map(([key, value]) =>
    typeof value === 'string' ? `  ${key}: ${value}\n` : '',
  );
  return { failure: `Missing script: "${name}" for ${path}\n\nAvailable scripts are:\n${known.join('')}` };
}

const isRecord = (value: unknown): value is Record<string, unknown> => isObject(value) && !Array.isArray(value);

/** As native Node it does not look into the root folder. */
function findPackage(core: ProcessCore): FoundPackage | null {
  let found: Omit<FoundPackage, 'binaries'> | null = null;
  const binaries: string[] = [];
  for (let folder = core.sys.call('getcwd'); folder.length > 1; folder = folder.slice(0, folder.lastIndexOf('/'))) {
    const programs = `${folder}/node_modules/.bin`;
    if (isFolder(core.sys.call('statOrNull', programs, true))) binaries.push(programs);
    const path = `${folder}/package.json`;
    if (found === null && core.sys.call('statOrNull', path, true) !== null) {
      const text = new core.host.TextDecoder().decode(core.sys.call('readFile', path));
      found = { folder, text };
    }
  }
  return found && { ...found, binaries };
}

const isFolder = (stat: Stat | null): boolean => stat !== null && (stat.mode & S_IFMT) === S_IFDIR;
