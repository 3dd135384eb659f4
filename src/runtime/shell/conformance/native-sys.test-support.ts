/**
 * System calls over Node's own, for tests: the same shell runs beside the machine's /bin/sh, on the same files. Pipes live in memory;
 * a program gets its standard streams through pipes of the machine.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import { constants } from 'node:os';
import { basename, dirname, resolve } from 'node:path';
import type { DescriptorKind } from '../../kernel/descriptors.ts';
import { O_NO_WAIT, S_IFIFO } from '../../kernel/file-modes.ts';
import type { ExitStatus, SpawnRequest, Stat, SyscallName, Syscalls } from '../../kernel/syscalls.ts';
import { SystemError } from '../../kernel/syscalls.ts';
import type { Attempted, Sys } from '../../process/system-calls/sys.ts';
import { utilities } from '../utilities/index.ts';
import { NativeFifo } from './native-fifo.test-support.ts';
import { NativeLocks } from './native-locks.test-support.ts';

const PIPE_CAPACITY = 65536;

class Pipe {
  readonly chunks: Uint8Array[] = [];
  size = 0;
  readers = 1;
  writers = 1;
  #waiting: (() => void)[] = [];

  wake(): void {
    for (const resume of this.#waiting.splice(0)) resume();
  }

  async changed(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push(resolve);
    await promise;
  }
}

type Open =
  | { kind: 'file' | 'directory' | 'null'; native: number; references: number }
  | { kind: 'pipe'; pipe: Pipe; end: 'read' | 'write'; references: number }
  | NativeFifo;

interface Child {
  ended: Promise<ExitStatus>;
  process: ChildProcess;
}

export class NativeSys implements Sys {
  readonly #open = new Map<number, Open>();
  readonly #children = new Map<number, Child>();
  readonly #locks = new NativeLocks();
  #next = 3;
  #cwd: string;

  /** Descriptors 0, 1 and 2 are pipes; `input` is what comes from 0. */
  constructor(cwd: string, input: string) {
    this.#cwd = cwd;
    const stdin = new Pipe();
    stdin.writers = 0;
    stdin.chunks.push(new TextEncoder().encode(input));
    this.#open.set(0, { kind: 'pipe', pipe: stdin, end: 'read', references: 1 });
    for (const fd of [1, 2]) this.#open.set(fd, { kind: 'pipe', pipe: new Pipe(), end: 'write', references: 1 });
  }

  /** What was written to 1 or 2, to its end. */
  async collect(fd: number): Promise<string> {
    const open = this.#open.get(fd);
    if (open?.kind !== 'pipe') return '';
    const chunks: Uint8Array[] = [];
    for (
      let chunk = await readPipe(open.pipe, PIPE_CAPACITY);
      chunk.length > 0;
      chunk = await readPipe(open.pipe, PIPE_CAPACITY)
    ) {
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString();
  }

  /** Descriptors still open, beside 0, 1 and 2. */
  get openCount(): number {
    return [...this.#open.keys()].filter((fd) => fd > 2).length;
  }

  call<Name extends SyscallName>(name: Name, ...args: Parameters<Syscalls[Name]>): ReturnType<Syscalls[Name]> {
    try {
      return this.#perform(name, args) as ReturnType<Syscalls[Name]>;
    } catch (error) {
      throw asSystemError(error);
    }
  }

  exists(path: string): boolean {
    return fs.existsSync(path);
  }

  attempt<Name extends Attempted>(
    name: Name,
    ...args: Parameters<Syscalls[Name]>
  ): ReturnType<Syscalls[Name]> | SystemError {
    try {
      if (name !== 'stat') return this.call(name, ...args);
      const [path, follow] = args as Parameters<Syscalls['stat']>;
      const stat = this.call('statOrNull', path, follow) as ReturnType<Syscalls[Name]> | null;
      return stat ?? new SystemError('ENOENT');
    } catch (error) {
      if (error instanceof SystemError) return error;
      throw error;
    }
  }

  viewFile(): never {
    throw new Error('A shell reads what it keeps');
  }

  readInto(): number {
    throw new Error('not used by the shell');
  }

  writeBehind(): boolean {
    return false;
  }

  readonly writes = 0;
  readonly breaks = 0;
  readonly pipeBreaks = Number.NaN;

  push(): void {
    throw new Error('not used by the shell');
  }

  async callAsync<Name extends SyscallName>(
    name: Name,
    ...args: Parameters<Syscalls[Name]>
  ): Promise<ReturnType<Syscalls[Name]>> {
    const values: unknown[] = args;
    const open = this.#open.get(Number(values[0]));
    if (name === 'wait') return (await this.#wait(Number(values[0]))) as ReturnType<Syscalls[Name]>;
    if (open?.kind === 'fifo' && name === 'awaitOpen') return (await open.opened()) as ReturnType<Syscalls[Name]>;
    if (open?.kind === 'fifo' && name === 'read')
      return (await open.read(Number(values[1]))) as ReturnType<Syscalls[Name]>;
    if (open?.kind === 'fifo' && name === 'write')
      return (await open.write(values[1] as Uint8Array)) as ReturnType<Syscalls[Name]>;
    if (open && name === 'flock') {
      const { dev, ino } = this.#perform('fstat', [values[0]]) as Stat;
      await this.#locks.take(Number(values[0]), open, `${dev}:${ino}`, Number(values[1]));
      return undefined as ReturnType<Syscalls[Name]>;
    }
    if (open?.kind === 'pipe' && name === 'read') {
      return (await readPipe(open.pipe, Number(values[1]))) as ReturnType<Syscalls[Name]>;
    }
    if (open?.kind === 'pipe' && name === 'write') {
      return (await writePipe(open.pipe, values[1] as Uint8Array)) as ReturnType<Syscalls[Name]>;
    }
    return this.call(name, ...args);
  }

  send(): void {
    throw new Error('not used by the shell');
  }

  callWith(): void {
    throw new Error('not used by the shell');
  }

  callQuietly(): void {
    throw new Error('not used by the shell');
  }

  afterAnswers(done: () => void): void {
    done();
  }

  onEvent(): void {
    // No signals reach a shell under test.
  }

  #add(open: Open): number {
    const fd = this.#next++;
    this.#open.set(fd, open);
    return fd;
  }

  #get(fd: number): Open {
    const open = this.#open.get(fd);
    if (!open) throw new SystemError('EBADF');
    return open;
  }

  #perform(name: SyscallName, args: unknown[]): unknown {
    const path = typeof args[0] === 'string' ? this.#resolve(args[0]) : '';
    switch (name) {
      case 'open':
        if (path.startsWith('/dev/fd/')) return this.#duplicate(Number(path.slice(8)));
        return this.#openFile(path, Number(args[1]), Number(args[2]));
      case 'close':
        return this.#close(Number(args[0]));
      case 'read':
        return this.#readNow(Number(args[0]), Number(args[1]));
      case 'write':
        return this.#writeNow(Number(args[0]), args[1] as Uint8Array, args[2] as number | null);
      case 'pipe': {
        const pipe = new Pipe();
        return [
          this.#add({ kind: 'pipe', pipe, end: 'read', references: 1 }),
          this.#add({ kind: 'pipe', pipe, end: 'write', references: 1 }),
        ];
      }
      case 'descriptorKind':
        return kindOf(this.#get(Number(args[0])));
      case 'fstat': {
        const open = this.#get(Number(args[0]));
        if (open.kind === 'fifo') return toStat(open.stat());
        if (open.kind === 'pipe') return { ...toStat(fs.fstatSync(2)), mode: S_IFIFO | 0o600, size: 0 };
        return toStat(fs.fstatSync(open.native));
      }
      case 'readFile':
        return new Uint8Array(fs.readFileSync(path));
      case 'stat':
        if (path.startsWith('/dev/fd/')) return this.#perform('fstat', [Number(path.slice(8))]);
        return toStat(args[1] ? fs.statSync(path) : fs.lstatSync(path));
      case 'statOrNull': {
        if (path.startsWith('/dev/fd/')) return this.#perform('fstat', [Number(path.slice(8))]);
        const stat = args[1]
          ? fs.statSync(path, { throwIfNoEntry: false })
          : fs.lstatSync(path, { throwIfNoEntry: false });
        if (stat) return toStat(stat);
        // The image has a file for each utility; not every machine has them all.
        return isUtility(path) ? toStat(fs.statSync('/bin/sh')) : null;
      }
      case 'readdir':
        return readFolder(path);
      case 'mkfifo':
        return makeFifo(path);
      case 'dup':
        return this.#share(Number(args[0]));
      case 'mkdir':
        return fs.mkdirSync(path, { mode: Number(args[1]), recursive: Boolean(args[2]) }) ?? null;
      case 'rmdir':
        return fs.rmdirSync(path);
      case 'unlink':
        return fs.unlinkSync(path);
      case 'rename':
        return fs.renameSync(path, this.#resolve(String(args[1])));
      case 'link':
        return fs.linkSync(path, this.#resolve(String(args[1])));
      case 'symlink':
        return fs.symlinkSync(String(args[0]), this.#resolve(String(args[1])));
      case 'readlink':
        return fs.readlinkSync(path);
      case 'realpath':
        return fs.realpathSync(path);
      case 'access':
        return fs.accessSync(path, Number(args[1]));
      case 'chmod':
        return fs.chmodSync(path, Number(args[1]));
      case 'utimes':
        return fs.lutimesSync(path, Number(args[1]) / 1000, Number(args[2]) / 1000);
      case 'copyFile':
        return fs.copyFileSync(path, this.#resolve(String(args[1])), Number(args[2]));
      case 'mkdtemp':
        return fs.mkdtempSync(path);
      case 'remove':
        return fs.rmSync(path, { recursive: true, force: Boolean(args[1]) });
      case 'spawn':
        return this.#spawn(args[0] as SpawnRequest);
      case 'kill':
        return process.kill(Number(args[0]), Number(args[1]));
      case 'handleSignal':
        return undefined;
      case 'chown':
        return fs.lchownSync(path, Number(args[1]), Number(args[2]));
      case 'ftruncate':
        return this.#truncate(Number(args[0]), Number(args[1]));
      case 'umask':
        return process.umask();
      default:
        throw new Error(`${name} is not part of the test's system`);
    }
  }

  #truncate(fd: number, length: number): void {
    const open = this.#get(fd);
    if (open.kind !== 'pipe') fs.ftruncateSync(open.native, length);
  }

  #resolve(path: string): string {
    return path.startsWith('/') ? path : `${this.#cwd}/${path}`;
  }

  #duplicate(fd: number): number {
    const open = this.#get(fd);
    if (open.kind === 'fifo') return this.#share(fd);
    if (open.kind !== 'pipe') return this.#add({ ...open, native: fs.openSync(`/dev/fd/${open.native}`, 'r') });
    if (open.end === 'read') open.pipe.readers += 1;
    else open.pipe.writers += 1;
    return this.#add({ ...open });
  }

  #share(fd: number): number {
    const open = this.#get(fd);
    open.references += 1;
    return this.#add(open);
  }

  #openFile(path: string, given: number, mode: number): number {
    const flags = given & ~O_NO_WAIT;
    const isFifo = fs.statSync(path, { throwIfNoEntry: false })?.isFIFO() === true;
    if (isFifo) return ~this.#add(new NativeFifo(path, flags));
    const native = fs.openSync(path, flags, mode);
    const stat = fs.fstatSync(native);
    const kind = stat.isDirectory() ? 'directory' : path === '/dev/null' ? 'null' : 'file';
    return this.#add({ kind, native, references: 1 });
  }

  #close(fd: number): void {
    const open = this.#get(fd);
    this.#open.delete(fd);
    this.#locks.cancel(fd);
    open.references -= 1;
    if (open.references > 0) return;
    this.#locks.release(open);
    if (open.kind === 'fifo') open.close();
    else if (open.kind !== 'pipe') fs.closeSync(open.native);
    else {
      if (open.end === 'read') open.pipe.readers -= 1;
      else open.pipe.writers -= 1;
      open.pipe.wake();
    }
  }

  #readNow(fd: number, length: number): Uint8Array {
    const open = this.#get(fd);
    if (open.kind === 'pipe' || open.kind === 'fifo')
      throw new Error('a synchronous read of a pipe would block the shell');
    const buffer = new Uint8Array(length);
    return buffer.subarray(0, fs.readSync(open.native, buffer, 0, length, null));
  }

  #writeNow(fd: number, data: Uint8Array, position: number | null): number {
    const open = this.#get(fd);
    if (open.kind === 'pipe' || open.kind === 'fifo')
      throw new Error('a synchronous write to a pipe would block the shell');
    return fs.writeSync(open.native, data, 0, data.length, position);
  }

  #spawn(request: SpawnRequest): number {
    const env = Object.fromEntries(
      request.env.map((item) => [item.slice(0, item.indexOf('=')), item.slice(item.indexOf('=') + 1)]),
    );
    const opens = request.stdio.slice(0, 3).map((fd) => (fd === -1 ? undefined : this.#get(fd)));
    const stdio = opens.map((open) => (!open ? 'ignore' : open.kind === 'pipe' ? 'pipe' : open.native));
    const [argv0 = request.file, ...args] = request.argv;
    const path = resolve(request.cwd ?? this.#cwd, request.file);
    fs.accessSync(path, fs.constants.X_OK);
    if (!isRunnable(path)) throw new SystemError('ENOEXEC');
    const child = spawn(request.file, args, {
      argv0,
      env,
      stdio,
      ...(request.cwd === undefined ? {} : { cwd: request.cwd }),
    });
    const pumps = opens.map((open, index) => (open?.kind === 'pipe' ? connect(child, index, open.pipe) : undefined));
    const { promise, resolve: end } = Promise.withResolvers<ExitStatus>();
    child.on('exit', (exitCode, signal) => void Promise.all(pumps.slice(1)).then(() => end({ exitCode, signal })));
    const pid = child.pid ?? -1;
    this.#children.set(pid, { ended: promise, process: child });
    return pid;
  }

  async #wait(pid: number): Promise<ExitStatus> {
    const child = this.#children.get(pid);
    if (!child) throw new SystemError('ECHILD');
    this.#children.delete(pid);
    return await child.ended;
  }
}

