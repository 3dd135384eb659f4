import type { LibrarySource } from './context.ts';

/**
 * Node's own text of a module: its code without what the build inserted. What the build replaced stays replaced, in
 * Node's length, so that every other character has Node's offset.
 */
export function originalText({ code, segments }: LibrarySource): string {
  if (segments === undefined) return code;
  let text = '';
  for (let index = 0; index < segments.length; index += 2) {
    const span = code.slice(segments[index], segments[index + 2] ?? code.length);
    const next = segments[index + 3];
    const length = next === undefined ? span.length : next - (segments[index + 1] ?? 0);
    text += span.slice(0, length).padEnd(length);
  }
  return text;
}
