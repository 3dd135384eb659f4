import type { CoreBindingFactory } from '../core.ts';
import { ProcessEnded } from '../failures/fatal.ts';
import { lineAt } from '../modules/lines.ts';

type Prepare = (scope: object, error: object, sites: readonly NodeJS.CallSite[]) => unknown;

/** `internalBinding('errors')`: stacks and the end of the process. */
export const errors: CoreBindingFactory = (core) => {
  return {
    ...core.described('errors'),
    setPrepareStackTraceCallback: (prepare: Prepare) => core.callSites.setPrepare(prepare),
    setGetSourceMapErrorSource(find: NonNullable<typeof core.fatalHooks.originalSource>) {
      core.fatalHooks.originalSource = find;
    },
    setSourceMapsEnabled(enabled: boolean) {
      core.fatalHooks.usesSourceMaps = enabled;
    },
    setMaybeCacheGeneratedSourceMap: () => undefined,
    setEnhanceStackForFatalException(before: (error: unknown) => unknown, after: (error: unknown) => unknown) {
      core.fatalHooks.enhanceBefore = before;
      core.fatalHooks.enhanceAfter = after;
    },
    noSideEffectsToString,
    /** Called by the patched library, see `library/patches.ts`. */
    noteThrow: (error: unknown) => core.callSites.noteThrow(error),
    getErrorSourcePositions(error: object) {
      const [origin] = core.callSites.originsOf(error);
      if (origin === undefined) return undefined;
      const source = core.sourceRegistry.sourceOf(origin.file);
      return {
        sourceLine: source === undefined ? undefined : lineAt(source, origin.line - 1),
        scriptResourceName: origin.file,
        lineNumber: origin.line,
        startColumn: origin.column - 1,
      };
    },
    triggerUncaughtException(error: unknown, fromPromise: boolean) {
      core.reportFatal(error, fromPromise);
      if (core.loop.stopped) throw new ProcessEnded();
    },
  };
};

/** V8's NoSideEffectsToString, as far as it can be had: never runs the guest's code for errors. */
function noSideEffectsToString(value: unknown): string {
  if (typeof value === 'symbol') return value.toString();
  if (typeof value === 'function') return Function.prototype.toString.call(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof Error) return Error.prototype.toString.call(value);
  // What is printed as an object is named by its constructor, what prints itself otherwise by its tag.
  if (Reflect.get(value, 'toString') === Object.prototype.toString) return `#<${constructorName(value)}>`;
  return Object.prototype.toString.call(value);
}

function constructorName(value: object): string {
  const made = (value as { constructor?: { name?: unknown } }).constructor;
  return typeof made === 'function' && typeof made.name === 'string' ? made.name : 'Object';
}
