/**
 * Names that transformed code of `vm` uses: found in an object around it, or (the last three) on the global object too. The scope of a
 * context answers for no name that starts as these do.
 */

/** The text that is run. */
export const VM_CODE = '__vmCode';
/** `globalThis` of the context. */
export const VM_THIS = '__vmThis';
/** `globalThis` of the process: what the engine gives as `this` to a function that is called without one. */
export const VM_PROCESS_GLOBAL = '__vmProcessGlobal';
/** `(name) => boolean`: whether a `typeof` of the name may read it. */
export const VM_HAS = '__vmHas';
/** What a function gets as `this` that is called by a name of the context, from sloppy code and from strict. */
export const VM_SCOPE = '__vmScopeItself';
export const VM_STRICT_SCOPE = '__vmStrictScope';
/** `(value) => value`: what `this` is in a strict function. */
export const VM_STRICT_THIS_OF = '__vmStrictThisOf';
/** `(value) => value`: what `this` is where a statement starts with it. */
export const VM_THIS_OF = '__vmThisOf';
/** `(name, () => typeof name) => string`: a `typeof` that starts a statement. */
export const VM_TYPEOF = '__vmTypeof';
/** `(name) => true`: throws where strict code may not assign to the name. */
export const VM_ASSIGNS = '__vmAssigns';
/** `(name, function) => void`: a function of a block becomes a variable, too. */
export const VM_HOIST = '__vmHoist';
/** `eval` where it is not called directly. */
export const VM_EVAL = '__vmEval';
/** `(accessors of let, const and class, () => [functions])`: the script's own top-level names. */
export const VM_DECLARE = '__vmDeclare';
/** `() => void`: throws when the script's time is over. */
export const VM_TICK = '__vmTick';
/** `(error) => void`: throws an error on that scripts must not catch. */
export const VM_GUARD = '__vmGuard';
