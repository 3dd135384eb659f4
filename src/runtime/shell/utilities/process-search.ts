/** pgrep pkill pidof killall. */
import type { ProcessInfo } from '../../kernel/syscalls.ts';
import { describeError, errorCode } from '../errors.ts';
import { signalNumber } from '../jobs/signals.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import { lastValue, type Options, parseOptions } from './options.ts';
import { posixToRegExp } from './posix-regexp.ts';
import { commandLine, commandName } from './process-list.ts';
import { wrongUse } from './wrong-use.ts';

const LONG = {
  full: 'f',
  exact: 'x',
  newest: 'n',
  oldest: 'o',
  inverse: 'v',
  count: 'c',
  'ignore-case': 'i',
  'list-name': 'l',
  'list-full': 'a',
  'delimiter=': 'd',
  'parent=': 'P',
  'pgroup=': 'g',
  'session=': 's',
  'euid=': 'u',
  'signal=': 'signal',
  echo: 'e',
};

export const pgrep: Utility = async (context) => {
  const options = parseOptions(context.args, { short: 'fxnovcilad:P:g:s:u:U:t:', long: LONG });
  if (options.problem) return await wrongUse(context, options.problem, 2);
  const found = await search(context, options);
  if (typeof found === 'number') return found;
  const show = (process: ProcessInfo) => {
    if (options.flags.has('a')) return `${process.pid} ${commandLine(process)}`;
    return options.flags.has('l') ? `${process.pid} ${commandName(process)}` : String(process.pid);
  };
  if (options.flags.has('c')) await context.stdout.line(String(found.length));
  else if (found.length > 0) await context.stdout.line(found.map(show).join(lastValue(options, 'd') ?? '\n'));
  return found.length > 0 ? 0 : 1;
};

export const pkill: Utility = async (context) => {
  const given = context.args.find((arg) => /^-(\d+|(SIG)?[A-Z][A-Z0-9]+)$/.test(arg));
  const options = parseOptions(
    context.args.filter((arg) => arg !== given),
    { short: 'fxnovcieP:g:s:u:U:t:', long: LONG },
  );
  if (options.problem) return await wrongUse(context, options.problem, 2);
  const signal = signalNumber(lastValue(options, 'signal') ?? given?.slice(1) ?? 'TERM');
  if (signal === undefined) return await wrongUse(context, 'invalid signal', 2);
  const found = await search(context, options);
  if (typeof found === 'number') return found;
  for (const process of found) {
    try {
      context.sys.call('kill', process.pid, signal);
      if (options.flags.has('e')) await context.stdout.line(`${commandName(process)} killed (pid ${process.pid})`);
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
      await context.complain(`killing pid ${process.pid} failed: ${describeError(error)}`);
    }
  }
  if (options.flags.has('c')) await context.stdout.line(String(found.length));
  return found.length > 0 ? 0 : 1;
};

/** The processes that all criteria fit, the caller's own apart; an exit code for wrong use. */
async function search(context: UtilityContext, options: Options): Promise<ProcessInfo[] | number> {
  const values = (name: string) => options.values.get(name)?.flatMap((text) => text.split(','));
  const [source] = options.operands;
  const criteria = { ppid: values('P'), group: values('g'), session: values('s') };
  const others = Object.values(criteria).some((wanted) => wanted !== undefined) || options.flags.has('u');
  if (source === undefined && !others) return await wrongUse(context, 'no matching criteria specified', 2);
  if (options.operands.length > 1) return await wrongUse(context, 'only one pattern can be provided', 2);
  const pattern = new RegExp(
    options.flags.has('x') ? `^(?:${posixToRegExp(source ?? '', true)})$` : posixToRegExp(source ?? '', true),
    options.flags.has('i') ? 'iu' : 'u',
  );
  const fits = (process: ProcessInfo) => {
    for (const [key, wanted] of Object.entries(criteria) as ['ppid' | 'group' | 'session', string[] | undefined][])
      if (wanted && !wanted.includes(String(process[key]))) return false;
    return pattern.test(options.flags.has('f') ? commandLine(process) : commandName(process));
  };
  const found = context.sys
    .call('processes')
    .filter((process) => process.pid !== context.pid && fits(process) !== options.flags.has('v'));
  if (options.flags.has('n')) return found.slice(-1);
  return options.flags.has('o') ? found.slice(0, 1) : found;
}

export const pidof: Utility = async (context) => {
  const options = parseOptions(context.args, { short: 'sqxo:', long: { 'single-shot': 's' } });
  if (options.problem) return await wrongUse(context, options.problem);
  const pids = context.sys
    .call('processes')
    .filter((process) => !process.ended && options.operands.includes(commandName(process)))
    .map(({ pid }) => String(pid))
    .reverse();
  if (pids.length === 0) return 1;
  if (!options.flags.has('q')) await context.stdout.line((options.flags.has('s') ? pids.slice(0, 1) : pids).join(' '));
  return 0;
};

export const killall: Utility = async (context) => {
  const given = context.args.find((arg) => /^-(\d+|(SIG)?[A-Z][A-Z0-9]+)$/.test(arg));
  const options = parseOptions(
    context.args.filter((arg) => arg !== given),
    { short: 'eiqvwIs:u:r', long: { 'signal=': 's', quiet: 'q', verbose: 'v', wait: 'w' } },
  );
  const signal = signalNumber(lastValue(options, 's') ?? given?.slice(1) ?? 'TERM');
  if (options.problem || signal === undefined) return await wrongUse(context, options.problem ?? 'unknown signal');
  let status = 0;
  for (const name of options.operands) {
    const found = context.sys
      .call('processes')
      .filter((process) => !process.ended && process.pid !== context.pid && commandName(process) === name);
    for (const { pid } of found) context.sys.call('kill', pid, signal);
    if (found.length > 0) continue;
    status = 1;
    if (!options.flags.has('q')) await context.stderr.write(`${name}: no process found\n`);
  }
  return status;
};
