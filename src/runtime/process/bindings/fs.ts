import type { BindingFactory, BindingObject } from '../context.ts';
import { dataOperations, wholeFileFunctions } from '../files/data-operations.ts';
import { fileHandleClass, statWatcherClass } from '../files/file-handle.ts';
import { createLinkResolver } from '../files/link-resolver.ts';
import { moduleFunctions } from '../files/module-functions.ts';
import { withoutBlocking } from '../files/open-later.ts';
import { createOperations } from '../files/operation.ts';
import { pathOperations } from '../files/path-operations.ts';
import { treeFunctions } from '../files/tree-functions.ts';
import { pathFrom } from '../files/values.ts';
import { handleClasses, symbolNamed } from '../streams/handle-wrap.ts';

const STAT_VALUES = 36;
const STATFS_VALUES = 7;

/** `internalBinding('fs')`: files, by path and by descriptor. */
export const fsBinding: BindingFactory = (context) => {
  const { AsyncWrap } = handleClasses(context);
  const kUsePromises = symbolNamed(context, 'fs_use_promises_symbol');
  const { define } = createOperations(context, kUsePromises);
  const FileHandle = fileHandleClass(context);

  class FSReqCallback extends AsyncWrap {
    declare readonly bigint: unknown;
    declare oncomplete: unknown;
    constructor(bigint: unknown) {
      super('FSREQCALLBACK');
      Object.defineProperty(this, 'bigint', { value: bigint });
    }
  }

  const operations = { ...dataOperations(context), ...pathOperations(context) };
  const openFileHandle = define({
    requestAt: 3,
    syscall: 'open',
    paths: (args) => [pathFrom(args[0])],
    perform: (args) =>
      new FileHandle(context.sys.call('open', pathFrom(args[0]), Number(args[1]), Number(args[2] ?? 0o666))),
    ...withoutBlocking(context.sys, (fd) => new FileHandle(fd)),
  });
  const binding: BindingObject = {
    ...context.described('fs'),
    ...wholeFileFunctions(context),
    ...moduleFunctions(context),
    ...treeFunctions(context),
    realpathByLinks: createLinkResolver(context),
    FSReqCallback,
    FileHandle,
    StatWatcher: statWatcherClass(context),
    openFileHandle,
    kUsePromises,
    statValues: new Float64Array(STAT_VALUES),
    bigintStatValues: new BigInt64Array(STAT_VALUES),
    statFsValues: new Float64Array(STATFS_VALUES),
    bigintStatFsValues: new BigInt64Array(STATFS_VALUES),
  };
  for (const [name, operation] of Object.entries(operations)) binding[name] = define(operation);
  return binding;
};
