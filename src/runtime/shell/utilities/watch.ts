import type { Utility, UtilityContext } from '../utility.ts';
import { lastValue, parseOptions } from './options.ts';
import { outputOf } from './shell-command.ts';
import { strftime, zoneOf } from './strftime.ts';
import { wrongUse } from './wrong-use.ts';

const CLEAR = '\x1b[H\x1b[2J';

/** Runs a command again and again, and shows what it prints on the whole of the terminal. */
export const watch: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'n:tdbcegpwx',
    long: {
      'interval=': 'n',
      'no-title': 't',
      differences: 'd',
      beep: 'b',
      color: 'c',
      errexit: 'e',
      chgexit: 'g',
      precise: 'p',
      'no-wrap': 'w',
      exec: 'x',
    },
    stopEarly: true,
  });
  if (options.problem) return await wrongUse(context, options.problem);
  const { flags, operands } = options;
  if (operands.length === 0) return await wrongUse(context, 'no command');
  const seconds = Number(lastValue(options, 'n') ?? '2');
  if (!Number.isFinite(seconds))
    return await wrongUse(context, `failed to parse argument: '${lastValue(options, 'n')}'`);
  if (context.stdout.descriptor?.kind !== 'tty' && !context.env.has('TERM')) {
    await context.stderr.print('Error opening terminal: unknown.\n');
    return 1;
  }
  const argv = flags.has('x') ? operands : ['sh', '-c', operands.join(' ')];
  const pause = Math.max(0.1, seconds);
  for (let before: string | undefined; ; ) {
    const { output, status } = await outputOf(context, argv);
    await context.stdout.print(`${CLEAR}${flags.has('t') ? '' : titleOf(context, pause, operands)}${output}`);
    if (flags.has('e') && status !== 0) return 8;
    if (flags.has('g') && before !== undefined && before !== output) return 0;
    before = output;
    if ((await context.run(['sleep', String(pause)])) !== 0 || context.signal.aborted) return 1;
  }
};

function titleOf({ env, sys, stdout }: UtilityContext, seconds: number, command: readonly string[]): string {
  const left = `Every ${seconds.toFixed(1)}s: ${command.join(' ')}`;
  const right = strftime('%a %b %e %H:%M:%S %Y', Date.now(), zoneOf(env.get('TZ')));
  const terminal = stdout.descriptor?.kind === 'tty' ? sys.call('terminalSize', stdout.descriptor.fd)[0] : 80;
  return `${left}${right.padStart(Math.max(right.length + 1, terminal - left.length))}\n\n`;
}
