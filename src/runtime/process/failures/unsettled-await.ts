/** A program whose main module waits for ever: Node ends with code 13 and shows the `await`. */

import type { ProcessContext } from '../context.ts';
import type { ProcessCore } from '../core.ts';
import { linesOf } from '../modules/lines.ts';
import { stalledModules } from '../modules/module-evaluation.ts';
import type { SourceModule } from '../modules/source-module.ts';
import { recordsOfWraps } from '../modules/wrapped-records.ts';
import { writeToStderr } from './fatal.ts';
import { arrowFor } from './source-arrow.ts';

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

/** The warning, for each `await` that was not left; none under `--no-warnings`. */
export function warnOfUnsettledAwait(core: ProcessCore): void {
  if (core.commandLine?.values['--warnings'] === false) return;
  const wrap = hidden(core, 'entry_point_module_private_symbol');
  const record = typeof wrap === 'object' && wrap !== null ? recordsOfWraps.get(wrap) : undefined;
  if (record === undefined) return;
  for (const module of stalledModules(record)) {
    writeToStderr(core, `Warning: Detected unsettled top-level await at ${awaitArrow(core, module)}`);
  }
}

/** Where the module waits, in Node's lines. */
export function awaitArrow(context: ProcessContext, { url, text, awaitOffset = 0 }: SourceModule): string {
  const before = linesOf(text.source.slice(0, awaitOffset));
  const column = (before.at(-1)?.length ?? 0) + 1;
  return `${arrowFor(context, { file: url, line: before.length, column }) ?? url}\n\n\n`;
}

function hidden(core: ProcessCore, name: string): unknown {
  const symbol = core.privateSymbols[name];
  return symbol === undefined ? undefined : core.global[symbol];
}
