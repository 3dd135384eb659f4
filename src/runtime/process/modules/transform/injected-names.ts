/**
 * Names that transformed code uses and user code is unlikely to. Those up to the counters are seen by all code
 * (`injected-globals.ts`); the rest are bound inside the transformed text.
 */

/** `(value) => context`: what must travel over an `await` of the value, which it keeps for the call of: */
export const CAPTURE_CONTEXT = '__captureContext';
/** `(context) => value`: what is to be awaited. */
export const AWAITED_VALUE = '__awaitedValue';
/** `(value, context) => value`: makes the context current again. */
export const RESTORE_CONTEXT = '__restoreContext';
/** `(referrer id) => import function`, for a script that is not a function's body. */
export const IMPORT_FROM_SCRIPT = '__importFromScript';

/** `(text) => text`: what is given to `eval`, made fit. */
export const EVALUATED_TEXT = '__evaluatedText';

/** The counters of each source that counts, by its number; and functions that count within expressions: `../../block-coverage/`. */
export const COVERAGE = '__coverage';
/** `(value, count) => value` */
export const COVERAGE_VALUE = '__coverageValue';
/** `(counters, counter, value) => value`: counts when the value is not nullish. */
export const COVERAGE_LINK = '__coverageLink';

/** The context of a function's last await, for what follows it, and for `catch` and `finally` blocks. */
export const LAST_CONTEXT = '__lastContext';
/** The modules that a module imports, one record a request. */
export const MODULE_IMPORTS = '__moduleImports';
/** Takes the getters of a module's own exports. */
export const MODULE_EXPORTS = '__moduleExports';
/** `import.meta`. */
export const MODULE_META = '__moduleMeta';
/** `import()` of a module or a function's body. */
export const DYNAMIC_IMPORT = '__dynamicImport';
/** The binding of `export default expression`. */
export const DEFAULT_EXPORT = '__defaultExport';
/** `(offset, value) => value`: a module notes where it waits. */
export const MODULE_WAITING = '__moduleWaiting';
/** What a module with top-level await, in a cycle, waits for before it runs. */
export const MODULE_START = '__moduleStart';
