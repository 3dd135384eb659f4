/** The line of a source that an error points to. */
import type { ProcessContext } from '../context.ts';
import { lineAt } from '../modules/lines.ts';
import { evaluatedName } from './eval-origin.ts';
import type { Position } from './position.ts';

/** Node's library asks with this comment that a line of its own is not shown. */
const NO_ARROW = 'node-do-not-add-exception-line';

/** File and line, the line's text, and an arrow under the column. */
export function arrowFor(context: ProcessContext, { file, line, column }: Position): string | undefined {
  const source = context.sourceRegistry.sourceOf(file);
  const text = source === undefined ? undefined : lineAt(source, line - 1);
  if (text === undefined || text.includes(NO_ARROW)) return undefined;
  // Tabs stay, so that the arrow stands where it points to.
  const indent = text.slice(0, Math.max(0, column - 1)).replace(/[^\t]/g, ' ');
  const evaluated = evaluatedName(file);
  const name = evaluated && !evaluated.isOwn ? '<anonymous_script>' : (evaluated?.origin ?? file);
  return `${name}:${line}\n${text}\n${indent}^\n`;
}
