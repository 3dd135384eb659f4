import { afterEach, describe, expect, it, vi } from 'vitest';
import { dispatch } from '../../kernel/calls/dispatch.ts';
import { ProcessChannel } from '../../kernel/channel/process-channel.ts';
import { Behind, viewsOf, Word } from '../../kernel/channel/sync-layout.ts';
import { DeviceDescription } from '../../kernel/descriptions/device.ts';
import { O_APPEND, O_CREAT, O_DIRECTORY, O_EXCL, O_RDWR, O_TRUNC, O_WRONLY } from '../../kernel/file-modes.ts';
import type { DeviceInode } from '../../kernel/file-system/inode.ts';
import { layOut } from '../../kernel/file-system/layout.ts';
import { find, findDirectory } from '../../kernel/file-system/lookup.ts';
import { Kernel } from '../../kernel/kernel.ts';
import type { ProcessRecord } from '../../kernel/processes/process-record.ts';
import type { SeatOwner, WorkerPool } from '../../kernel/processes/worker-pool.ts';
import type { Entries, Stat, SyscallName } from '../../kernel/syscalls.ts';
import { attempt } from './kept-calls.ts';
import { KernelSys } from './kernel-sys.ts';

/** Kernel and processes in one thread: who waits for the kernel lets it answer at once; rings are taken when the test says so. */
function inOneThread() {
  // No turn of the kernel is too long.
  vi.spyOn(performance, 'now').mockReturnValue(0);
  const waiting = new Map<ArrayBufferLike, () => void>();
  vi.spyOn(Atomics, 'waitAsync').mockImplementation(((words: Int32Array, index: number) => ({
    async: true,
    value: {
      // biome-ignore lint/suspicious/noThenProperty: what the kernel waits for
      then: (go: () => void) => {
        if (index === Word.state) waiting.set(words.buffer, go);
      },
    },
  })) as never);
  vi.spyOn(Atomics, 'notify').mockImplementation(((words: Int32Array, index: number) => {
    const go = index === Word.state ? waiting.get(words.buffer) : undefined;
    if (go) waiting.delete(words.buffer);
    go?.();
    return 0;
  }) as never);
}

const channels: ProcessChannel[] = [];
afterEach(() => {
  vi.restoreAllMocks();
  for (const channel of channels.splice(0)) {
    channel.close();
    channel.remotePort.close();
  }
});

/** `handled` are the calls of all processes. */
function createKernel(): { kernel: Kernel; start: () => ProcessRecord; handled: unknown[] } {
  const handled: unknown[] = [];
  const seat = () => {
    let owner: SeatOwner | null = null;
    const channel = new ProcessChannel({
      handle: (name, args, visited) => {
        handled.push(name);
        return owner?.handle(name, args, visited);
      },
      onViolation: (reason) => expect.unreachable(reason),
    });
    channels.push(channel);
    const attach = (attached: SeatOwner) => {
      owner = attached;
    };
    return { channel, attach, launch: () => undefined, terminate: () => channel.close() };
  };
  const pool = { take: seat, noteUse: () => undefined, release: () => undefined } as unknown as WorkerPool;
  const kernel = new Kernel(pool, dispatch);
  layOut(kernel.fs, ['ls'], '/home/project');
  const cwd = findDirectory({ root: kernel.fs.root, cwd: kernel.fs.root, umask: 0 }, '/tmp');
  const stream = () =>
    new DeviceDescription(find({ root: kernel.fs.root, cwd, umask: 0 }, '/dev/null', true) as DeviceInode);
  const start = () => {
    const stdio = [stream(), stream(), stream()];
    return kernel.start(null, { file: 'ls', argv: ['ls'], env: [], cwd, cwdPath: '/tmp', stdio, detached: false });
  };
  return { kernel, start, handled };
}

/** A process of its own end of the channel. */
function createProcess(start: () => ProcessRecord) {
  const channel = start().channel as ProcessChannel;
  const sys = new KernelSys(channel.memory, channel.remotePort, () => Date.now());
  sys.ownWorkingDirectory();
  const { words, ring } = viewsOf(channel.memory);
  const call = (name: SyscallName, ...args: unknown[]) => Reflect.apply(sys.call, sys, [name, ...args]) as unknown;
  return {
    call,
    settle: () => channel.takeRing(),
    failed: () => words[Word.behindFailed] !== 0,
    nextKind: () => ring.nextKind,
  };
}
/** Repeatable. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];
const FLAGS = [
  O_WRONLY | O_CREAT | O_TRUNC,
  O_WRONLY | O_CREAT | O_EXCL,
  O_RDWR,
  O_RDWR | O_CREAT,
  O_WRONLY | O_CREAT | O_APPEND,
  O_WRONLY | O_TRUNC,
  0,
];
/** So many of the calls below change names of one folder. */
const CHANGING = 12;
type Call = [name: SyscallName, ...args: unknown[]];

