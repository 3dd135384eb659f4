/**
 * Reads what linters and type checkers complain about: one line each (tsc, standard, eslint's unix and compact formats, biome), lines
 * below the name of a file (eslint's stylish), or a message above its place (oxlint, and compilers that draw).
 */
export interface Problem {
  /** As a person reads it: "src/a.ts:3:5 error TS2322: …". */
  readonly text: string;
  /** The same for a problem that merely moved to another line. */
  readonly key: string;
}

const ON_ONE_LINE = /^\s*([^\s:()[\]][^:()[\]]*\.\w+)[:(](\d+)(?:[,:](\d+))?\)?\s*[:-]?\s*(\S.*)$/;
const FILE_NAME = /^([^\s:()][^:()]*\.\w+)$/;
const BELOW_FILE = /^\s+(\d+):(\d+)\s+(\S.*)$/;
const DRAWN_PLACE = /^\s*[╭,┌][─-]+\[\s*([^\s:]+):(\d+):(\d+)\s*\]/;
/** Rules that are drawn to the end of the line. */
const RULER = /\s*[━─═]{3,}\s*$/;

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are control characters.
const ESCAPES = /\u001b\[[0-?]*[ -/]*[@-~]/g;

export function readProblems(output: string): readonly Problem[] {
  const problems: Problem[] = [];
  const add = (file: string, place: string, message: string) => {
    const said = message.replace(RULER, '').replace(/\s+/g, ' ').trim();
    if (said !== '') problems.push({ text: `${file}:${place} ${said}`, key: `${file} ${said}` });
  };
  let file: string | null = null;
  let last = '';
  for (const line of output.replace(ESCAPES, '').split(/\r?\n/)) {
    const drawn = DRAWN_PLACE.exec(line);
    const below = file === null ? null : BELOW_FILE.exec(line);
    const single = ON_ONE_LINE.exec(line);
    if (drawn) add(drawn[1] ?? '', `${drawn[2]}:${drawn[3]}`, last);
    else if (below) add(file ?? '', `${below[1]}:${below[2]}`, below[3] ?? '');
    else if (single) add(single[1] ?? '', [single[2], single[3]].filter(Boolean).join(':'), single[4] ?? '');
    else if (line.trim() === '' || FILE_NAME.test(line)) file = FILE_NAME.exec(line)?.[1] ?? null;
    if (line.trim() !== '') last = line;
  }
  return problems;
}

/** The problems of `now` that were not there before; one that is there more often counts for each time more. */
export function addedProblems(before: readonly Problem[], now: readonly Problem[]): readonly Problem[] {
  const left = new Map<string, number>();
  for (const { key } of before) left.set(key, (left.get(key) ?? 0) + 1);
  return now.filter(({ key }) => {
    const known = left.get(key) ?? 0;
    left.set(key, known - 1);
    return known <= 0;
  });
}
