/** The errors of modules, in V8's and Node's words, with Node's mark of the place. */

import type { ProcessContext } from '../context.ts';
import type { ProcessCore } from '../core.ts';
import { jsonArrow } from '../engine/json-texts.ts';
import { arrowFor } from '../failures/source-arrow.ts';
import { attachArrow, hasArrow } from './decorate.ts';
import { lineAt } from './lines.ts';
import { type LinkFailure, linkErrorMessage } from './link-error.ts';
import type { ModuleRecord } from './module-record.ts';
import type { SourceModule } from './source-module.ts';
import { formatArrow, markOf } from './syntax-error.ts';

export function linkError(context: ProcessContext, { text, url }: SourceModule, failure: LinkFailure): Error {
  const error = new SyntaxError(linkErrorMessage(failure));
  const mark = markOf(text.source, failure.span);
  attachArrow(context, error, formatArrow(url, lineAt(text.source, mark.line) ?? '', mark));
  return error;
}

/** Node marks the place that V8 tells of the error, not that of the loader which throws it on. */
export function markOrigin(core: ProcessCore, error: unknown): unknown {
  if (!(error instanceof Error) || hasArrow(core, error)) return error;
  const arrow = jsonArrow(error) ?? placeArrow(core, error);
  if (arrow) attachArrow(core, error, arrow);
  return error;
}

function placeArrow(core: ProcessCore, error: Error): string | undefined {
  const place = core.callSites.messagePlace(error);
  return place && arrowFor(core, place);
}

export function sourcePhaseError({ url }: ModuleRecord): Error {
  const error = new SyntaxError(`Source phase import object is not defined for module ${url}`);
  return Object.assign(error, { code: 'ERR_SOURCE_PHASE_NOT_DEFINED' });
}

/** For a module that was required, and waits; the files are the module's and its parent's. */
export function requireAsyncError(file: string | undefined, parentFile: string | undefined): Error {
  const error = new Error(
    'require() cannot be used on an ESM graph with top-level await. Use import() instead. To see where the top-level ' +
      'await comes from, use --experimental-print-required-tla.' +
      (parentFile === undefined ? '' : `\n  From ${parentFile}`) +
      (file === undefined ? '' : `\n  Requiring ${file}`),
  );
  return Object.assign(error, { code: 'ERR_REQUIRE_ASYNC_MODULE' });
}
