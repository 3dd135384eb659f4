import type { LibrarySource } from '../context.ts';

/**
 * Node's own text of a module: its code without what the build inserted. What the build replaced stays replaced, in
 * Node's length, so that every other character has Node's offset.
 */
export function originalText({ code, segments }: LibrarySource): string {
  if (segments === undefined) return code;
  const pairs = withoutMarks(segments);
  let text = '';
  for (let index = 0; index < pairs.length; index += 2) {
    const span = code.slice(pairs[index], pairs[index + 2] ?? code.length);
    const next = pairs[index + 3];
    const length = next === undefined ? span.length : next - (pairs[index + 1] ?? 0);
    text += span.slice(0, length).padEnd(length);
  }
  return text;
}

/** A mark of inserted text points beyond the place where the source continues: it stands for no text. */
function withoutMarks(segments: readonly number[]): number[] {
  const pairs: number[] = [];
  for (let index = 0; index < segments.length; index += 2) {
    const [code = 0, original = 0, , next = Number.POSITIVE_INFINITY] = segments.slice(index, index + 4);
    if (original <= next) pairs.push(code, original);
  }
  return pairs;
}
