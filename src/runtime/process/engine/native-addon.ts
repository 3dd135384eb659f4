import type { ProcessContext } from '../context.ts';

/** Size of the header of a 64-bit ELF file. */
const HEADER_LENGTH = 64;

/** Why a native addon is not loaded: that `--no-addons` says so, what glibc's `dlopen` finds wrong with the file, else that no machine code runs here. */
export function addonError(context: ProcessContext, path: string, areAllowed: boolean): Error {
  if (!areAllowed) {
    const error = new Error('Cannot load native addon because loading addons is disabled.');
    return Object.assign(error, { code: 'ERR_DLOPEN_DISABLED' });
  }
  return Object.assign(new Error(reasonFor(context, path)), { code: 'ERR_DLOPEN_FAILED' });
}

function reasonFor({ sys }: ProcessContext, path: string): string {
  const stat = sys.call('statOrNull', path, true);
  if (stat === null) return `${path}: cannot open shared object file: No such file or directory`;
  const bytes = sys.call('readFile', path);
  if (bytes.length < HEADER_LENGTH) return `${path}: file too short`;
  const isElf = bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c && bytes[3] === 0x46;
  return isElf ? 'Native addons cannot be loaded in this sandbox.' : `${path}: invalid ELF header`;
}
