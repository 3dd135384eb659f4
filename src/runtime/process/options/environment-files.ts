import { SystemError } from '../../kernel/syscalls.ts';
import type { ProcessCore } from '../core.ts';
import { readToEnd } from '../files/read-to-end.ts';
import { parseEnv } from './parse-env.ts';

/** What environment files say. */
export interface EnvironmentFiles {
  /** Of a name that several files have, the last one's. */
  variables: Record<string, string>;
  errors: string[];
  /** What is said of those that need not be there. */
  notes: string;
}

/** The files of `--env-file` and `--env-file-if-exists`. */
export function readEnvironmentFiles(core: ProcessCore, argv: readonly string[]): EnvironmentFiles {
  const read: EnvironmentFiles = { variables: {}, errors: [], notes: '' };
  for (const { path, isOptional } of filesOf(argv)) {
    try {
      Object.assign(read.variables, readFile(core, path));
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      if (error.code === 'EISDIR') read.errors.push(`${path}: invalid format`);
      else if (isOptional) read.notes += `${path} not found. Continuing without it.\n`;
      else read.errors.push(`${path}: not found`);
    }
  }
  return read;
}

/** Node looks for them before it reads its options, up to the script as far as it can be told. */
function filesOf(argv: readonly string[]): { path: string; isOptional: boolean }[] {
  const files: { path: string; isOptional: boolean }[] = [];
  for (const [index, word] of argv.entries()) {
    if (word === '--') break;
    const [, name, inline] = /^(--env-file(?:-if-exists)?)(?:=(.*))?$/s.exec(word) ?? [];
    const path = inline ?? argv[index + 1];
    if (name !== undefined && path !== undefined) files.push({ path, isOptional: name !== '--env-file' });
    else if (index > 0 && !word.startsWith('-') && !/^--env-file/.test(argv[index - 1] ?? '')) break;
  }
  return files;
}

/** What is in the environment already wins. */
export function addToEnvironment(core: ProcessCore, variables: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (!(name in core.environment.variables)) core.environment.set(name, value);
  }
}

/** `process.loadEnvFile`: of a file that cannot be opened Node says that there is none. */
export function loadEnvironmentFile(core: ProcessCore, path: string): void {
  try {
    addToEnvironment(core, readFile(core, path));
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    if (error.code !== 'EISDIR') throw core.createErrnoError('ENOENT', 'open', path);
    throw Object.assign(new TypeError(`Contents of '${path}' should be a valid string.`), {
      code: 'ERR_INVALID_ARG_TYPE',
    });
  }
}

const readFile = (core: ProcessCore, path: string): Record<string, string> =>
  parseEnv(new core.host.TextDecoder().decode(contentOf(core, path)));

/** Of a file, or of a pipe that the path stands for. */
function contentOf({ sys }: ProcessCore, path: string): Uint8Array {
  try {
    return sys.call('readFile', path);
  } catch (error) {
    if (!(error instanceof SystemError) || error.code !== 'EINVAL') throw error;
  }
  const fd = sys.call('open', path, 0, 0);
  try {
    return readToEnd(sys, fd);
  } finally {
    sys.call('close', fd);
  }
}
