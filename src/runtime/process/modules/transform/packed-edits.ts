/** The edits of a large script in few numbers: a bundle may have a hundred thousand, of a handful of texts. */
import { type Edit, insertion } from './edits.ts';
import type { ScriptEdits } from './transform-script.ts';

export interface PackedScript {
  texts: string[];
  /** For each edit: its distance from the one before, the length that it replaces, and which text takes its place. */
  places: number[];
  /** For each edit with a mark: which one it is, where in its text the mark stands, and the place's distance from the edit's start. */
  marks: number[];
  usesDynamicImport: boolean;
}

export function packScript({ edits, usesDynamicImport }: ScriptEdits): PackedScript {
  const texts = new Map<string, number>();
  const places: number[] = [];
  const marks: number[] = [];
  let last = 0;
  for (const [place, { start, end, text, mark }] of edits.entries()) {
    if (mark) marks.push(place, mark.at, mark.original - start);
    const index = texts.get(text) ?? texts.size;
    texts.set(text, index);
    places.push(start - last, end - start, index);
    last = start;
  }
  return { texts: [...texts.keys()], places, marks, usesDynamicImport };
}

export function unpackScript({ texts, places, marks, usesDynamicImport }: PackedScript): ScriptEdits {
  const edits: Edit[] = [];
  let start = 0;
  for (let i = 0; i < places.length; i += 3) {
    start += places[i] ?? 0;
    const length = places[i + 1] ?? 0;
    const text = texts[places[i + 2] ?? 0] ?? '';
    edits.push(length === 0 ? insertion(start, text) : { start, end: start + length, text });
  }
  for (let i = 0; i < marks.length; i += 3) {
    const edit = edits[marks[i] ?? 0];
    if (edit) edit.mark = { at: marks[i + 1] ?? 0, original: edit.start + (marks[i + 2] ?? 0) };
  }
  return { edits, usesDynamicImport };
}
