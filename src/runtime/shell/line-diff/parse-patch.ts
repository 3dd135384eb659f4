/** Reads patches: unified diffs, with git's headers or without. */

export interface PatchLine {
  mark: ' ' | '-' | '+';
  /** With its newline, unless it has none in the file. */
  text: string;
}

export interface Hunk {
  /** From 1; 0 for an empty range at the start. */
  oldStart: number;
  oldCount: number;
  newStart: number;
  newCount: number;
  lines: PatchLine[];
  /** The line with `@@`. */
  heading: string;
}

export interface FilePatch {
  /** As in the header, `/dev/null` for a file that is not there. */
  oldName: string | undefined;
  newName: string | undefined;
  hunks: Hunk[];
  /** Of git's extended header. */
  newMode?: number;
  deleted?: boolean;
  created?: boolean;
  renamedFrom?: string;
  renamedTo?: string;
  /** The beginnings of the ids of the file before and after. */
  oldId?: string;
  newId?: string;
  /** The lines in front of the first hunk. */
  header: string[];
  /** Line of the patch where the first hunk begins, from 1. */
  line: number;
}

const HEADING = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

/** diff gives what is not there the time of the epoch. */
const EPOCH =
  /\t(1970-01-01 00:00:00(\.0+)?( [-+]0000)?|1969-12-31 .* -|1970-01-01 .* \+|Thu Jan {1,2}1 00:00:00 1970)/;

/** What is no patch between the files is skipped. */
export function parsePatch(text: string): FilePatch[] {
  const lines = text.split('\n');
  const files: FilePatch[] = [];
  let current: FilePatch | undefined;
  let header: string[] = [];
  const start = (at: number): FilePatch => {
    const file: FilePatch = { oldName: undefined, newName: undefined, hunks: [], header, line: at + 1 };
    header = [];
    files.push(file);
    return file;
  };
  for (let i = 0; i < lines.length; ) {
    const line = (lines[i] ?? '').replace(/\r$/, '');
    const git = /^diff --git (?:"?a\/(.*?)"?) (?:"?b\/(.*?)"?)$/.exec(line);
    if (git) {
      header = [line];
      current = start(i);
      current.header.push(line);
      current.oldName = `a/${git[1]}`;
      current.newName = `b/${git[2]}`;
      i += 1;
      while (i < lines.length && readExtended(current, lines[i] ?? '')) {
        current.header.push(lines[i] ?? '');
        i += 1;
      }
    } else if (line.startsWith('--- ') && lines[i + 1]?.startsWith('+++ ')) {
      if (!current || current.hunks.length > 0 || !current.header[0]?.startsWith('diff --git')) current = start(i);
      current.oldName = nameOf(line.slice(4));
      current.newName = nameOf((lines[i + 1] ?? '').slice(4));
      if (current.oldName === '/dev/null' || EPOCH.test(line)) current.created = true;
      if (current.newName === '/dev/null' || EPOCH.test(lines[i + 1] ?? '')) current.deleted = true;
      current.header.push(line, lines[i + 1] ?? '');
      current.line = i + 3;
      i += 2;
    } else if (current && HEADING.test(line)) {
      const { hunk, next } = readHunk(lines, i);
      current.hunks.push(hunk);
      i = next;
    } else {
      if (line !== '') header.push(line);
      i += 1;
    }
  }
  return files.filter((file) => file.hunks.length > 0 || file.header[0]?.startsWith('diff --git'));
}

/** The name in a header, without the time behind it. */
function nameOf(text: string): string {
  const quoted = /^"((?:[^"\\]|\\.)*)"/.exec(text);
  return quoted ? (quoted[1] ?? '').replace(/\\(.)/g, '$1') : (text.split('\t')[0] ?? '').replace(/\r$/, '').trimEnd();
}

function readExtended(file: FilePatch, line: string): boolean {
  const match =
    /^(new mode|new file mode|deleted file mode|old mode|rename from|rename to|copy from|copy to|similarity index|dissimilarity index|index) (.*)$/.exec(
      line,
    );
  if (!match) return false;
  const [, key, value = ''] = match;
  if (key === 'new mode' || key === 'new file mode') file.newMode = Number.parseInt(value, 8);
  if (key === 'new file mode') file.created = true;
  if (key === 'deleted file mode') file.deleted = true;
  if (key === 'rename from') file.renamedFrom = value;
  if (key === 'rename to') file.renamedTo = value;
  const ids = key === 'index' ? /^([\da-f]+)\.\.([\da-f]+)/.exec(value) : null;
  if (ids) [file.oldId, file.newId] = [ids[1] ?? '', ids[2] ?? ''];
  return true;
}

function readHunk(lines: readonly string[], at: number): { hunk: Hunk; next: number } {
  const heading = lines[at] ?? '';
  const [, oldStart, oldCount = '1', newStart, newCount = '1'] = HEADING.exec(heading) ?? [];
  const hunk: Hunk = {
    oldStart: Number(oldStart),
    oldCount: Number(oldCount),
    newStart: Number(newStart),
    newCount: Number(newCount),
    lines: [],
    heading,
  };
  let [oldLeft, newLeft] = [hunk.oldCount, hunk.newCount];
  let i = at + 1;
  for (; i < lines.length; i += 1) {
    const line = lines[i] ?? '';
    if (line.startsWith('\\')) {
      const last = hunk.lines.at(-1);
      if (last) last.text = last.text.replace(/\n$/, '');
      continue;
    }
    if (oldLeft <= 0 && newLeft <= 0) break;
    // Editors drop the blank that an empty line of context begins with.
    const mark = line === '' && i < lines.length - 1 ? ' ' : (line[0] ?? '');
    if (mark !== ' ' && mark !== '-' && mark !== '+') break;
    if (mark !== '+') oldLeft -= 1;
    if (mark !== '-') newLeft -= 1;
    hunk.lines.push({ mark, text: `${line.slice(1)}\n` });
  }
  return { hunk, next: i };
}