/** A program of the machine, or a script with `#!`. */
function isRunnable(file: string): boolean {
  const start = fs.readFileSync(file).subarray(0, 4);
  return start.toString('latin1').startsWith('#!') || start.toString('latin1') === '\x7fELF';
}

async function connect(child: ChildProcess, index: number, pipe: Pipe): Promise<void> {
  const stream = child.stdio[index];
  if (!stream) return;
  stream.on('error', () => undefined);
  if ('write' in stream && index === 0) {
    pipe.readers += 1;
    const gone = new Promise<null>((resolve) => child.on('exit', () => resolve(null)));
    for (;;) {
      const chunk = await Promise.race([readPipe(pipe, PIPE_CAPACITY), gone]);
      if (chunk === null || chunk.length === 0) break;
      stream.write(chunk);
    }
    stream.end();
    pipe.readers -= 1;
    pipe.wake();
    return;
  }
  pipe.writers += 1;
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      for (let rest = chunk; rest.length > 0; ) rest = rest.subarray(await writePipe(pipe, rest));
    }
  } catch {
    stream.destroy(); // Nobody reads any more: the program gets SIGPIPE, as it should.
  } finally {
    pipe.writers -= 1;
    pipe.wake();
  }
}

async function readPipe(pipe: Pipe, length: number): Promise<Uint8Array> {
  while (pipe.chunks.length === 0 && pipe.writers > 0) await pipe.changed();
  const chunk = pipe.chunks.shift() ?? new Uint8Array(0);
  if (chunk.length > length) pipe.chunks.unshift(chunk.subarray(length));
  const taken = chunk.subarray(0, length);
  pipe.size -= taken.length;
  pipe.wake();
  return taken;
}

