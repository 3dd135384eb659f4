/**
 * What the arguments of each system call must be. A process may post anything that a message can carry: nothing of it reaches a
 * handler before it was checked here, as a value of another type in an inode or a descriptor table would harm other processes.
 */
import { isSyncMemory } from '../channel/sync-layout.ts';
import { ANNOUNCEMENTS, MOST_USED, type SyscallName, type Syscalls, SystemError } from '../syscalls.ts';
import { checkCount, checkSize, MAX_ARGUMENTS } from './argument-size.ts';

type Check = (value: unknown) => boolean;
type Checks<Arguments extends unknown[]> = { [Index in keyof Arguments]-?: Check };

const MAX_LIST = 65_536;

const text: Check = (value) => typeof value === 'string';
const flag: Check = (value) => typeof value === 'boolean';
const integer: Check = (value) => Number.isSafeInteger(value);
const time: Check = (value) => Number.isFinite(value);
const length: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const port: Check = (value) => length(value) && (value as number) <= 65_535;
const position: Check = (value) => value === null || length(value);
/** Not a view of shared memory, which could change under the kernel's hands. */
const bytes: Check = (value) => value instanceof Uint8Array && value.buffer instanceof ArrayBuffer;
/** Or those of a request that lies in the kernel's own window: whoever takes these copies them at once. */
const written: Check = (value) => bytes(value) || (value instanceof Uint8Array && isSyncMemory(value.buffer));
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const list =
  (check: Check, most = MAX_LIST): Check =>
  (value) =>
    // The length comes first: a sparse array may claim four thousand million items.
    Array.isArray(value) && value.length <= most && Array.from(value).every(check);
/** Each takes a byte at least. */
const words = list(text, MAX_ARGUMENTS);
const record =
  (fields: Record<string, Check>): Check =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(fields).every(([name, check]) => check((value as Record<string, unknown>)[name]));
const endpoint = record({ address: text, port });
const limit: Check = (value) => typeof value === 'number' && value >= 0;

const spawnRequest = record({
  file: text,
  argv: words,
  env: words,
  cwd: optional(text),
  stdio: list(integer),
  detached: optional(flag),
  group: optional(integer),
});
const terminalAttributes = record({
  input: length,
  output: length,
  control: length,
  local: length,
  least: length,
  tenths: length,
});
const collectRequest = record({
  inputs: list(record({ fd: integer, data: bytes })),
  outputs: list(integer),
  timeoutMs: limit,
  maxBuffer: limit,
  killSignal: integer,
});

const portMessage = record({
  number: integer,
  data: bytes,
  hosts: list(text),
  buffers: list(bytes),
  ports: list(integer),
  opened: list(integer),
  shared: integer,
});
const sourceKind: Check = (value) => value === 'function' || value === 'module';
const messageOrClosed: Check = (value) => value === null || portMessage(value);
const sharedObjects: Check = (value) => value === null || list(() => true)(value);
const threadRequest = record({
  id: integer,
  name: text,
  port: integer,
  isInternal: flag,
  execArgv: list(text),
  nodeOptions: text,
  env: list(text),
  sharesEnvironment: flag,
  closesFiles: flag,
  resourceLimits: list((value) => typeof value === 'number'),
  timeOrigin: (value) => typeof value === 'number',
});

