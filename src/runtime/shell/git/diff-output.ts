/** The outputs of `git diff`: patch, --stat, --numstat, --shortstat, --name-only, --name-status, --summary, --raw. */
import { greatest } from '../../kernel/large-lists.ts';
import { type Change, diffLines, splitLines, unifiedHunks } from '../line-diff/hunks.ts';
import type { FileChange, Load } from './changes.ts';
import { colourGraph, colourPatch, GREEN, painted, RED } from './colour.ts';
import { byWords, type WordDiffStyle } from './word-diff.ts';

export type DiffFormat = 'patch' | 'stat' | 'numstat' | 'shortstat' | 'name-only' | 'name-status' | 'summary' | 'raw';

export interface DiffOutput {
  changes: readonly FileChange[];
  loadBefore: Load;
  loadAfter: Load;
  formats: ReadonlySet<DiffFormat>;
  /** Lines of context. */
  context: number;
  /** Lines that are equal under it count as equal. */
  normalize?: ((line: string) => string) | undefined;
  zero?: boolean;
  fullIndex?: boolean;
  /** `--raw` tells whole ids. */
  rawIds?: boolean;
  /** Hunks with no more lines than these between them are one. */
  between?: number;
  /** Hunks reach over whole functions. */
  wholeFunctions?: boolean;
  /** What is made, removed or made executable is told beside its name. */
  compactSummary?: boolean;
  /** Columns of `--stat`, and how many files it names. */
  statWidth?: number;
  statCount?: number;
  /** Changes are told by words, not by lines. */
  words?: WordDiffStyle | undefined;
  colour?: boolean;
  /** In front of paths: `a/` and `b/`. */
  prefixes?: readonly [string, string];
}

export interface Compared {
  change: FileChange;
  left: string[];
  right: string[];
  lines: Change[];
  binary: boolean;
  sizes: [number, number];
}

export const NO_OBJECT = '0'.repeat(40);
export const octal = (mode: number | undefined) => (mode ?? 0).toString(8).padStart(6, '0');

export async function formatDiff(output: DiffOutput): Promise<string> {
  const { formats, changes } = output;
  if (changes.length === 0) return '';
  const end = output.zero ? '\0' : '\n';
  let text = '';
  if (formats.has('raw')) text += changes.map((change) => rawLine(change, output) + end).join('');
  if (formats.has('name-only'))
    text += changes.map(({ path }) => (output.zero ? path : quotePath(path)) + end).join('');
  if (formats.has('name-status'))
    text += changes.map((change) => nameStatus(change, output.zero === true) + end).join('');
  const needsLines = ['patch', 'stat', 'numstat', 'shortstat'].some((format) => formats.has(format as DiffFormat));
  if (!needsLines) return text + (formats.has('summary') ? summary(changes) : '');
  const compared: Compared[] = [];
  for (const change of changes) compared.push(await compareFile(output, change));
  if (formats.has('numstat')) text += compared.map((item) => numstat(item, output.zero === true)).join('');
  if (formats.has('stat')) text += statTable(compared, output) + shortstat(compared);
  else if (formats.has('shortstat')) text += shortstat(compared);
  if (formats.has('summary')) text += summary(changes);
  if (!formats.has('patch')) return text;
  if (text !== '') text += '\n';
  const { words } = output;
  const patches = compared.map((item) => patchOf(output, item)).map((patch) => (words ? byWords(patch, words) : patch));
  const lines = output.colour && !words ? patches.map(colourPatch) : patches;
  return text + lines.join('');
}

export async function compareFile(output: DiffOutput, change: FileChange): Promise<Compared> {
  const empty = new Uint8Array(0);
  const before = change.before ? await output.loadBefore(change.fullOldPath ?? change.oldPath, change.before) : empty;
  const after = change.after ? await output.loadAfter(change.fullPath ?? change.path, change.after) : empty;
  const sizes: [number, number] = [before.length, after.length];
  const binary = isBinary(before) || isBinary(after);
  if (binary) return { change, left: [], right: [], lines: [], binary, sizes };
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const [left, right] = [splitLines(decoder.decode(before)), splitLines(decoder.decode(after))];
  const { normalize } = output;
  const lines = diffLines(left, right, { indentHeuristic: true, ...(normalize ? { normalize } : {}) });
  return { change, left, right, lines, binary, sizes };
}

export function isBinary(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 8000).includes(0);
}

