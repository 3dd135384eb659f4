/** Changes to make edits of: those of the project's own history, and made-up ones in the files of its packages. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Change } from './edit-case.ts';
import type { Random } from './random.ts';

const LARGEST = 60_000;
const TEXT = /\.(js|cjs|mjs|ts|tsx|mts|cts|json|md|css|html|yml|yaml|txt|py|c|h|sh)$/;

/** Modified text files of the latest commits, at most `most`; none where there is no history. */
export function historyChanges(root: string, most: number): Change[] {
  const git = (args: string[], input = '') =>
    execFileSync('git', args, { cwd: root, input, maxBuffer: 1 << 29, stdio: ['pipe', 'pipe', 'ignore'] });
  try {
    const log = git([
      'log',
      '-n',
      '400',
      '--no-merges',
      '--raw',
      '--abbrev=40',
      '--diff-filter=M',
      '--format=',
    ]).toString();
    const rows = [...log.matchAll(/^:\d+ \d+ ([0-9a-f]{40}) ([0-9a-f]{40}) M\t(.+)$/gm)].slice(0, most);
    const blobs = readBlobs(git(['cat-file', '--batch'], rows.flatMap((row) => [row[1], row[2]]).join('\n')));
    return rows.flatMap(([, before = '', after = '', path = '']): Change[] => {
      const change = { path, before: blobs.get(before) ?? '', after: blobs.get(after) ?? '' };
      const isUsable = TEXT.test(path) && change.before.length < LARGEST && change.before !== change.after;
      return isUsable && change.before !== '' && change.after !== '' ? [change] : [];
    });
  } catch (error) {
    if (error instanceof Error && 'status' in error) return [];
    throw error;
  }
}

/** The answer of `git cat-file --batch`: "<hash> blob <size>\n<content>\n" for each. */
function readBlobs(output: Buffer): Map<string, string> {
  const blobs = new Map<string, string>();
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf(10, at);
    const [hash = '', kind, size = '0'] = output.subarray(at, end).toString().split(' ');
    const length = kind === 'blob' ? Number(size) : -1;
    if (length >= 0) blobs.set(hash, output.subarray(end + 1, end + 1 + length).toString());
    at = end + 1 + (length >= 0 ? length + 1 : 0);
  }
  return blobs;
}

/** Text files below the folders, `most` of them, spread over all. */
export function sourceFiles(root: string, folders: readonly string[], most: number): { path: string; text: string }[] {
  const paths: string[] = [];
  const walk = (folder: string, depth: number) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && depth < 5 && !entry.name.startsWith('.')) walk(path, depth + 1);
      else if (entry.isFile() && TEXT.test(entry.name)) paths.push(path);
    }
  };
  for (const folder of folders) walk(join(root, folder), 0);
  paths.sort();
  const step = Math.max(1, Math.floor(paths.length / (most * 2)));
  const files = paths.flatMap((path, index) => {
    if (index % step !== 0 || statSync(path).size > LARGEST || statSync(path).size < 200) return [];
    const text = readFileSync(path, 'utf8');
    return text.includes('\0') || text.includes('\uFFFD') ? [] : [{ path: relative(root, path), text }];
  });
  return files.slice(0, most);
}

/** Changes one to four places of a text: lines are reworded, added, taken away, moved into a block. */
export function makeUpChange(path: string, text: string, random: Random): Change | null {
  const lines = text.split('\n');
  const places = 1 + random.below(4);
  for (let place = 0; place < places; place += 1) changeSomewhere(lines, random);
  const after = lines.join('\n');
  return after === text || after.trim() === '' ? null : { path, before: text, after };
}

function changeSomewhere(lines: string[], random: Random): void {
  const at = random.below(Math.max(1, lines.length - 1));
  const count = 1 + random.below(random.chance(0.2) ? 8 : 3);
  const kind = random.below(6);
  if (kind <= 1) lines.splice(at, count, ...lines.slice(at, at + count).map((line) => reword(line, random)));
  else if (kind === 2) lines.splice(at, 0, ...donated(lines, count, random));
  else if (kind === 3) lines.splice(at, Math.min(count, lines.length - at - 1));
  else if (kind === 4) lines.splice(at, Math.min(count, 2), ...donated(lines, count + 1, random));
  else {
    const inner = lines.slice(at, at + count);
    const indent = /^[ \t]*/.exec(inner[0] ?? '')?.[0] ?? '';
    const unit = indent.includes('\t') ? '\t' : '  ';
    lines.splice(
      at,
      inner.length,
      `${indent}if (isReady) {`,
      ...inner.map((line) => (line === '' ? line : unit + line)),
      `${indent}}`,
    );
  }
}

/** Lines of another place of the same text, some of them as they are: what is added often stands elsewhere, too. */
function donated(lines: readonly string[], count: number, random: Random): string[] {
  const from = random.below(lines.length);
  return lines.slice(from, from + count).map((line) => (random.chance(0.3) ? line : reword(line, random)));
}

const WORDS = ['total', 'name', 'value', 'result', 'index', 'options', 'count', 'next', 'item', 'state'];

/** Windows line ends stay at the end. */
function reword(line: string, random: Random): string {
  const end = line.endsWith('\r') ? '\r' : '';
  return rewordText(end === '' ? line : line.slice(0, -1), random) + end;
}

function rewordText(line: string, random: Random): string {
  const words = [...line.matchAll(/[A-Za-z_]\w+/g)];
  if (words.length === 0)
    return line.trim() === ''
      ? `${line}// ${random.pick(WORDS)} ${random.below(100)}`
      : `${line} `.trimEnd() + random.below(10);
  const word = random.pick(words);
  const now = random.chance(0.5) ? random.pick(WORDS) : `${word[0]}${random.below(10)}`;
  return line.slice(0, word.index) + now + line.slice(word.index + word[0].length);
}

/** The same change in a file of another kind: Windows line endings, a byte order mark, no last line break, tabs. */
export function disguise(change: Change, random: Random): Change {
  const kind = random.below(12);
  const both = (alter: (text: string) => string) => ({
    ...change,
    before: alter(change.before),
    after: alter(change.after),
  });
  if (kind === 0) return both((text) => text.replace(/\r?\n/g, '\r\n'));
  if (kind === 1) return both((text) => `\uFEFF${text}`);
  if (kind === 2) return both((text) => text.replace(/\n+$/, ''));
  if (kind === 3) return both((text) => text.replace(/^(?: {2})+/gm, (blanks) => '\t'.repeat(blanks.length / 2)));
  if (kind === 4) return both((text) => text.replace(/^ +/gm, (blanks) => blanks.repeat(2)));
  if (kind === 5) return both((text) => text.replace(/;$/gm, (end) => `${end} `));
  return change;
}
