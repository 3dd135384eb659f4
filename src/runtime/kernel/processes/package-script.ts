/** What `node --run NAME` starts: a script of the nearest package.json, in the shell. */

/** The files, as whoever looks for the script reaches them. */
export interface ScriptFiles {
  isFolder(path: string): boolean;
  /** Null where there is no such file. */
  read(path: string): string | null;
}

export interface PackageScript {
  command: string;
  /** Of the package; the script runs there. */
  folder: string;
  /** The folders `node_modules/.bin` of the working directory and of those around it. */
  binaries: string[];
}

export const SHELL = '/bin/sh';

/** Looks from the working directory outwards, as native Node not into the root folder. What is wrong is told in Node's words. */
export function findScript(files: ScriptFiles, cwd: string, name: string): PackageScript | { failure: string } {
  let folder = '';
  let text: string | null = null;
  const binaries: string[] = [];
  for (let at = cwd; at.length > 1; at = at.slice(0, at.lastIndexOf('/'))) {
    const programs = `${at}/node_modules/.bin`;
    if (files.isFolder(programs)) binaries.push(programs);
    if (text !== null) continue;
    text = files.read(`${at}/package.json`);
    folder = at;
  }
  if (text === null) return { failure: `Can't find package.json for directory ${cwd}\n` };
  const command = commandIn(text, `${folder}/package.json`, name);
  return typeof command === 'string' ? { command, folder, binaries } : command;
}

/** The script's environment. */
export function environmentOfScript(
  inherited: Iterable<readonly [string, string]>,
  { folder, binaries }: PackageScript,
  name: string,
): string[] {
  const variables = new Map(inherited);
  variables.set('PATH', [...binaries, variables.get('PATH') ?? ''].join(':'));
  variables.set('NODE_RUN_SCRIPT_NAME', name);
  variables.set('NODE_RUN_PACKAGE_JSON_PATH', `${folder}/package.json`);
  return Array.from(variables, ([key, value]) => `${key}=${value}`);
}

function commandIn(text: string, path: string, name: string): string | { failure: string } {
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    return { failure: `Can't parse ${path}\n` };
  }
  if (!isRecord(root)) return { failure: `Root value unexpected not an object for ${path}\n\n` };
  const { scripts } = root;
  if (!isRecord(scripts)) return { failure: `Can't find "scripts" field in ${path}\n` };
  const command = Object.hasOwn(scripts, name) ? scripts[name] : undefined;
  if (typeof command === 'string') return command;
  if (command !== undefined) return { failure: `Script "${name}" is unexpectedly not a string for ${path}\n\n` };
  const known = Object.entries(scripts).map(([key, value]) =>
    typeof value === 'string' ? `  ${key}: ${value}\n` : '',
  );
  return { failure: `Missing script: "${name}" for ${path}\n\nAvailable scripts are:\n${known.join('')}` };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
