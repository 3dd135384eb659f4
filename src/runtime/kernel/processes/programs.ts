/** From the name of a program to the image that runs it: PATH, scripts with `#!`, and the built-in programs. */
import { checkAccess } from '../file-system/attributes.ts';
import { FileInode } from '../file-system/inode.ts';
import { find, type Place, realPath } from '../file-system/lookup.ts';
import { IMAGE_MAGIC, type ProgramImage } from '../launch.ts';
import { SystemError } from '../syscalls.ts';

export interface Program {
  image: ProgramImage;
  argv: string[];
  /** Absolute path of the built-in program. */
  execPath: string;
}

/** Where programs are looked for when the environment does not say. */
export const DEFAULT_PATH = '/usr/local/bin:/usr/bin:/bin';
const FIRST_LINE = 256;
const SHELL = '/bin/sh';
const ELF = [0x7f, 0x45, 0x4c, 0x46];
const MAX_INTERPRETERS = 5;
const decoder = new TextDecoder();

/** PATH of an environment. */
export function pathIn(env: readonly string[]): string {
  const entry = env.find((variable) => variable.startsWith('PATH='));
  return entry === undefined ? DEFAULT_PATH : entry.slice('PATH='.length);
}

/** ENOENT, EACCES, ENOEXEC or ELOOP when it cannot be started. What is no program for the system is a script of sh, as for `execvp`. */
export function resolveProgram(place: Place, file: string, argv: readonly string[], path: string): Program {
  const found = searchPath(place, file, path);
  try {
    return resolveAt(place, found, { argv: [...argv], path, depth: 0 });
  } catch (error) {
    if (!(error instanceof SystemError) || error.code !== 'ENOEXEC' || !isText(executableAt(place, found))) throw error;
    return resolveAt(place, SHELL, { argv: [SHELL, found, ...argv.slice(1)], path, depth: 0 });
  }
}

interface Resolution {
  argv: string[];
  path: string;
  depth: number;
}

function resolveAt(place: Place, file: string, { argv, path, depth }: Resolution): Program {
  if (depth > MAX_INTERPRETERS) throw new SystemError('ELOOP');
  const line = firstLine(executableAt(place, file));
  if (line.startsWith(IMAGE_MAGIC)) {
    const image = line.slice(IMAGE_MAGIC.length).trim();
    if (image !== 'node' && image !== 'shell') throw new SystemError('ENOEXEC');
    return { image, argv, execPath: realPath(place, file) };
  }
  if (!line.startsWith('#!')) throw new SystemError('ENOEXEC');
  const interpreter = parseInterpreter(place, line.slice(2).trim(), path);
  const next = [...interpreter, file, ...argv.slice(1)];
  return resolveAt(place, interpreter[0] ?? '', { argv: next, path, depth: depth + 1 });
}

/** The interpreter's path and its argument. `/usr/bin/env NAME` is looked up here, which saves a process; env itself tells what it does not find. */
function parseInterpreter(place: Place, line: string, path: string): string[] {
  const [interpreter = '', ...rest] = line.split(/[ \t]+/);
  if (interpreter === '') throw new SystemError('ENOEXEC');
  const argument = rest.join(' ');
  if (!/^\/(usr\/)?bin\/env$/.test(interpreter)) return argument === '' ? [interpreter] : [interpreter, argument];
  const [first, ...more] = rest[0] === '-S' ? rest.slice(1) : [argument];
  if (!first || first.includes('=') || first.startsWith('-')) return [interpreter, argument];
  try {
    return [searchPath(place, first, path), ...more];
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    return [interpreter, argument];
  }
}

function searchPath(place: Place, file: string, path: string): string {
  if (file === '') throw new SystemError('ENOENT');
  if (file.includes('/')) return file;
  let failure = new SystemError('ENOENT');
  for (const folder of path.split(':')) {
    const candidate = folder === '' ? file : `${folder}/${file}`;
    try {
      executableAt(place, candidate);
      return candidate;
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      if (error.code === 'EACCES') failure = error;
    }
  }
  throw failure;
}

function executableAt(place: Place, path: string): FileInode {
  const inode = find(place, path, true);
  if (!(inode instanceof FileInode)) throw new SystemError('EACCES');
  checkAccess(inode, 1);
  return inode;
}

/** Machine code, which nothing here can run, would only be read as nonsense by a shell. */
function isText(inode: FileInode): boolean {
  const start = inode.data.view(0, FIRST_LINE);
  return !start.includes(0) && !ELF.every((byte, index) => start[index] === byte);
}

function firstLine(inode: FileInode): string {
  const text = decoder.decode(inode.data.view(0, FIRST_LINE));
  const end = text.indexOf('\n');
  return (end < 0 ? text : text.slice(0, end)).replace(/\r$/, '');
}
