/** Finds the edits in what a model wrote: patches, SEARCH/REPLACE blocks, diffs, or whole files below their paths. */
import type { Edit } from './edit.ts';
import { hasBlocks } from './formats/read-blocks.ts';
import { readWholeFiles } from './formats/read-whole.ts';
import { withPlainEnds } from './plain-ends.ts';
import { Refusal } from './refusal.ts';

export type ParsedEdits =
  | { readonly ok: true; readonly edits: readonly Edit[] }
  | { readonly ok: false; readonly error: string };

const PATCH = /^[ \t]*\*\*\* Begin Patch[ \t]*\r?\n[\s\S]*?(?:^\*\*\* End Patch[ \t]*\r?$|$(?![\s\S]))/gm;
const DIFF = /^(?:diff --git .+|--- \S.*\r?\n\+\+\+ \S.*|@@ .*@@.*)$/m;

/** For `applyEdits`, which applies all of them or none. What is not an edit (explanations) is passed over. */
export function parseEdits(written: string): ParsedEdits {
  const text = withPlainEnds(written);
  const patches = text.match(PATCH) ?? [];
  const rest = text.replace(PATCH, '\n');
  try {
    const edits = [...patches.map((patch): Edit => ({ format: 'patch', text: patch })), ...parseRest(rest)];
    if (edits.length > 0) return { ok: true, edits };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, error: error.message };
    throw error;
  }
  return {
    ok: false,
    error: 'There is no edit in the text: no SEARCH/REPLACE block, no diff, no patch, no path with a fenced block.',
  };
}

function parseRest(text: string): Edit[] {
  if (hasBlocks(text)) return [{ format: 'blocks', text }];
  if (DIFF.test(text)) return diffsIn(text).map((diff) => ({ format: 'diff', text: diff }));
  const files = readWholeFiles(text);
  return files.length === 0 ? [] : [{ format: 'whole', files }];
}

/** The fenced blocks that hold a diff; the whole text where none does. */
function diffsIn(text: string): string[] {
  const fenced = [...text.matchAll(/^\s{0,3}(`{3,})[^\n`]*\n([\s\S]*?)^\s{0,3}\1`*[ \t]*\r?$/gm)].map(
    (match) => match[2] ?? '',
  );
  const diffs = fenced.filter((block) => DIFF.test(block));
  return diffs.length > 0 ? diffs : [text];
}
