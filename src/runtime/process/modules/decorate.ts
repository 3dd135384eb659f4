import type { ProcessContext } from '../context.ts';
import type { ProcessCore } from '../core.ts';
import { jsonArrow } from '../engine/json-texts.ts';
import { type Position, stackOf } from '../failures/call-sites.ts';
import { arrowFor } from '../failures/source-arrow.ts';
import { type Shift, unshifted } from '../vm/shift.ts';
import { formatArrow } from './syntax-error.ts';

type Marked = Error & Record<symbol, unknown>;

/** Attaches Node's mark of the place, which is printed when nobody catches the error. */
export function attachArrow(context: ProcessContext, error: Error, arrow: string): void {
  (error as Marked)[symbolOf(context, 'arrow_message_private_symbol')] = arrow;
}

export function hasArrow(context: ProcessContext, error: Error): boolean {
  return typeof (error as Marked)[symbolOf(context, 'arrow_message_private_symbol')] === 'string';
}

/** Puts the mark in front of the stack, once. */
export function decorateStack(context: ProcessContext, error: Error): void {
  const marked = error as Marked;
  const decorated = symbolOf(context, 'decorated_private_symbol');
  const arrow = marked[symbolOf(context, 'arrow_message_private_symbol')];
  if (marked[decorated] === true || typeof arrow !== 'string') return;
  error.stack = `${arrow}\n${error.stack}`;
  marked[decorated] = true;
}

/** Marks where a script threw that somebody may catch, as well as the error tells it. */
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

let decorates = false;

/** Nobody catches what a script of the command line throws: the browser will tell the place. Said before it runs and after. */
export function decorateWhenFatal(isRunning: boolean): void {
  decorates = isRunning;
}

/** Whether the error that is reported now ended a script of the command line; true once. */
export function takeDecoration(): boolean {
  const taken = decorates;
  decorates = false;
  return taken;
}

function symbolOf(context: ProcessContext, name: string): symbol {
  const symbol = context.privateSymbols[name];
  if (!symbol) throw new Error(`no private symbol ${name}`);
  return symbol;
}
