/** `tail -f`: what is written to files from now on. */
import { errorCode } from '../errors.ts';
import type { UtilityContext } from '../utility.ts';
import { lastValue, type Options } from './options.ts';
import { pause } from './system.ts';

/** As often as GNU tail looks where it is not told of changes. */
const DEFAULT_SECONDS = 0.1;

/** Prints what is appended until it is ended, or until the process of `--pid` has. */
export async function followFiles(context: UtilityContext, options: Options, titled: boolean): Promise<number> {
  const { sys, stdout, signal } = context;
  const files = options.operands
    .filter((name) => name !== '-')
    .map((name) => ({
      name,
      path: context.resolve(name),
      size: sys.call('statOrNull', context.resolve(name), true)?.size,
    }));
  const byName = options.flags.has('F');
  const followed = byName ? files : files.filter(({ size }) => size !== undefined);
  if (followed.length === 0) {
    await context.complain('no files remaining');
    return 1;
  }
  await stdout.flush();
  let last = followed.at(-1)?.name;
  const pid = Number(lastValue(options, 'pid') ?? '0');
  while (!signal.aborted && (pid === 0 || isAlive(context, pid))) {
    await pause(Number(lastValue(options, 's') ?? DEFAULT_SECONDS) * 1000, signal);
    for (const file of followed) {
      const size = sys.call('statOrNull', file.path, true)?.size;
      if (size === undefined || size === file.size) continue;
      if (size < (file.size ?? 0)) await context.complain(`${file.name}: file truncated`);
      const start = size < (file.size ?? 0) ? 0 : (file.size ?? 0);
      if (titled && last !== file.name) await stdout.write(`\n==> ${file.name} <==\n`);
      last = file.name;
      await stdout.write(sys.call('readFile', file.path).subarray(start, size));
      file.size = size;
    }
    await stdout.flush();
  }
  return 0;
}

function isAlive({ sys }: UtilityContext, pid: number): boolean {
  try {
    sys.call('kill', pid, 0);
    return true;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return false;
  }
}