function randomCall(random: (below: number) => number, fds: readonly number[]): Call {
  const pick = <T>(items: readonly T[]): T => items[random(items.length)] as T;
  const path = (): string => {
    const names = Array.from({ length: 1 + random(3) }, () => pick(NAMES)).join('/');
    const odd = random(30);
    if (odd === 0) return `/tmp/${names}/`;
    if (odd === 1) return `/tmp//${names}`;
    if (odd === 2) return `/tmp/${pick(NAMES)}/../${names}`;
    if (odd === 3)
      return pick([`${names}/.`, `${names}/..`, `./${names}`, `../tmp/${names}`, `//tmp/${names}`, '', '/', '.']);
    return odd < 12 ? names : `/tmp/${names}`;
  };
  const flat = () => (random(3) ? `/tmp/${pick(NAMES)}` : pick(NAMES));
  const fd = () => fds.at(-1 - random(2)) ?? 77;
  const data = () => new Uint8Array(random(6)).fill(65 + random(20));
  const calls: (() => Call)[] = [
    () => ['mkdir', flat(), 0o755, false],
    () => ['rmdir', flat()],
    () => ['unlink', flat()],
    () => ['unlink', flat()],
    () => ['rename', flat(), flat()],
    () => ['link', flat(), flat()],
    () => ['symlink', pick(NAMES), flat()],
    () => ['writeFile', flat(), data(), O_WRONLY | O_CREAT | O_TRUNC, 0o640],
    () => ['open', flat(), pick(FLAGS), 0o666],
    () => ['open', flat(), O_WRONLY | O_CREAT | O_EXCL, 0o666],
    () => ['close', fd()],
    () => ['close', fd()],
    () => ['mkdir', path(), 0o755, random(3) === 0],
    () => ['rmdir', path()],
    () => ['unlink', path()],
    () => ['rename', path(), path()],
    () => ['link', path(), path()],
    () => ['symlink', pick([`/tmp/${pick(NAMES)}`, pick(NAMES), `${pick(NAMES)}/`, '.']), path()],
    () => ['utimes', path(), random(1000), random(1000), random(3) === 0],
    () => ['writeFile', path(), data(), pick(FLAGS.filter((flags) => flags !== 0)), 0o640],
    () => ['open', path(), pick(FLAGS), 0o666],
    () => ['write', fd(), data(), random(2) ? null : random(8)],
    () => ['ftruncate', fd(), random(8)],
    () => ['read', fd(), 1 + random(8), random(2) ? null : random(8)],
    () => ['fstat', fd()],
    () => ['open', path(), 0, 0],
    () => ['open', flat(), 0, 0],
    () => ['readFile', flat()],
    () => ['dup', fd()],
    // Whatever is there, or is not.
    () => [pick(['fstat', 'descriptorKind', 'close'] as const), random(16)],
    () => ['copyFile', path(), path(), random(2)],
    () => ['remove', random(4) ? `${path()}/d` : path(), random(2) === 0],
    () => ['stat', path(), random(2) === 0],
    () => ['stat', flat(), false],
    () => ['access', path(), 0],
    () => ['readdir', path()],
    () => ['readFile', path()],
    () => ['readlink', path()],
    () => ['realpath', path()],
    () => ['chmod', path(), 0o600 + random(0o77)],
    () => ['statfs', '/tmp'],
    () => ['chdir', random(2) ? '/tmp' : path()],
    () => ['getcwd'],
  ];
  // Most of them where a process comes to know all names.
  return random(2) ? pick(calls.slice(0, CHANGING))() : pick(calls)();
}

/** What can be compared: the numbers of inodes and the times of access cannot. */
function comparable(name: SyscallName, value: unknown): unknown {
  if (name === 'writeFile') return undefined;
  if (name !== 'stat' && name !== 'fstat') return value;
  const { ino: _ino, atimeMs: _atimeMs, ...rest } = value as Stat;
  return rest;
}