const checks: { [Name in SyscallName]: Checks<Parameters<Syscalls[Name]>> } = {
  open: [text, integer, integer],
  openFile: [text, integer, integer, flag],
  writeFile: [text, bytes, integer, integer],
  appendAgain: [integer, written],
  changePath: [text, integer, time, time],
  changeAgain: [integer, integer, time, time],
  openAs: [integer, text, integer, integer],
  listNames: [text, length],
  look: [integer, length, length],
  seek: [integer, length],
  awaitOpen: [integer],
  mkfifo: [text, integer],
  flock: [integer, integer],
  reopen: [integer, text, integer, integer],
  close: [integer],
  discard: [integer],
  reserve: [length],
  read: [integer, length, position],
  write: [integer, written, position],
  readFile: [text, optional(length)],
  stat: [text, flag],
  statOrNull: [text, flag],
  fstat: [integer],
  statfs: [text],
  readdir: [text],
  neighbours: [
    text,
    length,
    optional((value) => Array.isArray(value) && value.length === 2 && text(value[0]) && length(value[1])),
    optional(text),
    optional(list(text, MOST_USED)),
  ],
  mkdir: [text, integer, flag],
  rmdir: [text],
  unlink: [text],
  rename: [text, text],
  link: [text, text],
  symlink: [text, text],
  readlink: [text],
  realpath: [text],
  access: [text, integer],
  chmod: [text, integer],
  fchmod: [integer, integer],
  chown: [text, integer, integer, flag],
  fchown: [integer, integer, integer],
  utimes: [text, time, time, flag],
  futimes: [integer, time, time],
  ftruncate: [integer, integer],
  copyFile: [text, text, integer],
  mkdtemp: [text],
  remove: [text, flag],
  watch: [text, flag],
  nextWatchEvent: [integer],
  pipe: [optional(flag)],
  socketpair: [],
  dup: [integer],
  dup2: [integer, integer],
  descriptorKind: [integer],
  endpoints: [integer],
  terminalSize: [integer],
  setRawMode: [integer, flag],
  terminalAttributes: [integer],
  setTerminalAttributes: [integer, terminalAttributes],
  spawn: [spawnRequest],
  wait: [integer],
  collect: [integer, collectRequest],
  kill: [integer, integer],
  processes: [],
  exit: [integer, optional(integer)],
  handleSignal: [integer, flag],
  setTitle: [text],
  chdir: [text],
  getcwd: [],
  umask: [(value) => value === null || integer(value)],
  listen: [text, port, integer, optional(record({ ipv6Only: optional(flag), reusePort: optional(flag) }))],
  accept: [integer],
  acceptNext: [integer],
  connect: [text, port, optional(endpoint)],
  listenPath: [text, integer],
  connectPath: [text],
  shutdown: [integer],
  sendDescriptor: [integer, bytes, integer],
  receiveAvailable: [integer, length],
  poll: [integer],
  readAvailable: [integer, length],
  receive: [integer, length, optional(flag)],
  push: [integer, bytes],
  writeAvailable: [integer, bytes, optional(integer)],
  takeError: [integer],
  reset: [integer],
  datagramSocket: [],
  bindDatagram: [integer, endpoint, optional(record({ ipv6Only: optional(flag), reuseAddress: optional(flag) }))],
  sendDatagram: [integer, bytes, endpoint],
  receiveDatagram: [integer],
  setForeground: [integer, integer],
  exec: [spawnRequest],
  leave: [integer],
  createThread: [integer],
  startThread: [threadRequest],
  stopThread: [integer],
  shareMemory: [(value) => value instanceof SharedArrayBuffer],
  openPorts: [integer, integer],
  joinPort: [integer, text],
  postToPort: [integer, portMessage, sharedObjects],
  takeMessages: [],
  giveBackMessage: [integer, messageOrClosed, sharedObjects],
  closePort: [integer],
  ownDescriptor: [integer],
  announce: [(value) => ANNOUNCEMENTS.some((topic) => topic === value), list(text)],
  shareEnvironment: [list(text)],
  readEnvironment: [],
  setVariable: [text, (value) => value === null || text(value)],
  runtimePart: [text],
  transform: [sourceKind, bytes],
  knownModule: [bytes],
  keepModule: [bytes],
};

/** The call's name and arguments as their types say; ENOSYS, EINVAL, E2BIG. */
export function checkCall(name: unknown, values: unknown): { name: SyscallName; args: unknown[] } {
  if (typeof name !== 'string' || !Object.hasOwn(checks, name)) throw new SystemError('ENOSYS');
  const call = name as SyscallName;
  const wanted: Check[] = checks[call];
  if (!Array.isArray(values)) throw new SystemError('EINVAL');
  if (call === 'spawn' || call === 'exec') checkCount(values[0] ?? {});
  for (const [index, check] of wanted.entries()) {
    if (!check(values[index])) throw new SystemError('EINVAL', `${call}: argument ${index + 1} is not valid`);
  }
  if (call === 'spawn' || call === 'exec') checkSize(values[0] as Parameters<Syscalls['spawn']>[0]);
  return { name: call, args: values.slice(0, wanted.length) };
}
