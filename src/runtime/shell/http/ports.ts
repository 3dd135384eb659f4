/** lsof -i, fuser PORT/tcp, ss -l: which process waits at which port; and nc -z, whether one does. */
import type { ListeningPort, ProcessInfo } from '../../kernel/syscalls.ts';
import { errorCode } from '../errors.ts';
import { signalNumber } from '../jobs/signals.ts';
import { baseName } from '../paths.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import { SocketStream } from './byte-stream.ts';
import { resolveHost } from './connection.ts';

interface Waiting extends ListeningPort {
  process: ProcessInfo;
}

function waitingPorts({ sys }: UtilityContext): Waiting[] {
  return sys.call('processes').flatMap((process) => process.listening.map((port) => ({ ...port, process })));
}

const nameOf = ({ process }: Waiting): string => baseName(process.argv[0] ?? '?');
const isAny = (address: string): boolean => address === '::' || address === '0.0.0.0';

/** `3000`, `3000,3001`, `3000-3010`. */
function portTest(text: string): (port: number) => boolean {
  const ranges = text.split(',').map((part) => part.split('-').map(Number));
  return (port) => ranges.some(([from = 0, to = from]) => port >= from && port <= to);
}

export const lsof: Utility = async (context) => {
  const asked = readLsof(context.args);
  if (!asked) {
    await context.complain('only what waits at ports is known here: lsof -i :PORT');
    return 1;
  }
  const found = waitingPorts(context).filter(
    ({ port, process }) =>
      asked.wanted.some((fits) => fits(port)) && (asked.pid === undefined || process.pid === asked.pid),
  );
  if (asked.short)
    for (const pid of new Set(found.map(({ process }) => process.pid))) await context.stdout.line(String(pid));
  else if (found.length > 0) await context.stdout.write(lsofTable(found, asked.numeric));
  return found.length > 0 ? 0 : 1;
};

interface LsofAsked {
  wanted: ((port: number) => boolean)[];
  /** Process ids alone. */
  short: boolean;
  /** Addresses as numbers. */
  numeric: boolean;
  pid: number | undefined;
}

/** Undefined without `-i`. */
function readLsof(args: readonly string[]): LsofAsked | undefined {
  const asked: LsofAsked = { wanted: [], short: false, numeric: false, pid: undefined };
  for (let i = 0; i < args.length; i += 1) {
    const [, letters = '', rest = ''] = /^-([tnPal]*)(.*)$/s.exec(args[i] ?? '') ?? [];
    asked.short ||= letters.includes('t');
    asked.numeric ||= letters.includes('n');
    if (rest.startsWith('p')) asked.pid = Number(rest.slice(1) || args[++i]);
    if (!rest.startsWith('i')) continue;
    const next = args[i + 1] ?? '';
    const inline = rest.slice(1);
    const address = inline === '' && /^(?:[46]?(?:tcp|udp)?[:@]|tcp$|udp$)/i.test(next) ? next : inline;
    if (address === next && inline === '') i += 1;
    const ports = /:([\d,-]+)$/.exec(address)?.[1];
    if (!/udp/i.test(address)) asked.wanted.push(ports === undefined ? () => true : portTest(ports));
    else asked.wanted.push(() => false);
  }
  return asked.wanted.length === 0 ? undefined : asked;
}

function lsofTable(found: readonly Waiting[], numeric: boolean): string {
  const rows = found.map((item) => {
    const { address, port, fd, process } = item;
    const host = isAny(address)
      ? '*'
      : !numeric && address === '127.0.0.1'
        ? 'localhost'
        : address.includes(':')
          ? `[${address}]`
          : address;
    const type = address.includes(':') ? 'IPv6' : 'IPv4';
    return [nameOf(item).slice(0, 9), String(process.pid), `${fd}u`, type, `${host}:${port} (LISTEN)`] as const;
  });
  const width = Math.max(7, ...rows.map(([name]) => name.length));
  const pidWidth = Math.max(5, ...rows.map(([, pid]) => pid.length));
  const head = `${'COMMAND'.padEnd(width)} ${'PID'.padStart(pidWidth)} USER   FD   TYPE DEVICE SIZE/OFF NODE NAME\n`;
  return (
    head +
    rows
      .map(
        ([name, pid, fd, type, place]) =>
          `${name.padEnd(width)} ${pid.padStart(pidWidth)} root ${fd.padStart(5)}  ${type} ${'0'.padStart(6)}      0t0  TCP ${place}\n`,
      )
      .join('')
  );
}

