import type { ProcessContext } from '../context.ts';
import { stackOf } from '../failures/call-sites.ts';
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

/** Marks where a script threw, by the first frame of the stack in it. */
export function markThrow(
  context: ProcessContext,
  error: unknown,
  { file, shift }: { file: string; shift: Shift },
): void {
  const stack = error instanceof Error ? stackOf(error) : null;
  if (!(error instanceof Error) || stack === null) return;
  const at = stack.indexOf(`${file}:`);
  const place = at < 0 ? null : /^(\d+):(\d+)/.exec(stack.slice(at + file.length + 1));
  const source = place && context.sourceRegistry.sourceOf(file);
  if (place && typeof source === 'string') {
    const line = Number(place[1]) - 1;
    const [text, mark] = unshifted(source, { line, column: Number(place[2]) - 1, length: 1 }, shift);
    const thrown = /\bthrow\s+$/.exec(text.slice(0, mark.column))?.index ?? mark.column;
    attachArrow(context, error, formatArrow(file, text, { ...mark, column: thrown }));
  }
  decorateStack(context, error);
}

function symbolOf(context: ProcessContext, name: string): symbol {
  const symbol = context.privateSymbols[name];
  if (!symbol) throw new Error(`no private symbol ${name}`);
  return symbol;
}
