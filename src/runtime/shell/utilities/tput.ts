/** tput, for the one kind of terminal there is: what terminfo says of xterm-256color, and of `dumb`, which can nothing. */
import type { Utility, UtilityContext } from '../utility.ts';

const ESC = '\x1b';
const CSI = `${ESC}[`;

const plain = (text: string) => () => text;
const counted = (letter: string) => (count: number) => `${CSI}${count}${letter}`;

/** The number of a colour in the code that sets it: 8 basic ones, 8 bright ones, and all others. */
const colour = (basic: number, bright: number, other: number) => (index: number) =>
  `${CSI}${index < 8 ? basic + index : index < 16 ? bright + index - 8 : `${other};5;${index}`}m`;

const CAPABILITIES: Readonly<Record<string, (first: number, second: number) => string>> = {
  bel: plain('\x07'),
  blink: plain(`${CSI}5m`),
  bold: plain(`${CSI}1m`),
  civis: plain(`${CSI}?25l`),
  clear: plain(`${CSI}H${CSI}2J${CSI}3J`),
  cnorm: plain(`${CSI}?12l${CSI}?25h`),
  cr: plain('\r'),
  csr: (from, to) => `${CSI}${from + 1};${to + 1}r`,
  cub: counted('D'),
  cub1: plain('\b'),
  cud: counted('B'),
  cud1: plain('\n'),
  cuf: counted('C'),
  cuf1: plain(`${CSI}C`),
  cup: (row, column) => `${CSI}${row + 1};${column + 1}H`,
  cuu: counted('A'),
  cuu1: plain(`${CSI}A`),
  cvvis: plain(`${CSI}?12;25h`),
  dch: counted('P'),
  dch1: plain(`${CSI}P`),
  dim: plain(`${CSI}2m`),
  dl: counted('M'),
  dl1: plain(`${CSI}M`),
  ech: counted('X'),
  ed: plain(`${CSI}J`),
  el: plain(`${CSI}K`),
  el1: plain(`${CSI}1K`),
  flash: plain(`${CSI}?5h${CSI}?5l`),
  home: plain(`${CSI}H`),
  hpa: (column) => `${CSI}${column + 1}G`,
  ht: plain('\t'),
  ich: counted('@'),
  il: counted('L'),
  il1: plain(`${CSI}L`),
  ind: plain('\n'),
  indn: counted('S'),
  invis: plain(`${CSI}8m`),
  kbs: plain('\x7f'),
  kcub1: plain(`${ESC}OD`),
  kcud1: plain(`${ESC}OB`),
  kcuf1: plain(`${ESC}OC`),
  kcuu1: plain(`${ESC}OA`),
  longname: plain('xterm with 256 colors'),
  op: plain(`${CSI}39;49m`),
  rc: plain(`${ESC}8`),
  rev: plain(`${CSI}7m`),
  ri: plain(`${ESC}M`),
  rin: counted('T'),
  ritm: plain(`${CSI}23m`),
  rmam: plain(`${CSI}?7l`),
  rmcup: plain(`${CSI}?1049l${CSI}23;0;0t`),
  rmkx: plain(`${CSI}?1l${ESC}>`),
  rmso: plain(`${CSI}27m`),
  rmul: plain(`${CSI}24m`),
  rmxx: plain(`${CSI}29m`),
  sc: plain(`${ESC}7`),
  setab: colour(40, 100, 48),
  setaf: colour(30, 90, 38),
  sgr0: plain(`${ESC}(B${CSI}m`),
  sitm: plain(`${CSI}3m`),
  smam: plain(`${CSI}?7h`),
  smcup: plain(`${CSI}?1049h${CSI}22;0;0t`),
  smkx: plain(`${CSI}?1h${ESC}=`),
  smso: plain(`${CSI}7m`),
  smul: plain(`${CSI}4m`),
  smxx: plain(`${CSI}9m`),
  vpa: (row) => `${CSI}${row + 1}d`,
};
const FLAGS = new Set(['am', 'bce', 'km', 'mc5i', 'mir', 'msgr', 'npc', 'xenl']);
const RESET = `${ESC}c${ESC}]104\x07${CSI}!p${CSI}?3;4l${CSI}4l${ESC}>`;
const INIT = `${CSI}!p${CSI}?3;4l${CSI}4l${ESC}>`;

const BAD_USE = 2;
const UNKNOWN_TERMINAL = 3;
const UNKNOWN_CAPABILITY = 4;

export const tput: Utility = async (context) => {
  const { words, terminal, fromInput } = readArguments(context);
  if (terminal === undefined || terminal === '') {
    await context.stderr.line('tput: No value for $TERM and no -T specified');
    return BAD_USE;
  }
  if (terminal !== 'dumb' && !/^(xterm|screen|tmux|vt|linux|ansi)/.test(terminal)) {
    await context.stderr.line(`tput: unknown terminal "${terminal}"`);
    return UNKNOWN_TERMINAL;
  }
  const isDumb = terminal === 'dumb';
  if (!fromInput && words.length === 0) {
    await context.stderr.line('Usage: tput [options] [command]');
    return BAD_USE;
  }
  const commands = fromInput ? (await context.stdin.text()).split('\n').map((line) => line.split(/\s+/)) : [words];
  let status = 0;
  for (const [name = '', ...values] of commands) {
    if (name !== '') status = await show(context, { name, values: values.map(Number), isDumb });
  }
  return status;
};

function readArguments({ args, env }: UtilityContext): {
  words: readonly string[];
  terminal: string | undefined;
  fromInput: boolean;
} {
  let terminal = env.get('TERM');
  let fromInput = false;
  let index = 0;
  for (; args[index]?.startsWith('-'); index++) {
    const word = args[index] ?? '';
    if (word === '-S') fromInput = true;
    else if (word.startsWith('-T')) terminal = word.slice(2) || args[++index];
  }
  return { words: args.slice(index), terminal, fromInput };
}

interface Question {
  name: string;
  values: readonly number[];
  isDumb: boolean;
}

async function show(context: UtilityContext, { name, values, isDumb }: Question): Promise<number> {
  const { stdout } = context;
  if (name === 'cols' || name === 'lines') {
    await stdout.line(String(sizeOf(context)[name === 'cols' ? 0 : 1]));
    return 0;
  }
  if (name === 'colors') {
    await stdout.line(isDumb ? '-1' : '256');
    return 0;
  }
  if (FLAGS.has(name)) return isDumb && name !== 'am' ? 1 : 0;
  if (name === 'reset' || name === 'init') {
    if (!isDumb) await stdout.write(name === 'reset' ? RESET : INIT);
    return 0;
  }
  const capability = Object.hasOwn(CAPABILITIES, name) ? CAPABILITIES[name] : undefined;
  if (!capability) {
    await context.stderr.line(`tput: unknown terminfo capability '${name}'`);
    return UNKNOWN_CAPABILITY;
  }
  if (isDumb && !['bel', 'cr', 'cud1', 'ind'].includes(name)) return 1;
  await stdout.write(capability(values[0] || 0, values[1] || 0));
  return 0;
}

/** Columns and rows: of the environment, of the terminal it has, or as terminfo has it. */
function sizeOf({ env, sys, stderr, stdout, stdin }: UtilityContext): [number, number] {
  let size: [number, number] = [80, 24];
  for (const { descriptor } of [stdin, stdout, stderr]) {
    if (descriptor?.kind === 'tty') size = sys.call('terminalSize', descriptor.fd);
  }
  return [Number(env.get('COLUMNS')) || size[0], Number(env.get('LINES')) || size[1]];
}
