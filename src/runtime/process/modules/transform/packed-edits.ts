/** The edits of a large script in few numbers: a bundle may have a hundred thousand, of a handful of texts. */
import { type Edit, insertion } from './edits.ts';
import type { ScriptEdits } from './transform-script.ts';

export interface PackedScript {
  texts: string[];
  /** For each edit: its distance from the one before, the length that it replaces, and which text takes its place. */
  places: number[];
  usesDynamicImport: boolean;
}

export function packScript({ edits, usesDynamicImport }: ScriptEdits): PackedScript {
  const texts = new Map<string, number>();
  const places: number[] = [];
  let last = 0;
  for (const { start, end, text } of edits) {
    const index = texts.get(text) ?? texts.size;
    texts.set(text, index);
    places.push(start - last, end - start, index);
    last = start;
  }
  return { texts: [...texts.keys()], places, usesDynamicImport };
}

export function unpackScript({ texts, places, usesDynamicImport }: PackedScript): ScriptEdits {
  const edits: Edit[] = [];
  let start = 0;
  for (let i = 0; i < places.length; i += 3) {
    start += places[i] ?? 0;
    const length = places[i + 1] ?? 0;
    const text = texts[places[i + 2] ?? 0] ?? '';
    edits.push(length === 0 ? insertion(start, text) : { start, end: start + length, text });
  }
  return { edits, usesDynamicImport };
}
