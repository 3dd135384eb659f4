/** Small programs that tell of the machine and its user, or that change neither: id arch groups logname getconf sync df uptime free. */
import { processorCount } from '../../process/processors.ts';
import { describeError, errorCode } from '../errors.ts';
import { joinPath } from '../paths.ts';
import type { Utility } from '../utility.ts';
import { formatSize } from './format.ts';
import { parseOptions } from './options.ts';
import { strftime, zoneOf } from './strftime.ts';
import { wrongUse } from './wrong-use.ts';

const tells =
  (text: string): Utility =>
  async ({ stdout }) => {
    await stdout.line(text);
    return 0;
  };

export const arch = tells('x86_64');
export const groups = tells('root');
export const logname = tells('root');
export const sync: Utility = () => 0;

export const id: Utility = async ({ args, stdout, complain }) => {
  const stranger = args.find((arg) => !arg.startsWith('-') && arg !== 'root' && arg !== '0');
  if (stranger !== undefined) {
    await complain(`‘${stranger}’: no such user`);
    return 1;
  }
  const letters = args.filter((arg) => arg.startsWith('-')).join('');
  if (letters.includes('u')) await stdout.line(letters.includes('n') ? 'root' : '0');
  else if (/[gG]/.test(letters)) await stdout.line(letters.includes('n') ? 'root' : '0');
  else await stdout.line('uid=0(root) gid=0(root) groups=0(root)');
  return 0;
};

const CONFIGURATION: Record<string, () => number> = {
  PAGESIZE: () => 4096,
  PAGE_SIZE: () => 4096,
  _NPROCESSORS_ONLN: processorCount,
  _NPROCESSORS_CONF: processorCount,
  ARG_MAX: () => 2_097_152,
  PATH_MAX: () => 4096,
  NAME_MAX: () => 255,
  OPEN_MAX: () => 1024,
  LONG_BIT: () => 64,
  CLK_TCK: () => 100,
};

export const getconf: Utility = async (context) => {
  const [name = ''] = context.args.filter((arg) => arg !== '-a');
  const value = CONFIGURATION[name];
  if (value) await context.stdout.line(String(value()));
  else await context.complain(name === '' ? 'Usage: getconf variable_name' : `Unrecognized variable \`${name}'`);
  return value ? 0 : 2;
};

/** The sandbox has one file system; what of it is used the kernel tells. */
export const df: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'hkmPTaiHB:t:x:l',
    long: {
      'human-readable': 'h',
      portability: 'P',
      'print-type': 'T',
      si: 'H',
      inodes: 'i',
      'block-size=': 'B',
      total: 'total',
      local: 'l',
    },
  });
  if (options.problem) return await wrongUse(context, options.problem);
  const human = options.flags.has('h') || options.flags.has('H');
  const unit = options.flags.has('m') ? 1_048_576 : 1024;
  const show = (bytes: number) => (human ? formatSize(bytes) : String(Math.ceil(bytes / unit)));
  const size = human
    ? 'Size'
    : options.flags.has('P')
      ? '1024-blocks'
      : options.flags.has('m')
        ? '1M-blocks'
        : '1K-blocks';
  const available = human ? 'Avail' : 'Available';
  const titles = ['Filesystem', size, 'Used', available, options.flags.has('P') ? 'Capacity' : 'Use%', 'Mounted on'];
  const rows: string[][] = [];
  let status = 0;
  for (const name of options.operands.length > 0 ? options.operands : ['/']) {
    try {
      const [, block = 4096, total = 0, free = 0] = context.sys.call('statfs', context.resolve(name));
      const used = total - free;
      const share = total === 0 ? 0 : Math.ceil((used / total) * 100);
      rows.push(['sandbox', show(total * block), show(used * block), show(free * block), `${share}%`, '/']);
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
      await context.complain(`${name}: ${describeError(error)}`);
      status = 1;
    }
  }
  if (rows.length === 0) return status;
  // As wide as GNU df has them at least.
  const widths = titles.map((title, column) =>
    Math.max(title.length, column === 0 ? 14 : human ? 5 : 8, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  if (human) widths[4] = 4;
  for (const row of [titles, ...rows])
    await context.stdout.line(
      row
        .map((cell, column) =>
          column === 5
            ? cell
            : column === 0
              ? cell.padEnd(widths[0] ?? 0)
              : cell.padStart(column === 4 ? Math.max(titles[4]?.length ?? 0, 4) : (widths[column] ?? 0)),
        )
        .join(' '),
    );
  return status;
};

export const uptime: Utility = async ({ stdout, sys, env, args }) => {
  const started = Math.min(Date.now(), ...sys.call('processes').map(({ startedMs }) => startedMs));
  const zone = zoneOf(env.get('TZ'));
  const minutes = Math.floor((Date.now() - started) / 60_000);
  if (args.includes('-s')) await stdout.line(strftime('%Y-%m-%d %H:%M:%S', started, zone));
  else if (args.includes('-p')) await stdout.line(`up ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`);
  else
    await stdout.line(
      ` ${strftime('%H:%M:%S', Date.now(), zone)} up ${minutes} min,  0 users,  load average: 0.00, 0.00, 0.00`,
    );
  return 0;
};

/** Each name can be made where it says (POSIX pathchk). */
export const pathchk: Utility = async (context) => {
  let status = 0;
  for (const name of context.args.filter((arg) => !arg.startsWith('-'))) {
    const long = name.split('/').find((part) => part.length > 255);
    if (long === undefined && joinPath('/', name).length < 4096) continue;
    status = 1;
    await context.complain(
      `limit 255 exceeded by length ${long?.length ?? name.length} of file name component ‘${long ?? name}’`,
    );
  }
  return status;
};
