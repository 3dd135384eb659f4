/** A program whose main module waits for ever: Node ends with code 13 and shows the `await`. */
import type { ProcessCore } from './core.ts';
import { arrowFor, writeToStderr } from './fatal.ts';

export const UNSETTLED_AWAIT = 13;

export interface EntryPoint {
  /** Call it when nothing is left to do; the answer is there some microtasks later. */
  look(): void;
  isPending(): boolean;
}

/** Watches the promise that Node's loader keeps on the global object for its main module. */
export function watchEntryPoint(core: ProcessCore): EntryPoint {
  let pending = false;
  return {
    look() {
      const promise = hidden(core, 'entry_point_promise_private_symbol');
      if (!(promise instanceof core.host.Promise)) return;
      pending = true;
      const settle = () => {
        pending = false;
      };
      promise.then(settle, settle);
    },
    isPending: () => pending,
  };
}

/** The warning, with the first `await` of the module: which one waits, the engine does not tell. */
export function warnOfUnsettledAwait(core: ProcessCore): void {
  const module = hidden(core, 'entry_point_module_private_symbol');
  const url: unknown = typeof module === 'object' && module !== null ? Reflect.get(module, 'url') : undefined;
  if (typeof url !== 'string') return;
  const lines = core.sourceRegistry.sourceOf(url)?.split('\n') ?? [];
  const index = lines.findIndex((line) => /\bawait\b/.test(line));
  if (index < 0) return;
  const column = (lines[index] ?? '').search(/\bawait\b/) + 1;
  const arrow = arrowFor(core, { file: url, line: index + 1, column });
  writeToStderr(core, `Warning: Detected unsettled top-level await at ${arrow}\n\n\n`);
}

function hidden(core: ProcessCore, name: string): unknown {
  const symbol = core.privateSymbols[name];
  return symbol === undefined ? undefined : core.global[symbol];
}