/** Before a call that changes names the kernel itself makes what others have not waited for. */
const changesNames = ([name, ...args]: Call): boolean =>
  /^(?:mkdir|rmdir|unlink|rename|link|symlink|copyFile|remove)$/.test(name) ||
  (name === 'open' && ((args[1] as number) & O_CREAT) !== 0) ||
  (name === 'writeFile' && ((args[2] as number) & O_CREAT) !== 0);

describe.each([1, 2, 3])('%i processes', (count) => {
  it.each(Array.from({ length: 8 }, (_, seed) => seed))(
    'do to names what they would do if they waited for each call (%i)',
    (seed) => {
      inOneThread();
      const random = randomNumbers(seed * 7919 + count);
      let time = 1_700_000_000_000;
      vi.spyOn(Date, 'now').mockImplementation(() => time);
      const ours = createKernel();
      const processes = Array.from({ length: count }, () => ({ ...createProcess(ours.start), fds: [] as number[] }));
      const reference = createKernel();
      const records = Array.from({ length: count }, () => reference.start());
      let at = 0;
      for (let step = 0; step < 400; step++) {
        if (random(4) === 0) at = random(count);
        time += random(3);
        const process = processes[at] as (typeof processes)[number];
        const record = records[at] as ProcessRecord;
        const next = randomCall(random, process.fds);
        const [name, ...args] = next;
        // Who reads, or writes what others see, does so behind what they have told it of.
        if (!changesNames(next)) for (const other of processes) if (other !== process) other.settle();
        const expected = attempt(() => reference.kernel.call(record, record.threads.main, name, args));
        const got = attempt(() => process.call(name, ...args));
        // It happens when the kernel comes to it.
        if (/^(?:ftruncate|chmod|utimes)$/.test(name)) process.settle();
        const what = `${step}: ${at} ${name} ${args.join(' ')}`;
        expect(got.code, what).toBe(expected.code);
        if (got.code === null) expect(comparable(name, got.value), what).toEqual(comparable(name, expected.value));
        if ((name === 'open' || name === 'dup') && got.code === null) process.fds.push(got.value as number);
        if (name === 'close') process.fds = process.fds.filter((fd) => fd !== args[0]);
      }
      for (const process of processes) {
        process.settle();
        expect(process.failed()).toBe(false);
      }
    },
  );
});

it('changes names that it knows without waiting', () => {
  inOneThread();
  const { kernel, start } = createKernel();
  const { call, nextKind, settle } = createProcess(start);
  const isPosted = (action: () => unknown) => {
    settle();
    action();
    return nextKind() === Behind.change;
  };
  call('mkdir', '/tmp/x', 0o755, false);
  const flags = O_WRONLY | O_CREAT | O_TRUNC;
  const posted: [string, () => unknown][] = [
    ['mkdir', () => call('mkdir', '/tmp/x/folder', 0o755, false)],
    ['mkdir -p', () => call('mkdir', '/tmp/x/folder/in/side', 0o755, true)],
    ['writeFile', () => call('writeFile', '/tmp/x/file', new Uint8Array(3), flags, 0o644)],
    ['writeFile again', () => call('writeFile', '/tmp/x/file', new Uint8Array(5), flags, 0o644)],
    ['rename', () => call('rename', '/tmp/x/file', '/tmp/x/folder/file')],
    ['link', () => call('link', '/tmp/x/folder/file', '/tmp/x/linked')],
    ['symlink', () => call('symlink', 'linked', '/tmp/x/symlink')],
    ['lutimes', () => call('utimes', '/tmp/x/symlink', 1, 2, false)],
    ['unlink', () => call('unlink', '/tmp/x/folder/file')],
    ['rmdir', () => call('rmdir', '/tmp/x/folder/in/side')],
    ['mkdtemp', () => call('mkdtemp', '/tmp/x/folder/tmp-')],
  ];
  expect(posted.map(([name, action]) => [name, isPosted(action)])).toEqual(posted.map(([name]) => [name, true]));
  const close = call('open', '/tmp/x/linked', O_WRONLY, 0) as number;
  call('close', close);
  for (const [path, how] of [
    ['/tmp/x/linked', O_WRONLY],
    ['/tmp/x/linked', flags],
    ['/tmp/x/new', flags],
    ['/tmp/x/newer', flags | O_EXCL],
  ] as const) {
    expect([path, isPosted(() => expect(call('open', path, how, 0o644)).toBe(close))]).toEqual([path, true]);
    call('close', close);
  }
  settle();
  void kernel;
});

