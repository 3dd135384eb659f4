/**
 * Where an error was thrown. The engine tells where it was *made*; a fatal error is shown with the line of its `throw`,
 * which is found in the text around: on the same line, or below, where the error has got a name.
 */
import type { Position } from './call-sites.ts';

const LINES_TO_SEARCH = 20;

/** The place of the `throw` that belongs to an error made at `made`; `made` itself when none is found. */
export function findThrow(source: string | undefined, made: Position): Position {
  const lines = source?.split('\n') ?? [];
  const line = lines[made.line - 1];
  if (line === undefined) return made;
  const before = line.slice(0, made.column - 1);
  const same = /(^|[^\w$.])throw\s(?!.*[;{}])/.exec(before);
  if (same) return { ...made, column: same.index + (same[1]?.length ?? 0) + 1 };
  const name = /([\w$]+)\s*=\s*(?:new\s+)?$/.exec(before)?.[1];
  return name === undefined ? made : (findThrowOf(name, lines, made) ?? made);
}

function findThrowOf(name: string, lines: readonly string[], made: Position): Position | undefined {
  const pattern = new RegExp(`(^|[^\\w$.])throw ${name.replaceAll('$', '\\$')}\\s*(;|$|\\})`);
  for (let index = made.line; index < Math.min(lines.length, made.line + LINES_TO_SEARCH); index++) {
    const found = pattern.exec(lines[index] ?? '');
    if (found) return { file: made.file, line: index + 1, column: found.index + (found[1]?.length ?? 0) + 1 };
  }
  return undefined;
}
