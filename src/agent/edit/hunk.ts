/** What diffs, patches and search blocks have in common: lines that stay, go and come, and where they are said to be. */

export interface HunkLine {
  readonly op: ' ' | '-' | '+';
  readonly text: string;
  /** The line was written with '\r\n'. */
  readonly isWindows: boolean;
  /** "\ No newline at end of file" follows. */
  readonly isOpen: boolean;
  /** Written without the space that marks a context line. */
  readonly isBare: boolean;
}

/** The numbers of "@@ -10,7 +10,8 @@ heading"; lines count from 1. */
export interface HunkNumbers {
  readonly oldStart: number;
  readonly oldCount: number;
  readonly newStart: number;
  readonly newCount: number;
}

export interface Hunk {
  /** For the model: "hunk 2 of 3". */
  readonly label: string;
  readonly lines: readonly HunkLine[];
  /** null where the header gives none, or not all of them. */
  readonly numbers: HunkNumbers | null;
  /** Git's section heading: the last unindented line above the hunk. */
  readonly heading: string;
  /** Lines that stand above the hunk, outermost first. */
  readonly anchors: readonly string[];
  /** The last line is the file's last. */
  readonly atEnd: boolean;
  /** The lines are all that was meant: a search block cannot have lost context. */
  readonly isComplete: boolean;
  /** The next hunk's numbers confirm how many lines this one adds and takes away. */
  readonly isTallied?: boolean;
}

export const hunkLine = (op: HunkLine['op'], raw: string): HunkLine => {
  const isWindows = raw.endsWith('\r');
  return { op, text: isWindows ? raw.slice(0, -1) : raw, isWindows, isOpen: false, isBare: false };
};

/** The lines that the file has before the hunk. */
export const oldLines = (hunk: Hunk): HunkLine[] => hunk.lines.filter(({ op }) => op !== '+');
/** The lines that it has after it. */
export const newLines = (hunk: Hunk): HunkLine[] => hunk.lines.filter(({ op }) => op !== '-');

export const hasChange = (hunk: Hunk): boolean => {
  const [before, after] = [oldLines(hunk), newLines(hunk)];
  if (before.length !== after.length) return true;
  return before.some((line, index) => {
    const other = after[index];
    return line.text !== other?.text || line.isOpen !== other.isOpen || line.isWindows !== other.isWindows;
  });
};

/** How many lines the header promises beyond those that are there. */
export function missingLines(hunk: Hunk): { readonly old: number; readonly new: number } {
  if (!hunk.numbers) return { old: 0, new: 0 };
  const { oldCount, newCount } = hunk.numbers;
  return { old: oldCount - oldLines(hunk).length, new: newCount - newLines(hunk).length };
}