it('does so where the path is relative, as long as it is certain which folder that begins at', () => {
  inOneThread();
  const { start } = createKernel();
  const [one, other] = [createProcess(start), createProcess(start)];
  const flags = O_WRONLY | O_CREAT | O_TRUNC;
  const write = (path: string, size = 1) => one.call('writeFile', path, new Uint8Array(size), flags, 0o644);
  const isPosted = (path: string, size?: number) => {
    one.settle();
    write(path, size);
    return one.nextKind() === Behind.change;
  };
  one.call('mkdir', '/tmp/x', 0o755, false);
  one.call('mkdir', '/tmp/x/home', 0o755, false);
  one.call('chdir', '/tmp/x/home');
  one.call('mkdir', 'in', 0o755, false);
  for (const name of ['a', 'b', 'c', 'd']) {
    write(name);
    write(`in/${name}`);
  }
  const posted = [isPosted('file'), isPosted('file', 7), isPosted('in/file'), isPosted('in/file', 7)];
  expect(posted).toEqual([true, true, true, true]);
  expect(one.call('stat', '/tmp/x/home/file', true)).toMatchObject({ size: 7 });
  expect(one.call('stat', '/tmp/x/home/in/file', true)).toMatchObject({ size: 7 });
  one.settle();
  // Another folder lies at that path now.
  other.call('rename', '/tmp/x/home', '/tmp/x/moved');
  other.call('mkdir', '/tmp/x/home', 0o755, false);
  write('late');
  one.settle();
  expect(one.call('stat', '/tmp/x/moved/late', true)).toMatchObject({ size: 1 });
  expect(() => one.call('stat', '/tmp/x/home/late', true)).toThrow('ENOENT');
  one.call('chdir', '/tmp');
  write('late');
  expect(one.call('stat', '/tmp/late', true)).toMatchObject({ size: 1 });
});

it('tells what it has made and changed without asking for it', () => {
  inOneThread();
  const { start } = createKernel();
  const { call, nextKind } = createProcess(start);
  const flags = O_WRONLY | O_CREAT | O_TRUNC;
  call('mkdir', '/tmp/x', 0o755, false);
  call('writeFile', '/tmp/x/file', new Uint8Array(3), flags, 0o666);
  const sizeOf = (path: string) => (call('stat', path, true) as Stat).size;
  expect(sizeOf('/tmp/x/file')).toBe(3);
  call('writeFile', '/tmp/x/file', new Uint8Array(5000), flags, 0o644);
  call('rename', '/tmp/x/file', '/tmp/x/moved');
  call('mkdir', '/tmp/x/folder', 0o777, false);
  const { mode, blocks } = call('stat', '/tmp/x/moved', false) as Stat;
  expect([mode, blocks, (call('stat', '/tmp/x/folder', true) as Stat).mode]).toEqual([0o100644, 16, 0o040755]);
  // It lies there yet: the kernel was not asked.
  expect(nextKind()).toBe(Behind.change);
  const fd = call('open', '/tmp/x/moved', O_RDWR, 0) as number;
  call('write', fd, new Uint8Array(7), 4996);
  expect([(call('fstat', fd) as Stat).size, nextKind()]).toEqual([5003, Behind.write]);
  call('close', fd);
  expect([sizeOf('/tmp/x/moved'), nextKind()]).toEqual([5003, Behind.write]);
});

it('needs not all names of a folder to know what it has changed itself', () => {
  inOneThread();
  const { start } = createKernel();
  const [one, other] = [createProcess(start), createProcess(start)];
  const flags = O_WRONLY | O_CREAT | O_TRUNC;
  other.call('mkdir', '/tmp/x', 0o755, false);
  for (let index = 0; index < 300; index++) other.call('writeFile', `/tmp/x/${index}`, new Uint8Array(3), flags, 0o666);
  const isPosted = (action: () => unknown) => {
    one.settle();
    action();
    return one.nextKind() === Behind.change;
  };
  const folder = one.call('mkdtemp', '/tmp/x/') as string;
  expect(isPosted(() => one.call('rmdir', folder))).toBe(true);
  one.call('rename', '/tmp/x/1', '/tmp/x/moved');
  expect(isPosted(() => one.call('rename', '/tmp/x/moved', '/tmp/x/1'))).toBe(true);
  one.call('link', '/tmp/x/2', '/tmp/x/linked');
  expect(isPosted(() => one.call('unlink', '/tmp/x/linked'))).toBe(true);
  one.call('stat', '/tmp/x/1', true);
  // What is known of a file goes on from what was told once.
  expect(isPosted(() => one.call('writeFile', '/tmp/x/1', new Uint8Array(8), flags, 0o666))).toBe(true);
  expect([(one.call('stat', '/tmp/x/1', true) as Stat).size, one.nextKind()]).toEqual([8, Behind.change]);
});

