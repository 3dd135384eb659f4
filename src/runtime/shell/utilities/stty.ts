/** stty: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/stty.html, with the names and the output of GNU's. */
import { DEFAULT_ATTRIBUTES, type TerminalAttributes } from '../../kernel/terminal-attributes.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import { parseOptions } from './options.ts';
import { wrongUse } from './wrong-use.ts';

type Field = 'control' | 'input' | 'output' | 'local';

/** In the order of `stty -a`; which of them have an effect is told by `kernel/terminal-attributes.ts`. */
const FLAGS: Readonly<Record<Field, Readonly<Record<string, number>>>> = {
  control: {
    parenb: 0o400,
    parodd: 0o1000,
    cmspar: 0o10000000000,
    cs8: 0o60,
    hupcl: 0o2000,
    cstopb: 0o100,
    cread: 0o200,
    clocal: 0o4000,
    crtscts: 0o20000000000,
  },
  input: {
    ignbrk: 0o1,
    brkint: 0o2,
    ignpar: 0o4,
    parmrk: 0o10,
    inpck: 0o20,
    istrip: 0o40,
    inlcr: 0o100,
    igncr: 0o200,
    icrnl: 0o400,
    ixon: 0o2000,
    ixoff: 0o10000,
    iuclc: 0o1000,
    ixany: 0o4000,
    imaxbel: 0o20000,
    iutf8: 0o40000,
  },
  output: {
    opost: 0o1,
    olcuc: 0o2,
    ocrnl: 0o10,
    onlcr: 0o4,
    onocr: 0o20,
    onlret: 0o40,
    ofill: 0o100,
    ofdel: 0o200,
  },
  local: {
    isig: 0o1,
    icanon: 0o2,
    iexten: 0o100000,
    echo: 0o10,
    echoe: 0o20,
    echok: 0o40,
    echonl: 0o100,
    noflsh: 0o200,
    xcase: 0o4,
    tostop: 0o400,
    echoprt: 0o2000,
    echoctl: 0o1000,
    echoke: 0o4000,
    flusho: 0o10000,
    extproc: 0o200000,
  },
};
const FIELDS: readonly Field[] = ['control', 'input', 'output', 'local'];

const SANE =
  'cread -ignbrk brkint -inlcr -igncr icrnl icanon iexten echo echoe echok -echonl -noflsh -ixoff -iutf8 -iuclc -ixany ' +
  'imaxbel -xcase -olcuc -ocrnl opost -ofill onlcr -onocr -onlret isig -tostop -ofdel -echoprt echoctl echoke -extproc -flusho';
const RAW =
  '-ignbrk -brkint -ignpar -parmrk -inpck -istrip -inlcr -igncr -icrnl -ixon -ixoff -icanon -opost -isig -iuclc -ixany ' +
  '-imaxbel -xcase min 1 time 0';
const COOKED = 'brkint ignpar istrip icrnl ixon opost isig icanon';

/** What stands for several. */
const COMBINATIONS: Readonly<Record<string, string>> = {
  sane: SANE,
  raw: RAW,
  '-raw': COOKED,
  cooked: COOKED,
  '-cooked': RAW,
  cbreak: '-icanon',
  '-cbreak': 'icanon',
  nl: '-icrnl -onlcr',
  '-nl': 'icrnl -inlcr -igncr onlcr -ocrnl -onlret',
  crt: 'echoe echoctl echoke',
  crterase: 'echoe',
  '-crterase': '-echoe',
  ctlecho: 'echoctl',
  '-ctlecho': '-echoctl',
  decctlq: '-ixany',
  '-decctlq': 'ixany',
  litout: '-parenb -istrip -opost',
  pass8: '-parenb -istrip',
  ek: '',
};

