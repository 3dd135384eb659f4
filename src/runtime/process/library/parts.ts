import type { HostGlobals, ProcessContext } from '../context.ts';
import type { Sys } from '../system-calls/sys.ts';

/** Runs each optional part's script once in this process. */
export function partLoader(sys: Sys, host: HostGlobals): Pick<ProcessContext, 'loadPart' | 'partBytes'> {
  const loaded = new Map<string, unknown>();
  // Libraries find the browser's random source there, where the program sees Node's, and may have put its own.
  const ownGlobal = Object.create(globalThis, { crypto: { value: host.crypto } }) as object;
  const partBytes = (name: string) => new Uint8Array(sys.call('runtimePart', name));
  return {
    partBytes,
    loadPart(name) {
      if (!loaded.has(name)) {
        const script = new host.TextDecoder().decode(partBytes(`${name}.js`));
        const run = host.evaluate(`((globalThis) => {${script}\nreturn part;})\n//# sourceURL=fixpoint:${name}`);
        loaded.set(name, (run as (scope: object) => unknown)(ownGlobal));
      }
      return loaded.get(name);
    },
  };
}
