/** ps: the processes of the sandbox, in the columns of procps. */
import type { ProcessInfo } from '../../kernel/syscalls.ts';
import { baseName } from '../paths.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import { parseOptions } from './options.ts';
import { strftime, zoneOf } from './strftime.ts';
import { wrongUse } from './wrong-use.ts';

export const commandName = ({ argv, ended }: ProcessInfo): string =>
  baseName(argv[0] ?? '?').slice(0, 15) + (ended ? ' <defunct>' : '');
export const commandLine = ({ argv, ended }: ProcessInfo): string =>
  ended ? `[${baseName(argv[0] ?? '?')}] <defunct>` : argv.join(' ');

interface Column {
  title: string;
  width: number;
  left?: boolean;
  show(process: ProcessInfo, context: UtilityContext): string;
}

const two = (value: number) => String(value).padStart(2, '0');

/** `[[dd-]hh:]mm:ss` since the start. */
function elapsed({ startedMs }: ProcessInfo): string {
  const seconds = Math.max(0, Math.floor((Date.now() - startedMs) / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const clock = `${two(minutes)}:${two(seconds % 60)}`;
  if (hours === 0) return clock;
  return hours < 24 ? `${two(hours)}:${clock}` : `${Math.floor(hours / 24)}-${two(hours % 24)}:${clock}`;
}

const started = ({ startedMs }: ProcessInfo, { env }: UtilityContext) =>
  strftime(Date.now() - startedMs < 86_400_000 ? '%H:%M' : '%b%d', startedMs, zoneOf(env.get('TZ')));
const fixed = (text: string) => () => text;

/** What a browser does not tell (processor time, memory) is 0. */
const COLUMNS: Record<string, Column> = {
  pid: { title: 'PID', width: 7, show: ({ pid }) => String(pid) },
  ppid: { title: 'PPID', width: 7, show: ({ ppid }) => String(ppid) },
  pgid: { title: 'PGID', width: 7, show: ({ group }) => String(group) },
  sid: { title: 'SID', width: 7, show: ({ session }) => String(session) },
  user: { title: 'USER', width: 8, left: true, show: fixed('root') },
  uid: { title: 'UID', width: 5, show: fixed('0') },
  c: { title: 'C', width: 2, show: fixed('0') },
  pcpu: { title: '%CPU', width: 4, show: fixed('0.0') },
  pmem: { title: '%MEM', width: 4, show: fixed('0.0') },
  vsz: { title: 'VSZ', width: 6, show: fixed('0') },
  rss: { title: 'RSS', width: 5, show: fixed('0') },
  ni: { title: 'NI', width: 3, show: fixed('0') },
  tty: { title: 'TT', width: 8, left: true, show: fixed('?') },
  stat: { title: 'STAT', width: 4, left: true, show: ({ ended }) => (ended ? 'Z' : 'S') },
  state: { title: 'S', width: 1, left: true, show: ({ ended }) => (ended ? 'Z' : 'S') },
  time: { title: 'TIME', width: 8, show: fixed('00:00:00') },
  etime: { title: 'ELAPSED', width: 11, show: elapsed },
  etimes: { title: 'ELAPSED', width: 7, show: (it) => String(Math.floor((Date.now() - it.startedMs) / 1000)) },
  start: { title: 'STARTED', width: 8, show: started },
  lstart: {
    title: 'STARTED',
    width: 24,
    show: ({ startedMs }, { env }) => strftime('%a %b %e %H:%M:%S %Y', startedMs, zoneOf(env.get('TZ'))),
  },
  comm: { title: 'COMMAND', width: 15, left: true, show: commandName },
  args: { title: 'COMMAND', width: 27, left: true, show: commandLine },
};
const ALIASES: Record<string, string> = {
  '%cpu': 'pcpu',
  '%mem': 'pmem',
  cmd: 'args',
  command: 'args',
  ucmd: 'comm',
  ucomm: 'comm',
  pgrp: 'pgid',
  sess: 'sid',
  euser: 'user',
  uname: 'user',
  tname: 'tty',
  tt: 'tty',
  s: 'state',
  nice: 'ni',
  rssize: 'rss',
  vsize: 'vsz',
  stime: 'start',
};

/** `name`, `name=TITLE`, or a width `name:30`. */
function columnsOf(format: string): Column[] | undefined {
  const chosen = format
    .split(/[ ,]+/)
    .filter(Boolean)
    .map((item) => {
      const [, name = '', width, title] = /^([^:=]+)(?::(\d+))?(?:=(.*))?$/.exec(item) ?? [];
      const column = COLUMNS[ALIASES[name] ?? name];
      const titled = column && (title === undefined ? { ...column, ...TITLES[name] } : { ...column, title });
      return titled && (width === undefined ? titled : { ...titled, width: Number(width) });
    });
  return chosen.every((column) => column !== undefined) ? chosen : undefined;
}
const TITLES: Record<string, Partial<Column>> = {
  cmd: { title: 'CMD' },
  tname: { title: 'TTY' },
  stime: { title: 'STIME', width: 5 },
};

const SHORT = 'pid,tname=TTY,time,ucmd=CMD';
const FULL = 'user=UID,pid,ppid,c,stime,tname=TTY,time,cmd';
const USERS = 'user=USER,pid,pcpu,pmem,vsz,rss,tname=TTY,stat,start:5=START,time:6=TIME,args';

export const ps: Utility = async (context) => {
  // What BSD's ps takes comes without a dash: `ps aux`.
  const bsd = context.args.filter((arg) => /^[a-zA-Z]+$/.test(arg) && context.args.indexOf(arg) === 0).join('');
  const rest = bsd === '' ? context.args : context.args.slice(1);
  const options = parseOptions(rest, {
    short: 'eAafFlxdjwhHcTLyNo:p:q:C:u:U:g:G:t:O:',
    long: {
      'format=': 'o',
      'pid=': 'p',
      'ppid=': 'ppid',
      'user=': 'u',
      'sort=': 'sort',
      'no-headers': 'h',
      'no-heading': 'h',
      headers: 'headers',
      forest: 'forest',
      'cols=': 'cols',
    },
  });
  if (options.problem) return await wrongUse(context, options.problem);
  const values = (name: string) => (options.values.get(name) ?? []).flatMap((text) => text.split(/[ ,]+/));
  const formats = options.values.get('o');
  const all = context.sys.call('processes');
  const session = all.find(({ pid }) => pid === context.pid)?.session;
  const pids = [...values('p'), ...values('q'), ...options.operands];
  const chosen = all.filter((process) => {
    if (pids.length > 0) return pids.includes(String(process.pid));
    if (options.flags.has('ppid')) return values('ppid').includes(String(process.ppid));
    if (options.flags.has('C')) return values('C').includes(commandName(process));
    const everything = /[aex]/.test(bsd) || ['e', 'A', 'a', 'x', 'd', 'u', 'U'].some((name) => options.flags.has(name));
    return everything || process.session === session;
  });
  const plain = bsd.includes('u') ? USERS : options.flags.has('f') || options.flags.has('F') ? FULL : SHORT;
  const columns = columnsOf(formats?.join(',') ?? plain);
  if (!columns) {
    await context.stderr.write(`error: unknown user-defined format specifier "${formats?.join(',')}"\n`);
    return 1;
  }
  const titled = !options.flags.has('h') && columns.some(({ title }) => title !== '');
  if (titled) await context.stdout.line(rowOf(columns, ({ title }) => title));
  for (const process of chosen) await context.stdout.line(rowOf(columns, (column) => column.show(process, context)));
  return chosen.length > 0 ? 0 : 1;
};

function rowOf(columns: readonly Column[], text: (column: Column) => string): string {
  return columns
    .map((column, index) => {
      const cell = text(column);
      if (column.left) return index === columns.length - 1 ? cell : cell.padEnd(column.width);
      return cell.padStart(column.width);
    })
    .join(' ');
}
