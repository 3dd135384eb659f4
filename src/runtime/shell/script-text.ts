import type { Shell } from './shell.ts';
import { Reader } from './streams.ts';

/** Other files may well lie below /dev. */
const DEVICE = /^\/dev\/(?:stdin|null|fd\/\d+)$/;

/** Whether the path stands for a descriptor of this scope: `source /dev/stdin`, `bash <(command)`. */
export function isDevice(shell: Shell, path: string): boolean {
  return DEVICE.test(shell.resolve(path));
}

/** The text of a script: of a file, or what a descriptor of this scope gives. Throws a SystemError. */
export async function readScriptText(shell: Shell, path: string): Promise<string> {
  const decoder = new TextDecoder();
  if (!isDevice(shell, path)) return decoder.decode(shell.sys.call('readFile', shell.resolve(path)));
  const number = path === '/dev/stdin' ? 0 : Number(/^\/dev\/fd\/(\d+)$/.exec(path)?.[1] ?? Number.NaN);
  const descriptor = shell.descriptors.get(number);
  return descriptor ? decoder.decode(await new Reader(descriptor).bytes()) : '';
}
