import { Refusal } from './refusal.ts';

/** A stretch of a file's text and what takes its place. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** For the model: "hunk 2". */
  readonly label: string;
}

/** Puts all spans in, against the text as it was. Throws Refusal where two name the same text. */
export function spliceSpans(text: string, spans: readonly Span[]): string {
  const sorted = [...spans].sort((one, other) => one.start - other.start || one.end - other.end);
  const parts: string[] = [];
  let position = 0;
  for (const [index, span] of sorted.entries()) {
    const before = sorted[index - 1];
    // Two insertions at one point have no order that is certain.
    const isSamePoint = before?.start === span.start && before.end === span.end;
    if (before && (span.start < before.end || isSamePoint))
      throw new Refusal(`${before.label} and ${span.label} change the same lines: join them into one.`);
    parts.push(text.slice(position, span.start), span.text);
    position = span.end;
  }
  return parts.join('') + text.slice(position);
}
