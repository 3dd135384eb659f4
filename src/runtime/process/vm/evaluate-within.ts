import type { HostGlobals } from '../context.ts';
import { sourceUrlComment } from '../failures/source-name.ts';

export interface Surrounded {
  /** An expression; its first line comes after {@link prefixWithin}. */
  expression: string;
  /** What stacks call the text. */
  file: string;
}

const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `__vmObject${index}`);

/** The text in front of an expression that is evaluated within so many objects. */
export const prefixWithin = (count: number): string =>
  count === 0
    ? ''
    : `(function(${names(count).join(',')}){${names(count)
        .map((name) => `with(${name}){`)
        .join('')}return `;

/** Evaluates an expression in the global scope, within objects whose properties are names in it; the last is the innermost. */
export function evaluateWithin(
  host: HostGlobals,
  objects: readonly object[],
  { expression, file }: Surrounded,
): unknown {
  const suffix = objects.length === 0 ? '' : `\n${'}'.repeat(objects.length)}})`;
  const text = `${prefixWithin(objects.length)}${expression}${suffix}${sourceUrlComment(file)}`;
  const value = host.evaluate(text);
  return objects.length === 0 ? value : (value as (...objects: object[]) => unknown)(...objects);
}
