import { EndOrder } from '../jobs/end-order.ts';
import { signalNumber, signalNumbers } from '../jobs/signals.ts';
import type { Utility } from '../utility.ts';
import { lastValue, parseOptions } from './options.ts';
import { wrongUse } from './wrong-use.ts';

const SECONDS: Record<string, number> = { '': 1, s: 1, m: 60, h: 3600, d: 86400 };
const TIMED_OUT = 124;
const KILL = signalNumbers.KILL ?? 9;
const TERM = signalNumbers.TERM ?? 15;

/** Milliseconds; undefined for what is no duration. */
function durationOf(text: string): number | undefined {
  const match = /^(\d*\.?\d+|\d+\.)([smhd]?)$/.exec(text);
  return match ? Number(match[1]) * (SECONDS[match[2] ?? ''] ?? 1) * 1000 : undefined;
}

const nameOf = (signal: number) =>
  Object.entries(signalNumbers).find(([, number]) => number === signal)?.[0] ?? String(signal);

export const timeout: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'k:s:v',
    long: { 'kill-after=': 'k', 'signal=': 's', 'preserve-status': 'preserve', foreground: 'foreground', verbose: 'v' },
    stopEarly: true,
  });
  if (options.problem) return await wrongUse(context, options.problem, 125);
  const [duration = '', ...command] = options.operands;
  if (command.length === 0) {
    await context.stderr.print("Try 'timeout --help' for more information.\n");
    return 125;
  }
  const ms = durationOf(duration);
  const grace = durationOf(lastValue(options, 'k') ?? '0');
  if (ms === undefined || grace === undefined) {
    const wrong = ms === undefined ? duration : lastValue(options, 'k');
    return await wrongUse(context, `invalid time interval ‘${wrong}’`, 125);
  }
  const signal = signalNumber(lastValue(options, 's') ?? 'TERM');
  if (signal === undefined) return await wrongUse(context, `${lastValue(options, 's')}: invalid signal`, 125);
  const order = new EndOrder(signal);
  const abort = new AbortController();
  const stop = () => abort.abort(new EndOrder(TERM));
  context.signal.addEventListener('abort', stop);
  let killed = signal === KILL;
  const tell = async (sent: number) => {
    if (!options.flags.has('v')) return;
    await context.complain(`sending signal ${nameOf(sent)} to command ‘${command[0]}’`);
    await context.stderr.flush();
  };
  const { promise: abandoned, resolve: abandon } = Promise.withResolvers<number>();
  const timers: ReturnType<typeof setTimeout>[] = [];
  const expire = async () => {
    await tell(signal);
    abort.abort(order);
    // What the shell runs itself has ended; a program ends when it likes.
    if (!order.delivered) abandon(128 + signal);
    if (grace === 0) return;
    const kill = async () => {
      await tell(KILL);
      killed = true;
      order.escalate(KILL);
    };
    timers.push(setTimeout(() => void kill(), grace));
  };
  if (ms > 0) timers.push(setTimeout(() => void expire(), ms));
  const running = context
    .run(command, {
      abort,
      mustEnd: true,
      complain: (reason) => `timeout: failed to run command ‘${command[0]}’: ${reason}`,
    })
    .catch((error: unknown) => {
      if (!abort.signal.aborted) throw error;
      return 128 + signal;
    });
  const status = await Promise.race([running, abandoned]);
  for (const timer of timers) clearTimeout(timer);
  context.signal.removeEventListener('abort', stop);
  if (!abort.signal.aborted) return status;
  if (killed) {
    // GNU timeout dies of the signal itself, so that the shell says so.
    context.endedBySignal?.(KILL);
    return 128 + KILL;
  }
  return options.flags.has('preserve') ? status || 128 + signal : TIMED_OUT;
};
