/** flock: holds a lock while a command runs, or takes and gives back that of a descriptor. */
import { LOCK_EX, LOCK_NB, LOCK_SH, LOCK_UN, O_CREAT, O_RDONLY } from '../../kernel/file-modes.ts';
import { Descriptor } from '../descriptor.ts';
import { describeError, errorCode } from '../errors.ts';
import { openPath } from '../open.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import { lastValue, type Options, parseOptions } from './options.ts';

const KINDS: Record<string, number> = { s: LOCK_SH, x: LOCK_EX, u: LOCK_UN };

/** Of `sysexits.h`. */
const EX_USAGE = 64;
const EX_DATAERR = 65;
const EX_NOINPUT = 66;
const EX_UNAVAILABLE = 69;

const FIRST_FREE = 3;

interface Locking {
  operation: number;
  /** Milliseconds; undefined waits for ever. */
  timeout: number | undefined;
  /** The exit code when it was not to be had. */
  conflict: number;
  tells: boolean;
}

export const flock: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'sexunw:oE:F',
    long: {
      shared: 's',
      exclusive: 'x',
      unlock: 'u',
      nonblock: 'n',
      nb: 'n',
      'timeout=': 'w',
      'wait=': 'w',
      'conflict-exit-code=': 'E',
      close: 'o',
      'no-fork': 'F',
      verbose: 'verbose',
    },
    stopEarly: true,
  });
  if (options.problem || context.args.length === 0) {
    await context.complain(options.problem ?? 'not enough arguments');
    await context.stderr.print("Try 'flock --help' for more information.\n");
    return EX_USAGE;
  }
  const locking = lockingOf(options);
  if (typeof locking === 'string') return await refuse(context, EX_USAGE, locking);
  const [name, ...words] = options.operands;
  if (name === undefined) return await refuse(context, EX_USAGE, 'requires file descriptor, file or directory');
  if (words.length === 0) return await lockDescriptor(context, name, locking);
  const isText = words[0] === '-c' || words[0] === '--command';
  if (isText && words.length !== 2)
    return await refuse(context, EX_USAGE, `${words[0]} requires exactly one command argument`);
  const command = isText ? [context.env.get('SHELL') || '/bin/sh', '-c', words[1] ?? ''] : words;
  return await lockFile(context, { name, command, hides: options.flags.has('o'), locking });
};

async function refuse(context: UtilityContext, status: number, problem: string): Promise<number> {
  await context.complain(problem);
  return status;
}

/** What the options ask for, or what is wrong with them. */
function lockingOf(options: Options): Locking | string {
  const kind = [...options.flags].findLast((flag) => flag in KINDS);
  const wait = lastValue(options, 'w');
  const nonBlocking = options.flags.has('n') || Number(wait) === 0 ? LOCK_NB : 0;
  const conflict = lastValue(options, 'E') ?? '1';
  if (wait !== undefined && !/^(\d+\.?\d*|\.\d+)$/.test(wait)) return `invalid timeout value: '${wait}'`;
  if (!/^\d+$/.test(conflict)) return `invalid exit code: '${conflict}'`;
  return {
    operation: (KINDS[kind ?? 'x'] ?? LOCK_EX) | nonBlocking,
    timeout: wait === undefined ? undefined : Number(wait) * 1000,
    conflict: Number(conflict),
    tells: options.flags.has('verbose'),
  };
}

async function lockDescriptor(context: UtilityContext, name: string, locking: Locking): Promise<number> {
  if (!/^\d+$/.test(name)) return await refuse(context, EX_USAGE, `bad file descriptor: '${name}'`);
  const own = [...context.descriptors].find(([number]) => number === Number(name))?.[1];
  if (!own) return await refuse(context, EX_DATAERR, `${name}: Bad file descriptor`);
  return (await take(context, own, locking)) ? 0 : locking.conflict;
}

interface LockedCommand {
  name: string;
  command: string[];
  /** The command does not get the descriptor. */
  hides: boolean;
  locking: Locking;
}

async function lockFile(context: UtilityContext, { name, command, hides, locking }: LockedCommand): Promise<number> {
  let file: Descriptor;
  try {
    file = await openLockFile(context, name);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return await refuse(context, EX_NOINPUT, `cannot open lock file ${name}: ${describeError(error)}`);
  }
  try {
    if (!(await take(context, file, locking))) return locking.conflict;
    if (locking.tells) await context.stdout.line(`${context.name}: executing ${command[0]}`);
    const taken = new Set(Array.from(context.descriptors, ([number]) => number));
    let number = FIRST_FREE;
    while (taken.has(number)) number++;
    const descriptors = hides ? new Map<number, Descriptor>() : new Map([[number, file.retain()]]);
    let failed = false;
    const status = await context.run(command, {
      descriptors,
      complain: (reason) => {
        failed = true;
        return `${context.name}: failed to execute ${command[0]}: ${reason}`;
      },
    });
    return failed ? EX_UNAVAILABLE : status;
  } finally {
    file.release();
  }
}

/** A folder can be locked, too. */
async function openLockFile({ sys, resolve, signal }: UtilityContext, name: string): Promise<Descriptor> {
  try {
    return await openPath(sys, resolve(name), O_RDONLY | O_CREAT, { signal });
  } catch (error) {
    if (errorCode(error) !== 'EISDIR') throw error;
    return await openPath(sys, resolve(name), O_RDONLY, { signal });
  }
}

/** False when it is not to be had, or not in time. */
async function take(context: UtilityContext, file: Descriptor, locking: Locking): Promise<boolean> {
  const started = performance.now();
  const isTaken = await takeInTime(context, file, locking);
  if (locking.tells && isTaken && locking.operation !== LOCK_UN) {
    const seconds = ((performance.now() - started) / 1000).toFixed(6);
    await context.stdout.line(`${context.name}: getting lock took ${seconds} seconds`);
  } else if (locking.tells && !isTaken) {
    await context.complain(locking.operation & LOCK_NB ? 'failed to get lock' : 'timeout while waiting to get lock');
  }
  return isTaken;
}

async function takeInTime(
  { sys, signal }: UtilityContext,
  file: Descriptor,
  { operation, timeout }: Locking,
): Promise<boolean> {
  // Closing this one ends the waiting; the lock belongs to both.
  const waiting = new Descriptor(sys, sys.call('dup', file.fd));
  let isWaiting = true;
  const giveUp = () => {
    if (isWaiting) waiting.release();
    isWaiting = false;
  };
  const timer = timeout === undefined ? undefined : setTimeout(giveUp, timeout);
  signal.addEventListener('abort', giveUp);
  try {
    await sys.callAsync('flock', waiting.fd, operation);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EAGAIN' || (!isWaiting && !signal.aborted)) return false;
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
    giveUp();
  }
}