/** Names with unusual characters are quoted as in C. */
export function quotePath(path: string): string {
  if (!/["\\\p{Cc}]|[^\p{ASCII}]/u.test(path)) return path;
  const bytes = [...new TextEncoder().encode(path)].map((byte) => {
    const char = String.fromCharCode(byte);
    if (char === '"' || char === '\\') return `\\${char}`;
    if (char === '\n') return '\\n';
    if (char === '\t') return '\\t';
    return byte < 32 || byte > 126 ? `\\${byte.toString(8).padStart(3, '0')}` : char;
  });
  return `"${bytes.join('')}"`;
}

function nameStatus({ status, path, oldPath, similarity }: FileChange, zero: boolean): string {
  const gap = zero ? '\0' : '\t';
  const name = (text: string) => (zero ? text : quotePath(text));
  // The two names of a file differ where two folders are compared.
  if (status !== 'R') return `${status}${gap}${name(oldPath)}`;
  return `R${String(similarity).padStart(3, '0')}${gap}${name(oldPath)}${gap}${name(path)}`;
}

function rawLine(change: FileChange, { rawIds, zero }: DiffOutput): string {
  const { before, after } = change;
  const id = (oid = NO_OBJECT) => oid.slice(0, rawIds ? 40 : 7);
  return `:${octal(before?.mode)} ${octal(after?.mode)} ${id(before?.oid)} ${id(after?.oid)} ${nameStatus(change, zero === true)}`;
}

function patchOf(output: DiffOutput, { change, left, right, lines, binary }: Compared): string {
  const { before, after, status, similarity } = change;
  const [a, b] = output.prefixes ?? ['a/', 'b/'];
  const [oldName, newName] = [quotePath(a + change.oldPath), quotePath(b + change.path)];
  let text = `diff --git ${oldName} ${newName}\n`;
  if (!before) text += `new file mode ${octal(after?.mode)}\n`;
  else if (!after) text += `deleted file mode ${octal(before.mode)}\n`;
  else if (before.mode !== after.mode) text += `old mode ${octal(before.mode)}\nnew mode ${octal(after.mode)}\n`;
  if (status === 'R')
    text += `similarity index ${similarity}%\nrename from ${quotePath(change.oldPath)}\nrename to ${quotePath(change.path)}\n`;
  if (before?.oid === after?.oid) return text;
  const short = (oid: string | undefined) => (oid ?? NO_OBJECT).slice(0, output.fullIndex ? 40 : 7);
  const mode = before && after && before.mode === after.mode ? ` ${octal(before.mode)}` : '';
  const index = `index ${short(before?.oid)}..${short(after?.oid)}${mode}\n`;
  const names = [before ? oldName : '/dev/null', after ? newName : '/dev/null'];
  if (binary) return `${text}${index}Binary files ${names[0]} and ${names[1]} differ\n`;
  // Only white space that does not count differs.
  if (lines.length === 0 && left.length + right.length > 0 && output.normalize)
    return status === 'M' && mode !== '' ? '' : text;
  text += index;
  if (lines.length === 0) return text;
  const tab = (name: string | undefined) => (name?.includes(' ') && !name.startsWith('"') ? `${name}\t` : (name ?? ''));
  text += `--- ${tab(names[0])}\n+++ ${tab(names[1])}\n`;
  return (
    text +
    unifiedHunks({
      left,
      right,
      changes: lines,
      context: output.context,
      between: output.between ?? 0,
      ...(output.wholeFunctions ? { functionAt: isFunctionLine } : {}),
      heading: (start) => functionBefore(left, start),
    })
  );
}

export const isFunctionLine = (line: string): boolean => /^[A-Za-z_$]/.test(line);

/** The nearest line above that begins like a function. */
export function functionBefore(lines: readonly string[], start: number): string {
  for (let i = start - 1; i >= 0; i -= 1) {
    const line = lines[i] ?? '';
    if (isFunctionLine(line)) return line.slice(0, 80).trimEnd();
  }
  return '';
}

export interface Counts {
  added: number;
  deleted: number;
}

function countsOf({ lines }: Compared): Counts {
  const counts = { added: 0, deleted: 0 };
  for (const { left, leftEnd, right, rightEnd } of lines) {
    counts.added += rightEnd - right;
    counts.deleted += leftEnd - left;
  }
  return counts;
}

function numstat(item: Compared, zero: boolean): string {
  const { added, deleted } = countsOf(item);
  const name = zero ? `${namesApart(item.change)}\0` : `${shownName(item.change)}\n`;
  return item.binary ? `-\t-\t${name}` : `${added}\t${deleted}\t${name}`;
}

/** Both names of a file that was renamed, behind an empty one. */
const namesApart = ({ oldPath, path }: FileChange) => (oldPath === path ? path : `\0${oldPath}\0${path}`);

/** `old => new`, what both share written once: `src/{a.js => b.js}`. */
function shownName({ oldPath, path }: FileChange): string {
  if (oldPath === path) return quotePath(path);
  const quoted = [quotePath(oldPath), quotePath(path)];
  if (quoted[0] !== oldPath || quoted[1] !== path) return quoted.join(' => ');
  let prefix = 0;
  for (let i = 0; i < Math.min(oldPath.length, path.length) && oldPath[i] === path[i]; i += 1)
    if (oldPath[i] === '/') prefix = i + 1;
  let suffix = 0;
  const floor = Math.max(0, prefix - 1);
  for (let i = 1; oldPath.length - i >= floor && path.length - i >= floor && oldPath.at(-i) === path.at(-i); i += 1) {
    if (oldPath.at(-i) === '/') suffix = i;
  }
  if (prefix === 0 && suffix === 0) return `${oldPath} => ${path}`;
  const middle = (text: string) => text.slice(prefix, Math.max(prefix, text.length - suffix));
  return `${oldPath.slice(0, prefix)}{${middle(oldPath)} => ${middle(path)}}${oldPath.slice(oldPath.length - suffix)}`;
}

const WIDTH = 80;

function statTable(
  all: readonly Compared[],
  { compactSummary, statWidth, statCount, colour = false }: DiffOutput,
): string {
  const width = statWidth ?? WIDTH;
  const items = all.slice(0, statCount);
  const label = ({ change }: Compared) => shownName(change) + (compactSummary ? compactNote(change) : '');
  const rows = items.map((item) => ({ item, name: label(item), ...countsOf(item) }));
  const most = greatest(
    rows.map(({ added, deleted }) => added + deleted),
    0,
  );
  let nameWidth = greatest(rows.map(({ name }) => name.length));
  const binaryWidth = items.some(({ binary }) => binary) ? 3 : 0;
  const numberWidth = Math.max(String(most).length, binaryWidth);
  let graphWidth = most;
  if (nameWidth + numberWidth + 6 + graphWidth > width) {
    const limit = Math.max(6, Math.floor((width * 3) / 8) - numberWidth - 6);
    if (graphWidth > limit) graphWidth = limit;
    if (nameWidth > width - numberWidth - 6 - graphWidth) nameWidth = width - numberWidth - 6 - graphWidth;
    else graphWidth = width - numberWidth - 6 - nameWidth;
  }
  return (
    rows
      .map(({ item, name, added, deleted }) => {
        const label = shorten(name, nameWidth).padEnd(nameWidth);
        if (item.binary)
          return ` ${label} | ${'Bin'.padStart(numberWidth)} ${painted(RED, String(item.sizes[0]), colour)} -> ${painted(GREEN, String(item.sizes[1]), colour)} bytes\n`;
        const signs = graphOf({ added, deleted }, graphWidth, most);
        const graph = colour ? colourGraph(signs) : signs;
        return ` ${label} | ${String(added + deleted).padStart(numberWidth)}${graph === '' ? '' : ` ${graph}`}\n`;
      })
      .join('') + (items.length < all.length ? ' ...\n' : '')
  );
}

/** ` (new)`, ` (gone)`, ` (mode +x)` of `--compact-summary`. */
function compactNote({ before, after }: FileChange): string {
  const executable = after?.mode === 0o100755;
  if (!before) return executable ? ' (new +x)' : after?.mode === 0o120000 ? ' (new +l)' : ' (new)';
  if (!after) return ' (gone)';
  if (before.mode === after.mode) return '';
  return executable ? ' (mode +x)' : before.mode === 0o100755 && after.mode === 0o100644 ? ' (mode -x)' : '';
}

function shorten(name: string, width: number): string {
  if (name.length <= width) return name;
  const tail = name.slice(name.length - width + 3);
  const slash = tail.indexOf('/');
  return `...${slash === -1 ? tail : tail.slice(slash)}`;
}

export function graphOf({ added, deleted }: Counts, width: number, most: number): string {
  if (width >= most) return '+'.repeat(added) + '-'.repeat(deleted);
  const scale = (value: number) => (value === 0 ? 0 : 1 + Math.floor((value * (width - 1)) / most));
  let total = scale(added + deleted);
  if (total < 2 && added > 0 && deleted > 0) total = 2;
  const plus = added < deleted ? scale(added) : total - scale(deleted);
  return '+'.repeat(plus) + '-'.repeat(total - plus);
}

function shortstat(items: readonly Compared[]): string {
  return totals(items.map(countsOf));
}

/** ` 2 files changed, 3 insertions(+)`. */
export function totals(items: readonly Counts[]): string {
  let [added, deleted] = [0, 0];
  for (const counts of items) {
    added += counts.added;
    deleted += counts.deleted;
  }
  const plural = (count: number) => (count === 1 ? '' : 's');
  let text = ` ${items.length} file${plural(items.length)} changed`;
  if (added > 0 || deleted === 0) text += `, ${added} insertion${plural(added)}(+)`;
  if (deleted > 0 || added === 0) text += `, ${deleted} deletion${plural(deleted)}(-)`;
  return `${text}\n`;
}

export function summary(changes: readonly FileChange[]): string {
  return changes
    .map((change) => {
      const { before, after, status, path } = change;
      const mode =
        before && after && before.mode !== after.mode
          ? ` mode change ${octal(before.mode)} => ${octal(after.mode)}${status === 'R' ? '' : ` ${quotePath(path)}`}\n`
          : '';
      if (!before) return ` create mode ${octal(after?.mode)} ${quotePath(path)}\n`;
      if (!after) return ` delete mode ${octal(before.mode)} ${quotePath(path)}\n`;
      return status === 'R' ? ` rename ${shownName(change)} (${change.similarity}%)\n${mode}` : mode;
    })
    .join('');
}