it('opens many files at once without waiting for each', () => {
  inOneThread();
  const { start, handled } = createKernel();
  const [one, other] = [createProcess(start), createProcess(start)];
  const names = Array.from({ length: 500 }, (_, index) => `/tmp/tree/${index}`);
  other.call('mkdir', '/tmp/tree', 0o755, false);
  const flags = O_WRONLY | O_CREAT | O_TRUNC;
  for (const name of names) other.call('writeFile', name, new TextEncoder().encode(name), flags, 0o666);
  other.settle();
  const openAll = (how: number, more = '') => {
    handled.length = 0;
    const fds = names.map((name) => one.call('open', name + more, how, 0o644) as number);
    const waited = handled.filter((name) => name !== 'openAs' && name !== 'discard').length;
    one.settle();
    expect(fds).toEqual(names.map((_, index) => 3 + index));
    return { fds, waited };
  };
  const closeAll = (fds: readonly number[]) => {
    for (const fd of fds) one.call('close', fd);
  };
  const read = openAll(0);
  const texts = read.fds.map((fd) => new TextDecoder().decode(one.call('read', fd, 100, null) as Uint8Array));
  expect(texts).toEqual(names);
  // A number that was asked for is not open.
  expect(() => one.call('fstat', 503)).toThrow('EBADF');
  expect([one.call('dup', 0), one.call('close', 503)]).toEqual([503, undefined]);
  closeAll(read.fds);
  const made = openAll(flags, '.new');
  closeAll(made.fds);
  closeAll(openAll(O_WRONLY).fds);
  one.settle();
  expect(one.failed()).toBe(false);
  expect([read.waited, made.waited].filter((waited) => waited > 60)).toEqual([]);
});

it('asks once for what is not there, until something is made there or on the way', () => {
  inOneThread();
  const { start, handled } = createKernel();
  const [process, other] = [createProcess(start), createProcess(start)];
  const ways = (name: SyscallName, ...args: unknown[]) =>
    [1, 2, 3].map(() => {
      handled.length = 0;
      return `${attempt(() => process.call(name, ...args)).code} ${handled.length}`;
    });
  other.call('writeFile', '/tmp/file', new Uint8Array(1), O_WRONLY | O_CREAT, 0o666);
  const once = (code: string) => [`${code} 1`, `${code} 0`, `${code} 0`];
  expect(ways('open', '/tmp/none', 0, 0)).toEqual(once('ENOENT'));
  expect(ways('open', '/tmp/file/none', 0, 0)).toEqual(once('ENOTDIR'));
  expect(ways('readFile', '/tmp/folder/none')).toEqual(once('ENOENT'));
  expect(ways('open', '/tmp/folder/none', 0, 0)).toEqual(['ENOENT 0', 'ENOENT 0', 'ENOENT 0']);
  // What makes it, or would open something else, is asked for.
  expect(ways('open', '/tmp/none', O_DIRECTORY, 0)).toEqual(['ENOENT 1', 'ENOENT 1', 'ENOENT 1']);
  other.call('mkdir', '/tmp/folder', 0o755, false);
  other.settle();
  expect(ways('open', '/tmp/folder/none', 0, 0)).toEqual(once('ENOENT'));
  other.call('writeFile', '/tmp/none', new Uint8Array(1), O_WRONLY | O_CREAT, 0o666);
  other.settle();
  expect(attempt(() => process.call('open', '/tmp/none', 0, 0)).code).toBeNull();
});