export const fuser: Utility = async (context) => {
  let [kills, silent, signal] = [false, false, signalNumber('KILL') ?? 9];
  const names: string[] = [];
  const args = [...context.args];
  for (let arg = args.shift(); arg !== undefined; arg = args.shift()) {
    const given = /^-([A-Z][A-Z0-9]+|\d+)$/.exec(arg)?.[1];
    if (given !== undefined) signal = signalNumber(given) ?? signal;
    else if (arg === '-n') {
      const [space = '', port = ''] = args.splice(0, 2);
      names.push(`${port}/${space}`);
    } else if (arg.startsWith('-')) {
      kills ||= arg.includes('k');
      silent ||= arg.includes('s');
    } else names.push(arg);
  }
  let status = 1;
  for (const name of names) {
    const port = /^(\d+)\/tcp$/.exec(name)?.[1];
    if (port === undefined) {
      await context.stderr.print(`${name}: only ports are known here: fuser PORT/tcp\n`);
      continue;
    }
    const pids = new Set(
      waitingPorts(context).flatMap((item) => (item.port === Number(port) ? [item.process.pid] : [])),
    );
    if (pids.size === 0) continue;
    status = 0;
    if (!silent) {
      await context.stderr.print(`${name}:`.padEnd(20));
      await context.stdout.write([...pids].map((pid) => ` ${pid}`).join(''));
      await context.stdout.flush();
      await context.stderr.print('\n');
    }
    if (kills) for (const pid of pids) context.sys.call('kill', pid, signal);
  }
  return status;
};

/** Only what waits for connections is shown: of those that are made the kernel tells nothing. */
export const ss: Utility = async (context) => {
  const letters = context.args.filter((arg) => /^-\w+$/.test(arg)).join('');
  const shows = /[la]/.test(letters) && !(/[ux]/.test(letters) && !letters.includes('t'));
  const rows = (shows ? waitingPorts(context) : []).map((item) => {
    const v6 = item.address.includes(':');
    const local = item.address === '::' ? '*' : v6 ? `[${item.address}]` : item.address;
    const peer = item.address === '::' ? '*' : v6 ? '[::]' : '0.0.0.0';
    const users = letters.includes('p') ? `users:(("${nameOf(item)}",pid=${item.process.pid},fd=${item.fd}))` : '';
    return { local, port: String(item.port), peer, users };
  });
  const width = (least: number, texts: readonly string[]) => Math.max(least, ...texts.map((text) => text.length));
  const localWidth = width(
    13,
    rows.map(({ local }) => local),
  );
  const portWidth = width(
    4,
    rows.map(({ port }) => port),
  );
  const line = (fields: readonly [string, string, string, string, string, string, string]) => {
    const [state, received, sent, local, port, peer, rest] = fields;
    return `${state.padEnd(6)} ${received.padEnd(6)} ${sent.padEnd(6)} ${local.padStart(localWidth)}:${port.padEnd(portWidth)} ${peer.padStart(12)}:${rest}\n`;
  };
  if (!letters.includes('H'))
    await context.stdout.write(
      line(['State', 'Recv-Q', 'Send-Q', 'Local Address', 'Port', 'Peer Address', 'PortProcess']),
    );
  for (const { local, port, peer, users } of rows)
    await context.stdout.write(line(['LISTEN', '0', '511', local, port, peer, `*   ${users}`]));
  return 0;
};

/** Whether somebody waits at a port; nothing is sent. */
export const nc: Utility = async (context) => {
  const values = new Set(['-w', '-p', '-s', '-i']);
  const operands = context.args.filter(
    (arg, index) => !arg.startsWith('-') && !values.has(context.args[index - 1] ?? ''),
  );
  const letters = context.args.filter((arg) => arg.startsWith('-')).join('');
  const [host = '', port = ''] = operands;
  if (!letters.includes('z') || !/^\d+$/.test(port)) {
    await context.stderr.print('nc: only the test of a port is here: nc -z HOST PORT\n');
    return 1;
  }
  const [address] = resolveHost(host);
  const tell = async (text: string) => {
    if (letters.includes('v')) await context.stderr.print(`${text}\n`);
  };
  if (address === undefined) {
    await context.stderr.print(`nc: getaddrinfo for host "${host}" port ${port}: Name or service not known\n`);
    return 1;
  }
  try {
    const connection = await SocketStream.open(context.sys, resolveHost(host), Number(port));
    await tell(`Connection to ${host} (${connection.remote.address}) ${port} port [tcp/*] succeeded!`);
    connection.close();
    return 0;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    await tell(`nc: connect to ${host} (${address}) port ${port} (tcp) failed: Connection refused`);
    return 1;
  }
};