async function writePipe(pipe: Pipe, data: Uint8Array): Promise<number> {
  while (pipe.size >= PIPE_CAPACITY && pipe.readers > 0) await pipe.changed();
  if (pipe.readers === 0) throw new SystemError('EPIPE');
  pipe.chunks.push(data.slice());
  pipe.size += data.length;
  pipe.wake();
  return data.length;
}

const isUtility = (path: string): boolean =>
  ['/bin', '/usr/bin'].includes(dirname(path)) && utilities.has(basename(path));

function makeFifo(path: string): void {
  if (fs.existsSync(path)) throw new SystemError('EEXIST');
  if (!fs.existsSync(dirname(path))) throw new SystemError('ENOENT');
  execFileSync('mkfifo', [path]);
}

const kindOf = ({ kind }: Open): DescriptorKind => (kind === 'fifo' ? 'pipe' : kind);

function readFolder(path: string): { names: string[]; types: number[] } {
  const entries = fs.readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    names: entries.map((entry) => entry.name),
    types: entries.map((entry) => (entry.isDirectory() ? 2 : entry.isSymbolicLink() ? 3 : entry.isFIFO() ? 4 : 1)),
  };
}

function toStat(stat: fs.Stats): Stat {
  const { dev, mode, nlink, uid, gid, rdev, blksize, ino, size, blocks, atimeMs, mtimeMs, ctimeMs, birthtimeMs } = stat;
  return { dev, mode, nlink, uid, gid, rdev, blksize, ino, size, blocks, atimeMs, mtimeMs, ctimeMs, birthtimeMs };
}

function asSystemError(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  return code !== undefined && code in constants.errno ? new SystemError(code) : error;
}
