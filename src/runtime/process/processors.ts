/** All processes of a sandbox live in one process of the browser and share its memory: more would be started than it can hold. */
const MOST = 8;

/** How many processors programs are told of: test runners start a process for each. */
export const processorCount = (): number => Math.min(MOST, globalThis.navigator?.hardwareConcurrency ?? 2);
