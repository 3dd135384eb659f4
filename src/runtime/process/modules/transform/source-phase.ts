/** `import source x from` and `import.source()`, which the parser does not know: it gets the text without the word. */

const DECLARATION = /\bimport(\s+source)\s+[\p{ID_Start}$_][\p{ID_Continue}$]*\s+from\s*['"]/gu;
const EXPRESSION = /\bimport(\s*\.\s*source)\s*\(/g;

/**
 * The source with blanks for each `source` keyword, every other character in its place, and the offsets of the `import`s
 * that had one. Offsets inside strings and comments may be among them: no node of the tree starts there.
 */
export function blankSourcePhase(source: string): { text: string; phased: ReadonlySet<number> } {
  const phased = new Set<number>();
  if (!/\bimport\s*[.\s]\s*source\b/.test(source)) return { text: source, phased };
  const blank = (whole: string, keyword: string, offset: number): string => {
    phased.add(offset);
    return whole.replace(keyword, keyword.replace(/\S/g, ' '));
  };
  return { text: source.replace(DECLARATION, blank).replace(EXPRESSION, blank), phased };
}
