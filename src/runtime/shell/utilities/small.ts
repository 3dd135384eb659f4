/** timeout printenv less more id tty nohup. */
import type { Utility } from '../utility.ts';
import { cat } from './cat.ts';
import { parseOptions } from './options.ts';
import { wrongUse } from './wrong-use.ts';

const SECONDS: Record<string, number> = { '': 1, s: 1, m: 60, h: 3600, d: 86400 };
const TIMED_OUT = 124;

export const timeout: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'k:s:v',
    long: { 'kill-after=': 'k', 'signal=': 's', 'preserve-status': 'preserve', foreground: 'foreground', verbose: 'v' },
    stopEarly: true,
  });
  if (options.problem) return await wrongUse(context, options.problem, 125);
  const [duration = '', ...command] = options.operands;
  const match = /^(\d*\.?\d+)([smhd]?)$/.exec(duration);
  if (command.length === 0) return await wrongUse(context, 'missing operand', 125);
  if (!match) return await wrongUse(context, `invalid time interval ‘${duration}’`, 125);
  const ms = Number(match[1]) * (SECONDS[match[2] ?? ''] ?? 1) * 1000;
  const abort = new AbortController();
  const stop = () => abort.abort();
  context.signal.addEventListener('abort', stop);
  const { promise, resolve } = Promise.withResolvers<number>();
  const timer = setTimeout(() => {
    stop();
    resolve(options.flags.has('preserve') ? 143 : TIMED_OUT);
  }, ms);
  const running = context.run(command, { abort, complain: true }).catch((error: unknown) => {
    if (!abort.signal.aborted) throw error;
    return TIMED_OUT;
  });
  const status = await (ms === 0 ? running : Promise.race([running, promise]));
  clearTimeout(timer);
  context.signal.removeEventListener('abort', stop);
  return abort.signal.aborted && !options.flags.has('preserve') ? TIMED_OUT : status;
};

export const printenv: Utility = async ({ args, env, stdout }) => {
  let status = 0;
  if (args.length === 0) for (const [name, value] of env) await stdout.line(`${name}=${value}`);
  for (const name of args) {
    const value = env.get(name);
    if (value === undefined) status = 1;
    else await stdout.line(value);
  }
  return status;
};

/** Pagers show all at once: a screen is not theirs to hold. */
export const less: Utility = async (context) =>
  await cat({ ...context, args: context.args.filter((arg) => !/^[-+]./.test(arg)) });

export const id: Utility = async ({ args, stdout }) => {
  const letters = args.join('');
  if (letters.includes('u')) await stdout.line(letters.includes('n') ? 'root' : '0');
  else if (/[gG]/.test(letters)) await stdout.line(letters.includes('n') ? 'root' : '0');
  else await stdout.line('uid=0(root) gid=0(root) groups=0(root)');
  return 0;
};

export const tty: Utility = async ({ stdin, stdout, args }) => {
  const terminal = stdin.descriptor?.kind === 'tty';
  if (!args.includes('-s')) await stdout.line(terminal ? '/dev/tty' : 'not a tty');
  return terminal ? 0 : 1;
};

export const nohup: Utility = async (context) =>
  context.args.length === 0
    ? await wrongUse(context, 'missing operand', 125)
    : await context.run(context.args, { complain: true });
