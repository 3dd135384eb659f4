/** Operations on paths. */
import { SystemError } from '../../kernel/syscalls.ts';
import type { ProcessContext } from '../context.ts';
import { checkDescriptor, checkMode } from './arguments.ts';
import type { Operation } from './operation.ts';
import { encodeName, pathFrom, statArray } from './values.ts';

const one = (args: unknown[]): [string] => [pathFrom(args[0])];
const both = (args: unknown[]): [string, string] => [pathFrom(args[0]), pathFrom(args[1])];
const milliseconds = (seconds: unknown): number => Number(seconds) * 1000;

/** By name in the binding. */
export function pathOperations(context: ProcessContext): Record<string, Operation> {
  const { sys } = context;
  const simple = (requestAt: number, syscall: string, perform: Operation['perform']): Operation => ({
    requestAt,
    syscall,
    paths: one,
    perform,
  });
  const stat = (syscall: string, follow: boolean): Operation =>
    simple(2, syscall, (args) => {
      const path = pathFrom(args[0]);
      const isNow = args[2] === undefined;
      if (args[3] !== false) {
        const stat = sys.attempt('stat', path, follow);
        return stat instanceof SystemError ? stat : statArray(stat, args[1] === true, isNow);
      }
      const found = sys.call('statOrNull', path, follow);
      if (found !== null) return statArray(found, args[1] === true, isNow);
      // Of links Node tells what is wrong with the way to them.
      if (!follow && failsWith(() => sys.call('stat', path, follow)) === 'ENOTDIR') throw new SystemError('ENOTDIR');
      return undefined;
    });
  return {
    access: {
      ...simple(2, 'access', ([path, mode]) => sys.attempt('access', pathFrom(path), Number(mode ?? 0))),
      check: ([, mode]) => checkMode(mode),
    },
    stat: stat('stat', true),
    lstat: stat('lstat', false),
    statfs: simple(2, 'statfs', ([path, bigint]) => {
      const facts = sys.call('statfs', pathFrom(path));
      return bigint === true ? BigInt64Array.from(facts, BigInt) : Float64Array.from(facts);
    }),
    rename: {
      ...simple(2, 'rename', ([from, to]) => void sys.call('rename', pathFrom(from), pathFrom(to))),
      paths: both,
    },
    link: { ...simple(2, 'link', ([from, to]) => void sys.call('link', pathFrom(from), pathFrom(to))), paths: both },
    symlink: {
      ...simple(3, 'symlink', ([target, path]) => sys.call('symlink', pathFrom(target), pathFrom(path))),
      paths: both,
    },
    copyFile: {
      ...simple(3, 'copyfile', ([from, to, flags]) =>
        sys.call('copyFile', pathFrom(from), pathFrom(to), Number(flags ?? 0)),
      ),
      paths: both,
      check: ([, , mode]) => checkMode(mode),
    },
    unlink: simple(1, 'unlink', ([path]) => sys.call('unlink', pathFrom(path))),
    rmdir: simple(1, 'rmdir', ([path]) => sys.call('rmdir', pathFrom(path))),
    mkdir: simple(3, 'mkdir', ([path, mode, recursive]) => {
      return sys.call('mkdir', pathFrom(path), Number(mode ?? 0o777), recursive === true) ?? undefined;
    }),
    readdir: simple(3, 'scandir', ([path, encoding, withTypes]) => {
      const { names, types } = sys.call('readdir', pathFrom(path));
      const encoded = names.map((name) => encodeName(context, name, encoding));
      return withTypes === true ? [encoded, types] : encoded;
    }),
    readlink: simple(2, 'readlink', ([path, encoding]) =>
      encodeName(context, sys.call('readlink', pathFrom(path)), encoding),
    ),
    realpath: simple(2, 'realpath', ([path, encoding]) =>
      encodeName(context, sys.call('realpath', pathFrom(path)), encoding),
    ),
    mkdtemp: {
      ...simple(2, 'mkdtemp', ([prefix, encoding]) =>
        encodeName(context, sys.call('mkdtemp', pathFrom(prefix)), encoding),
      ),
      paths: (args) => [`${pathFrom(args[0])}XXXXXX`],
    },
    ...ownerAndTimeOperations(context, simple),
  };
}

function failsWith(action: () => unknown): string | null {
  try {
    action();
    return null;
  } catch (error) {
    return error instanceof SystemError ? error.code : null;
  }
}

type Simple = (requestAt: number, syscall: string, perform: Operation['perform']) => Operation;

function ownerAndTimeOperations(context: ProcessContext, simple: Simple): Record<string, Operation> {
  const { sys } = context;
  const onDescriptor = (operation: Operation): Operation => {
    const { requestAt, syscall, perform } = operation;
    return { requestAt, syscall, perform, check: ([fd]) => checkDescriptor(context, fd) };
  };
  return {
    chmod: simple(2, 'chmod', ([path, mode]) => sys.call('chmod', pathFrom(path), Number(mode))),
    fchmod: onDescriptor(simple(2, 'fchmod', ([fd, mode]) => sys.call('fchmod', Number(fd), Number(mode)))),
    chown: simple(3, 'chown', ([path, uid, gid]) => sys.call('chown', pathFrom(path), Number(uid), Number(gid), true)),
    lchown: simple(3, 'lchown', ([path, uid, gid]) =>
      sys.call('chown', pathFrom(path), Number(uid), Number(gid), false),
    ),
    fchown: onDescriptor(
      simple(3, 'fchown', ([fd, uid, gid]) => sys.call('fchown', Number(fd), Number(uid), Number(gid))),
    ),
    utimes: simple(3, 'utime', ([path, atime, mtime]) =>
      sys.call('utimes', pathFrom(path), milliseconds(atime), milliseconds(mtime), true),
    ),
    lutimes: simple(3, 'lutime', ([path, atime, mtime]) =>
      sys.call('utimes', pathFrom(path), milliseconds(atime), milliseconds(mtime), false),
    ),
    futimes: onDescriptor(
      simple(3, 'futime', ([fd, atime, mtime]) =>
        sys.call('futimes', Number(fd), milliseconds(atime), milliseconds(mtime)),
      ),
    ),
  };
}
