/** Signs that new lines lost their indentation on the way. */
import { isBlank, partsOf } from './line-parts.ts';

const OPENER = /[{([]\s*$/;
const CLOSER = /^[\s]*[})\]]/;
const PYTHON = /^(async |def |class |if |elif |else:|for |while |try:|except\b|finally:|with )[^#{]*:$/;
/** What stands in a comment may be laid out in any way. */
const COMMENT = /^(\*|\/\/|#|--|;|%|<!--)/;
/** The stars of a comment stand one blank deeper than its beginning. */
const opensComment = (core: string, next: string) => /^\/\*(?!.*\*\/)/.test(core) && /^\*(\s|\/|$)/.test(next);

interface Line {
  readonly text: string;
  readonly isNew: boolean;
}

/** Whether what stands below this line stands inside of something that it opens. */
export const isOpener = (line: string): boolean => OPENER.test(line) || PYTHON.test(line.trim());
export const isCloser = (line: string): boolean => CLOSER.test(line);

/**
 * Lines that open a block whose inside is not indented, one of the two being new: the indentation was lost on the way. The file's own lines of
 * such a kind ("namespace a {", "switch (x) {") prove that it is not.
 */
export function looksStripped(lines: readonly Line[], file: readonly string[]): boolean {
  const flat = flatOpeners(lines);
  if (flat.length === 0) return false;
  const own = new Set(flatOpeners(file.map((text) => ({ text, isNew: true }))).map(wordOf));
  return flat.some((core) => !own.has(wordOf(core)));
}

function flatOpeners(lines: readonly Line[]): string[] {
  const full = lines.filter(({ text }) => !isBlank(text)).map(({ text, isNew }) => ({ ...partsOf(text), isNew }));
  return full.flatMap(({ core, indent, isNew }, at) => {
    const next = full[at + 1];
    if (!next || !(isNew || next.isNew) || COMMENT.test(core)) return [];
    const isInside = (isOpener(core) && !isCloser(next.core)) || opensComment(core, next.core);
    return isInside && next.indent.length <= indent.length ? [core] : [];
  });
}

const wordOf = (core: string) => /^\W*\w*/.exec(core)?.[0] ?? '';