/** They are as they are. */
const CHARACTERS = [
  ['intr', '^C'],
  ['quit', '^\\'],
  ['erase', '^?'],
  ['kill', '^U'],
  ['eof', '^D'],
  ['eol', '<undef>'],
  ['eol2', '<undef>'],
  ['swtch', '<undef>'],
  ['start', '^Q'],
  ['stop', '^S'],
  ['susp', '^Z'],
  ['rprnt', '^R'],
  ['werase', '^W'],
  ['lnext', '^V'],
  ['discard', '^O'],
] as const;
/** As `stty -g` writes them: VTIME and VMIN, which are numbers, lie between. */
const CHARACTER_CODES = ['3:1c:7f:15:4', '0:11:13:1a:0:12:f:17:16:0', '0:0:0:0:0:0:0:0:0:0:0:0:0:0:0'] as const;
const SPEED = 38_400;
const WIDTH = 80;

/** A setting that cannot be made; the message says why. */
class InvalidSetting extends Error {}

export const stty: Utility = async (context) => {
  const { flags, values, operands, problem } = parseOptions(withoutSettings(context.args), {
    short: 'agF:',
    long: { all: 'a', save: 'g', 'file=': 'F' },
  });
  if (problem !== undefined || operands.length > 0) return await wrongUse(context, problem ?? '');
  const settings = context.args.filter((word, index) => isSetting(word, context.args[index - 1]));
  const path = values.get('F')?.at(-1);
  const fd = path === undefined ? (context.stdin.descriptor?.fd ?? -1) : openTerminal(context, path);
  try {
    if (fd < 0 || context.sys.call('descriptorKind', fd) !== 'tty') {
      await context.complain(`${path ?? "'standard input'"}: Inappropriate ioctl for device`);
      return 1;
    }
    const before = context.sys.call('terminalAttributes', fd);
    const size = context.sys.call('terminalSize', fd);
    if (flags.has('a')) await context.stdout.print(describeAll(before, size));
    else if (flags.has('g')) await context.stdout.line(save(before));
    else if (settings.length === 0) await context.stdout.print(describeChanged(before));
    else await apply(context, { fd, before, size, settings });
    return 0;
  } catch (error) {
    if (error instanceof InvalidSetting) return await wrongUse(context, error.message);
    throw error;
  } finally {
    if (path !== undefined) context.sys.call('close', fd);
  }
};

const OPTION = /^(-[ag]+|-F.*|--(all|save|file).*|--?)$/;
const isSetting = (word: string, before: string | undefined) =>
  !OPTION.test(word) && before !== '-F' && before !== '--file';
/** A setting may begin with "-", as an option does. */
const withoutSettings = (args: readonly string[]) => args.filter((word, index) => !isSetting(word, args[index - 1]));

const openTerminal = ({ sys, resolve }: UtilityContext, path: string) => sys.call('open', resolve(path), 0, 0);

interface Application {
  fd: number;
  before: TerminalAttributes;
  size: [number, number];
  settings: readonly string[];
}

async function apply(context: UtilityContext, { fd, before, size, settings }: Application): Promise<void> {
  const after = { ...before };
  for (let index = 0; index < settings.length; index++) {
    const word = settings[index] ?? '';
    if (word === 'size') await context.stdout.line(`${size[1]} ${size[0]}`);
    else if (word === 'speed') await context.stdout.line(String(SPEED));
    else if (word === 'min' || word === 'time') {
      const number = Number(settings[++index]);
      if (!Number.isInteger(number) || number < 0 || number > 255)
        throw new InvalidSetting(`invalid integer argument: ‘${settings[index] ?? ''}’`);
      after[word === 'min' ? 'least' : 'tenths'] = number;
    } else if (['rows', 'cols', 'columns'].includes(word)) {
      throw new InvalidSetting(`${word}: the size of the terminal is given by the page that shows it`);
    } else if (CHARACTERS.some(([name]) => name === word)) {
      throw new InvalidSetting(`${word}: the special characters cannot be changed in this sandbox`);
    } else set(after, word);
  }
  context.sys.call('setTerminalAttributes', fd, after);
}

