/** Where a script threw that `vm` ran, put in front of the error's stack. */
import type { ProcessCore } from '../core.ts';
import { jsonArrow } from '../engine/json-texts.ts';
import { stackOf } from '../failures/call-sites.ts';
import type { Position } from '../failures/position.ts';
import { arrowFor } from '../failures/source-arrow.ts';
import { attachArrow, decorateStack } from '../modules/decorate.ts';
import { formatArrow } from '../modules/syntax-error.ts';
import { type Shift, unshifted } from './shift.ts';

/** Somebody may catch it: the place is the one that the error tells. */
export function markThrow(core: ProcessCore, error: unknown, { file, shift }: { file: string; shift: Shift }): void {
  if (!(error instanceof Error) || stackOf(error) === null) return;
  const place = core.callSites.throwPlace(error);
  const source = place?.file === file ? core.sourceRegistry.sourceOf(file) : undefined;
  const arrow =
    jsonArrow(error) ??
    (place && source !== undefined ? shiftedArrow(source, place, shift) : place && arrowFor(core, place));
  if (arrow) attachArrow(core, error, arrow);
  decorateStack(core, error);
}

function shiftedArrow(source: string, { file, line, column }: Position, shift: Shift): string {
  return formatArrow(file, ...unshifted(source, { line: line - 1, column: column - 1, length: 1 }, shift));
}
