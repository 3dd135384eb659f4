import type { HostGlobals, ProcessContext } from '../context.ts';
import type { Sys } from '../system-calls/sys.ts';

/** Runs each optional part's script once in this process. */
export function partLoader(sys: Sys, host: HostGlobals): Pick<ProcessContext, 'loadPart' | 'partBytes'> {
  const loaded = new Map<string, unknown>();
  const partBytes = (name: string) => new Uint8Array(sys.call('runtimePart', name));
  return {
    partBytes,
    loadPart(name) {
      if (!loaded.has(name)) {
        const script = new host.TextDecoder().decode(partBytes(`${name}.js`));
        loaded.set(name, host.evaluate(`(() => {${script}\nreturn part;})()\n//# sourceURL=fixpoint:${name}`));
      }
      return loaded.get(name);
    },
  };
}
