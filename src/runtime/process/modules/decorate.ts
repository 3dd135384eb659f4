import type { ProcessContext } from '../context.ts';

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
  marked[decorated] = true;
  try {
    error.stack = `${arrow}\n${error.stack}`;
  } catch {
    // A setter of the program's refuses: then there is no mark.
    return;
  }
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
