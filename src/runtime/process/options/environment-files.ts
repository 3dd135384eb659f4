import { SystemError } from '../../kernel/syscalls.ts';
import type { ProcessCore } from '../core.ts';
import { writeToStderr } from '../failures/fatal.ts';
import type { OptionValue } from './options.ts';
import { parseEnv } from './parse-env.ts';

const INVALID_COMMAND_LINE = 9;

/** `--env-file` and `--env-file-if-exists`: what is in the environment already wins. */
export function loadEnvironmentFiles(core: ProcessCore, values: Record<string, OptionValue>): void {
  const { argv } = core.launch;
  for (const [index, word] of argv.entries()) {
    const [name, inline] = word.split(/=(.*)/s);
    if (name !== '--env-file' && name !== '--env-file-if-exists') {
      if (index > 0 && !word.startsWith('-') && !/^--env-file/.test(argv[index - 1] ?? '')) break;
      continue;
    }
    const path = inline ?? argv[index + 1];
    if (path === undefined || values[name] === '') continue;
    loadFile(core, path, name === '--env-file');
  }
}

function loadFile(core: ProcessCore, path: string, required: boolean): void {
  if (core.sys.call('statOrNull', path, true) === null) {
    if (!required) {
      writeToStderr(core, `${path} not found. Continuing without it.\n`);
      return;
    }
    writeToStderr(core, `${core.launch.argv[0]}: ${path}: not found\n`);
    core.exit(INVALID_COMMAND_LINE);
  }
  applyFile(core, path);
}

/** `process.loadEnvFile`: of a file that cannot be opened Node says that there is none. */
export function loadEnvironmentFile(core: ProcessCore, path: string): void {
  try {
    applyFile(core, path);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    if (error.code !== 'EISDIR') throw core.createErrnoError('ENOENT', 'open', path);
    throw Object.assign(new TypeError(`Contents of '${path}' should be a valid string.`), {
      code: 'ERR_INVALID_ARG_TYPE',
    });
  }
}

function applyFile(core: ProcessCore, path: string): void {
  const text = new core.host.TextDecoder().decode(core.sys.call('readFile', path));
  for (const [name, value] of Object.entries(parseEnv(text))) {
    if (!(name in core.environment.variables)) core.environment.set(name, value);
  }
}
