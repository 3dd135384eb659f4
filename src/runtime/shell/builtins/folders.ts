/** pushd popd dirs of bash: the stack of folders, the current one on top. */
import { ShellError } from '../errors.ts';
import type { Shell } from '../shell.ts';
import type { Builtin, BuiltinCall } from './builtin.ts';
import { builtins } from './index.ts';

/** `+N` counts from the top, `-N` from the bottom; undefined for any other word. */
function indexIn(stack: readonly string[], word: string, shown = word): number | undefined {
  const [, sign, digits] = /^([+-])(\d+)$/.exec(word) ?? [];
  if (sign === undefined) return undefined;
  const index = sign === '+' ? Number(digits) : stack.length - 1 - Number(digits);
  if (index < 0 || index >= stack.length) throw new ShellError(`${shown}: directory stack index out of range`, 1);
  return index;
}

const stackOf = (shell: Shell): string[] => [shell.cwd, ...shell.folders];

async function goTo(call: BuiltinCall, folder: string): Promise<number> {
  const cd = builtins.get('cd');
  return cd ? await cd({ ...call, name: 'cd', args: [folder] }) : 1;
}

/** Makes this the stack, its first folder the current one. */
async function setStack(call: BuiltinCall, [top = '', ...rest]: readonly string[]): Promise<number> {
  const status = top === call.shell.cwd ? 0 : await goTo(call, top);
  if (status !== 0) return status;
  call.shell.folders = rest;
  return await dirs({ ...call, args: [] });
}

/** `-n` leaves the current folder as it is. */
const pushd: Builtin = async (call) => {
  const { shell } = call;
  const stays = call.args[0] === '-n';
  const [target] = stays ? call.args.slice(1) : call.args;
  const stack = stackOf(shell);
  if (target === undefined) {
    const [here = '', next, ...rest] = stack;
    if (next === undefined) throw new ShellError('no other directory', 1);
    return await setStack(call, [next, here, ...rest]);
  }
  const index = indexIn(stack, target);
  if (index !== undefined) return await setStack(call, [...stack.slice(index), ...stack.slice(0, index)]);
  if (stays) return await setStack(call, [shell.cwd, target, ...shell.folders]);
  const status = await goTo(call, target);
  return status === 0 ? await setStack(call, [shell.cwd, ...stack]) : status;
};

const popd: Builtin = async (call) => {
  const { shell } = call;
  const stays = call.args[0] === '-n';
  const [target] = stays ? call.args.slice(1) : call.args;
  const stack = stackOf(shell);
  if (stack.length < 2) throw new ShellError('directory stack empty', 1);
  const index = (target === undefined ? undefined : indexIn(stack, target)) ?? (stays ? 1 : 0);
  return await setStack(
    call,
    stack.filter((_, at) => at !== index),
  );
};

/** `-v` numbers them, `-p` has one on each line, `-l` writes the home folder out, `-c` forgets them. */
const dirs: Builtin = async ({ shell, args, stdout }) => {
  const letters = args.filter((arg) => /^-[clpv]+$/.test(arg)).join('');
  if (letters.includes('c')) {
    shell.folders = [];
    return 0;
  }
  const home = shell.getVariable('HOME');
  const short = (folder: string) =>
    home && !letters.includes('l') && (folder === home || folder.startsWith(`${home}/`))
      ? `~${folder.slice(home.length)}`
      : folder;
  const stack = stackOf(shell);
  const chosen = args.map((arg) => indexIn(stack, arg, arg.slice(1))).find((index) => index !== undefined);
  const shown = stack.map(
    (folder, index) => (letters.includes('v') ? `${String(index).padStart(2)}  ` : '') + short(folder),
  );
  const lines = chosen === undefined ? shown : [shown[chosen] ?? ''];
  await stdout.line(lines.join(/[pv]/.test(letters) ? '\n' : ' '));
  return 0;
};

export const folderBuiltins: readonly [string, Builtin][] = [
  ['pushd', pushd],
  ['popd', popd],
  ['dirs', dirs],
];