function set(attributes: TerminalAttributes, word: string): void {
  const combination = COMBINATIONS[word];
  if (combination !== undefined) {
    const words = combination.split(' ').filter((part) => part !== '');
    for (let index = 0; index < words.length; index++) {
      if (words[index] === 'min') attributes.least = Number(words[++index]);
      else if (words[index] === 'time') attributes.tenths = Number(words[++index]);
      else set(attributes, words[index] ?? '');
    }
    return;
  }
  const saved = restore(word);
  if (saved) {
    Object.assign(attributes, saved);
    return;
  }
  const isOn = !word.startsWith('-');
  const name = isOn ? word : word.slice(1);
  const field = FIELDS.find((candidate) => Object.hasOwn(FLAGS[candidate], name));
  if (field === undefined) throw new InvalidSetting(`invalid argument ‘${word}’`);
  const bits = FLAGS[field][name] ?? 0;
  attributes[field] = (isOn ? attributes[field] | bits : attributes[field] & ~bits) >>> 0;
}

function save({ input, output, control, local, least, tenths }: TerminalAttributes): string {
  const words = [input, output, control, local].map((word) => word.toString(16));
  const [first, middle, last] = CHARACTER_CODES;
  return [...words, first, tenths.toString(16), least.toString(16), middle, last].join(':');
}

function restore(word: string): TerminalAttributes | undefined {
  const numbers = word
    .split(':')
    .map((part) => (/^[0-9a-f]{1,8}$/.test(part) ? Number.parseInt(part, 16) : Number.NaN));
  if (numbers.length !== save(DEFAULT_ATTRIBUTES).split(':').length || numbers.some(Number.isNaN)) return undefined;
  const [input = 0, output = 0, control = 0, local = 0] = numbers;
  return { input, output, control, local, tenths: numbers[9] ?? 0, least: numbers[10] ?? 1 };
}

const isOn = (attributes: TerminalAttributes, field: Field, name: string) => {
  const bits = FLAGS[field][name] ?? 0;
  return (attributes[field] & bits) === bits;
};
const settingOf = (attributes: TerminalAttributes, field: Field, name: string) =>
  `${isOn(attributes, field, name) ? '' : '-'}${name}`;

/** What is not as `sane` makes it. */
function describeChanged(attributes: TerminalAttributes): string {
  const sane = { ...DEFAULT_ATTRIBUTES };
  for (const word of SANE.split(' ')) set(sane, word);
  const lines = [`speed ${SPEED} baud; line = 0;`];
  if (!isOn(attributes, 'local', 'icanon')) lines.push(`min = ${attributes.least}; time = ${attributes.tenths};`);
  for (const field of FIELDS) {
    const changed = Object.keys(FLAGS[field])
      .filter((name) => isOn(attributes, field, name) !== isOn(sane, field, name))
      .map((name) => settingOf(attributes, field, name));
    lines.push(...wrapped(changed));
  }
  return `${lines.join('\n')}\n`;
}

function describeAll(attributes: TerminalAttributes, [columns, rows]: [number, number]): string {
  const characters = CHARACTERS.map(([name, character]) => `${name} = ${character};`);
  const delays = ['nl0', 'cr0', 'tab0', 'bs0', 'vt0', 'ff0'];
  const lines = [
    `speed ${SPEED} baud; rows ${rows}; columns ${columns}; line = 0;`,
    ...wrapped([...characters, `min = ${attributes.least};`, `time = ${attributes.tenths};`]),
    ...FIELDS.flatMap((field) => {
      const settings = Object.keys(FLAGS[field]).map((name) => settingOf(attributes, field, name));
      return wrapped(field === 'output' ? [...settings, ...delays] : settings);
    }),
  ];
  return `${lines.join('\n')}\n`;
}

function wrapped(words: readonly string[]): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length < WIDTH) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}
