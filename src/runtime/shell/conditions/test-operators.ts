/** The tests of `test`, `[` and `[[`. */
import { S_IFCHR, S_IFDIR, S_IFIFO, S_IFLNK, S_IFMT, S_IFREG, S_IFSOCK } from '../../kernel/file-modes.ts';
import type { Stat } from '../../kernel/syscalls.ts';
import type { Sys } from '../../process/system-calls/sys.ts';
import { errorCode, ShellError } from '../errors.ts';
import { statIfReachable } from '../reachable.ts';

/** What a test may look at. */
export interface TestWorld {
  readonly sys: Sys;
  resolve(path: string): string;
  /** Kernel descriptor for a number of the script. */
  descriptors?: { get(number: number): { kind: string } | undefined };
  /** dash's own `test`, which knows less. */
  posix?: boolean;
  /** `-v`: a name, or one with a subscript. */
  hasVariable?(name: string): boolean;
}

const TYPES: Record<string, number> = {
  '-f': S_IFREG,
  '-d': S_IFDIR,
  '-p': S_IFIFO,
  '-c': S_IFCHR,
  '-S': S_IFSOCK,
};
const ACCESS: Record<string, number> = { '-r': 4, '-w': 2, '-x': 1 };
export const UNARY = new Set([
  '-n',
  '-z',
  '-e',
  '-a',
  '-f',
  '-d',
  '-h',
  '-L',
  '-p',
  '-c',
  '-b',
  '-S',
  '-s',
  '-r',
  '-w',
  '-x',
  '-t',
  '-u',
  '-g',
  '-k',
  '-O',
  '-G',
  '-v',
]);
export const BINARY = new Set([
  '=',
  '==',
  '!=',
  '<',
  '>',
  '-eq',
  '-ne',
  '-lt',
  '-le',
  '-gt',
  '-ge',
  '-nt',
  '-ot',
  '-ef',
]);

export function unaryTest(world: TestWorld, operator: string, operand: string): boolean {
  if (operator === '-n') return operand !== '';
  if (operator === '-z') return operand === '';
  if (operator === '-t') return world.descriptors?.get(Number(operand))?.kind === 'tty';
  if (operator === '-v') return world.hasVariable?.(operand) ?? false;
  const follow = operator !== '-h' && operator !== '-L';
  const stat = operand === '' ? null : statOf(world, operand, follow);
  if (!stat) return false;
  const type = TYPES[operator];
  if (type !== undefined) return (stat.mode & S_IFMT) === type;
  const access = ACCESS[operator];
  if (access !== undefined) return mayAccess(world, operand, access);
  switch (operator) {
    case '-h':
    case '-L':
      return (stat.mode & S_IFMT) === S_IFLNK;
    case '-s':
      return stat.size > 0;
    case '-u':
      return (stat.mode & 0o4000) !== 0;
    case '-g':
      return (stat.mode & 0o2000) !== 0;
    case '-k':
      return (stat.mode & 0o1000) !== 0;
    case '-b':
      return false;
    default:
      return true;
  }
}

function mayAccess(world: TestWorld, path: string, mode: number): boolean {
  try {
    world.sys.call('access', world.resolve(path), mode);
    return true;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return false;
  }
}

export function binaryTest(world: TestWorld, operator: string, [left, right]: readonly [string, string]): boolean {
  switch (operator) {
    case '=':
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '>':
      return left > right;
    case '-nt':
      return newer(world, left, right);
    case '-ot':
      return newer(world, right, left);
    case '-ef': {
      const [a, b] = [statOf(world, left), statOf(world, right)];
      return a !== null && b !== null && a.ino === b.ino && a.dev === b.dev;
    }
    default:
      return compareNumbers(operator, integer(world, left), integer(world, right));
  }
}

function statOf(world: TestWorld, path: string, follow = true): Stat | null {
  return statIfReachable(world.sys, world.resolve(path), follow);
}

/** For dash both must be there. */
function newer(world: TestWorld, left: string, right: string): boolean {
  const [a, b] = [statOf(world, left), statOf(world, right)];
  if (a === null) return false;
  return b === null ? !world.posix : a.mtimeMs > b.mtimeMs;
}

function integer({ posix }: TestWorld, text: string): bigint {
  if (!/^\s*[-+]?\d+\s*$/.test(text))
    throw new ShellError(posix ? `Illegal number: ${text}` : `${text}: integer expression expected`);
  return BigInt(text.trim().replace(/^\+/, ''));
}

function compareNumbers(operator: string, a: bigint, b: bigint): boolean {
  switch (operator) {
    case '-eq':
      return a === b;
    case '-ne':
      return a !== b;
    case '-lt':
      return a < b;
    case '-le':
      return a <= b;
    case '-gt':
      return a > b;
    case '-ge':
      return a >= b;
    default:
      throw new ShellError(`${operator}: unexpected operator`);
  }
}
