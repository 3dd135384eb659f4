/**
 * Where an error was thrown. The engine tells where it was *made*; a fatal error is shown with the line of its `throw`,
 * which is found in the text around: on the same line, below, where the error has got a name, or in a caller.
 */
import { linesOf } from '../modules/lines.ts';
import type { Position } from './position.ts';

const LINES_TO_SEARCH = 20;

/** The place of the `throw`, given the frames of the error's stack (innermost first); undefined when none is found. */
export function findThrow(
  frames: readonly Position[],
  sourceOf: (file: string) => string | undefined,
): Position | undefined {
  for (const [index, frame] of frames.entries()) {
    const lines = linesOf(sourceOf(frame.file) ?? '');
    const before = (lines[frame.line - 1] ?? '').slice(0, frame.column - 1);
    const same = /(^|[^\w$.])throw\s(?!.*[;{}])/.exec(before);
    if (same) return { ...frame, column: same.index + (same[1]?.length ?? 0) + 1 };
    if (index > 0) continue;
    const name = /([\w$]+)\s*=\s*(?:new\s+)?$/.exec(before)?.[1];
    const below = name === undefined ? undefined : findThrowOf(name, lines, frame);
    if (below) return below;
  }
  return undefined;
}

function findThrowOf(name: string, lines: readonly string[], made: Position): Position | undefined {
  const pattern = new RegExp(`(^|[^\\w$.])throw ${name.replaceAll('$', '\\$')}\\s*(;|$|\\})`);
  for (let index = made.line - 1; index < Math.min(lines.length, made.line + LINES_TO_SEARCH); index++) {
    const found = pattern.exec(lines[index] ?? '');
    if (found) return { file: made.file, line: index + 1, column: found.index + (found[1]?.length ?? 0) + 1 };
  }
  return undefined;
}
