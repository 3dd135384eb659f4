/**
 * What a request starts. A shell that has nothing to expand, and `node --run`, only start another program and wait for it: the kernel
 * does so itself, without a Worker for them.
 */
import { checkAccess } from '../file-system/attributes.ts';
import { DirectoryInode, FileInode } from '../file-system/inode.ts';
import { findApart, findDirectory, type Place, pathToStartIn } from '../file-system/lookup.ts';
import { SystemError } from '../syscalls.ts';
import { environmentOfScript, findScript, type ScriptFiles, SHELL } from './package-script.ts';
import { resolvePlain, textOfShell } from './plain-command.ts';
import { type Program, pathIn, resolveProgram } from './programs.ts';
import type { StartRequest } from './start-request.ts';

/** A larger package.json is read by the process. */
const MOST_BYTES = 256 * 1024;
const READ = 4;

type Request = Pick<StartRequest, 'file' | 'argv' | 'env' | 'cwd' | 'cwdPath'>;

export interface Start extends Pick<StartRequest, 'env' | 'cwd' | 'cwdPath'> {
  readonly program: Program;
  /** What it only waits for. */
  readonly command: Start | null;
}

/** Throws as {@link resolveProgram}. */
export function resolveStart(place: Place, { file, argv, env, cwd, cwdPath }: Request): Start {
  const program = resolveProgram(place, file, argv, pathIn(env));
  const start = { program, env, cwd, cwdPath, command: null };
  return { ...start, command: commandOfShell(place, start) ?? commandOfScript(place, start) };
}

function commandOfShell(place: Place, { program, env, cwd, cwdPath }: Start): Start | null {
  const text = textOfShell(program);
  const plain = text === null ? null : resolvePlain(place, text, { env, cwdPath });
  return plain && { ...plain, cwd, cwdPath, command: null };
}

/** `node --run NAME`, where there is such a script: Node says what is wrong. */
function commandOfScript(place: Place, { program, env, cwd }: Start): Start | null {
  const { image, argv } = program;
  const [, option, name = '', ...others] = argv;
  if (image !== 'node' || option !== '--run' || name === '' || name.startsWith('-') || others.length > 0) return null;
  const variables = variablesIn(env);
  if (variables.has('NODE_OPTIONS')) return null;
  try {
    const found = findScript(filesOf(place), pathToStartIn(cwd), name);
    if ('failure' in found) return null;
    const folder = findDirectory(place, found.folder);
    return resolveStart(
      { root: place.root, cwd: folder, umask: place.umask },
      {
        file: SHELL,
        argv: [SHELL, '-c', found.command],
        env: environmentOfScript(variables, found, name),
        cwd: folder,
        cwdPath: found.folder,
      },
    );
  } catch (error) {
    if (error instanceof SystemError) return null;
    throw error;
  }
}

function variablesIn(env: readonly string[]): Map<string, string> {
  return new Map(
    env.map((entry) => {
      const equals = entry.indexOf('=');
      return [entry.slice(0, equals), entry.slice(equals + 1)];
    }),
  );
}

function filesOf(place: Place): ScriptFiles {
  return {
    isFolder: (path) => findApart(place, path) instanceof DirectoryInode,
    read(path) {
      const inode = findApart(place, path);
      if (inode === null) return null;
      if (!(inode instanceof FileInode) || inode.size > MOST_BYTES) throw new SystemError('EFBIG');
      checkAccess(inode, READ);
      return new TextDecoder().decode(inode.data.view(0, inode.size));
    },
  };
}