it('asks once for several folders when it goes from one to the next, and sees what others change in them meanwhile', () => {
  inOneThread();
  const { start, handled } = createKernel();
  const [one, other] = [createProcess(start), createProcess(start)];
  const files = Array.from({ length: 1200 }, (_, index) => `/tmp/tree/${Math.floor(index / 40)}/${index % 40}`);
  const write = (path: string, length: number) =>
    other.call('writeFile', path, new Uint8Array(length).fill(length), O_WRONLY | O_CREAT | O_TRUNC, 0o666);
  for (let folder = 0; folder < 30; folder++) other.call('mkdir', `/tmp/tree/${folder}`, 0o755, true);
  for (const path of files) write(path, 20);
  other.settle();
  handled.length = 0;
  for (const path of files) expect((one.call('stat', path, true) as Stat).size).toBe(20);
  const looks = handled.length;
  for (const path of files) expect(one.call('readFile', path)).toEqual(new Uint8Array(20).fill(20));
  expect([looks, handled.length - looks].filter((asked) => asked > 7)).toEqual([]);
  const random = randomNumbers(3);
  for (const [index, path] of files.entries()) {
    const ahead = files[index + random(200)];
    if (ahead !== undefined && random(20) === 0) write(ahead, random(200));
    other.settle();
    expect(one.call('readFile', path)).toEqual(other.call('readFile', path));
    expect(one.call('stat', path, true)).toEqual(other.call('stat', path, true));
  }
});

it.each(['/tmp/tree', 'tree'])('asks by the folder when it reads a tree that another has made (%s)', (root) => {
  inOneThread();
  const { start, handled } = createKernel();
  const [one, other] = [createProcess(start), createProcess(start)];
  const folders = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  const names = Array.from({ length: 40 }, (_, index) => `${index}.txt`);
  for (const folder of folders) {
    other.call('mkdir', `/tmp/tree/${folder}`, 0o755, true);
    for (const name of names)
      other.call('writeFile', `/tmp/tree/${folder}/${name}`, new Uint8Array(20).fill(65), O_WRONLY | O_CREAT, 0o666);
  }
  other.settle();
  const readTree = () => {
    handled.length = 0;
    for (const folder of (one.call('readdir', root) as Entries).names) {
      const found = one.call('readdir', `${root}/${folder}`) as Entries;
      expect([found.names, new Set(found.types)]).toEqual([[...names].sort(), new Set([1])]);
      for (const name of found.names) {
        expect((one.call('stat', `${root}/${folder}/${name}`, true) as Stat).size).toBe(20);
        expect(one.call('readFile', `${root}/${folder}/${name}`)).toEqual(new Uint8Array(20).fill(65));
      }
    }
    return handled.length;
  };
  // A few for the first folders, then one for each, and the way to the relative ones.
  expect(readTree()).toBeLessThan(4 * folders.length);
  expect(readTree()).toBeLessThan(2);
});

it('leaves a path that leads back to the kernel: a folder that is made on the way changes where it leads', () => {
  inOneThread();
  const { start } = createKernel();
  const { call } = createProcess(start);
  call('mkdir', '/tmp/x', 0o755, false);
  call('writeFile', '/tmp/x/file', new Uint8Array(3), O_WRONLY | O_CREAT | O_TRUNC, 0o666);
  expect(() => call('mkdir', '/tmp/x/missing/../file', 0o755, true)).toThrow('ENOTDIR');
});

it('sees what another has made before it replaced a file by another one', () => {
  inOneThread();
  const { start } = createKernel();
  const [one, other] = [createProcess(start), createProcess(start)];
  const write = (process: typeof one, path: string) =>
    process.call('writeFile', path, new Uint8Array(1), O_WRONLY | O_CREAT | O_TRUNC, 0o666);
  for (const name of ['a', 'b', 'c']) write(one, `/tmp/${name}`);
  one.call('unlink', '/tmp/c');
  one.call('rename', '/tmp/a', '/tmp/b');
  write(one, '/tmp/a');
  write(other, '/tmp/c');
  one.call('rename', '/tmp/a', '/tmp/b');
  expect(attempt(() => one.call('open', '/tmp/c', O_WRONLY | O_CREAT | O_EXCL, 0o666)).code).toBe('EEXIST');
});

it('knows that a file renamed to itself behind a link is there yet', () => {
  inOneThread();
  const { start } = createKernel();
  const { call } = createProcess(start);
  call('mkdir', '/tmp/x', 0o755, false);
  call('writeFile', '/tmp/x/file', new Uint8Array(3), O_WRONLY | O_CREAT | O_TRUNC, 0o644);
  call('symlink', '.', '/tmp/x/here');
  call('symlink', 'here', '/tmp/x/hence');
  call('rename', '/tmp/x/file', '/tmp/x/hence/here/file');
  expect(call('stat', '/tmp/x/file', false)).toMatchObject({ size: 3 });
  call('rename', '/tmp/x/file', '/tmp/x/hence/here/moved');
  expect(() => call('stat', '/tmp/x/file', false)).toThrow('ENOENT');
  expect(call('stat', '/tmp/x/moved', false)).toMatchObject({ size: 3 });
});
