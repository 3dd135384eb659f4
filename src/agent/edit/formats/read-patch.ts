/** Reads patches from "*** Begin Patch" to "*** End Patch". */
import { contentAt } from '../../../session/content.ts';
import type { Files } from '../../../session/files.ts';
import { type Hunk, type HunkLine, hunkLine } from '../hunk.ts';
import type { Operation } from '../operation.ts';
import { cleanPath, findPath, missingFile, newPath } from '../paths.ts';
import { Refusal } from '../refusal.ts';

const HEADER = /^\*\*\* (Add File|Update File|Delete File|Create File|Modify File|Remove File): *(.+?)\s*$/;
const KINDS: Readonly<Record<string, Section['kind']>> = {
  'Add File': 'add',
  'Create File': 'add',
  'Update File': 'update',
  'Modify File': 'update',
  'Delete File': 'delete',
  'Remove File': 'delete',
};

interface Section {
  readonly kind: 'add' | 'update' | 'delete';
  readonly path: string;
  readonly lines: string[];
}

/** Throws Refusal. */
export function readPatch(files: Files, text: string): Operation[] {
  const sections = splitSections(text);
  if (sections.length === 0)
    throw new Refusal(
      'The patch names no file: add a line "*** Update File: path", "*** Add File: path" or "*** Delete File: path".',
    );
  return sections.flatMap((section) => readSection(files, section));
}

function splitSections(text: string): Section[] {
  const lines = text.split('\n');
  const begin = lines.findIndex((line) => /^\s*\*\*\* Begin Patch\s*$/.test(line));
  const end = lines.findIndex((line, at) => at > begin && /^\*\*\* End Patch\s*$/.test(line));
  if (begin !== -1 && end === -1) throw new Refusal('The patch is cut off: its last line must be "*** End Patch".');
  const sections: Section[] = [];
  for (const line of lines.slice(begin + 1, end === -1 ? undefined : end)) {
    const [, kind, path] = HEADER.exec(line) ?? [];
    if (kind !== undefined && path !== undefined) sections.push({ kind: KINDS[kind] ?? 'update', path, lines: [] });
    else if (/^\*\*\* (?!End of File|Move to:)/.test(line))
      throw new Refusal(`The patch has a line that means nothing: "${line.slice(0, 80)}".`);
    else sections.at(-1)?.lines.push(line);
  }
  return sections;
}

function readSection(files: Files, section: Section): Operation[] {
  if (section.kind === 'add')
    return [{ kind: 'create', path: newPath(files, section.path), content: addedText(section) }];
  const path = findPath(files, section.path);
  if (path === null) throw new Refusal(missingFile(files, cleanPath(section.path)));
  if (section.kind === 'delete') {
    if (section.lines.some((line) => line.trim() !== '')) throw new Refusal(`${path}: a deletion shows no lines.`);
    return [{ kind: 'delete', path, hunk: null }];
  }
  const target = section.lines
    .map((line) => /^\*\*\* Move to: *(.+?)\s*$/.exec(line)?.[1])
    .find((to) => to !== undefined);
  const hunks = readHunks(section.lines.filter((line) => !line.startsWith('*** Move to:')));
  if (hunks.length === 0 && target === undefined) throw new Refusal(`${path}: the patch shows no change.`);
  const operations: Operation[] = hunks.length > 0 ? [{ kind: 'hunks', path, hunks, index: null }] : [];
  if (target === undefined || contentAt(files, path) === undefined) return operations;
  return [...operations, { kind: 'move', path, to: newPath(files, target) }];
}

function addedText({ path, lines }: Section): string {
  const shown = trimEnd(lines);
  if (shown.some((line) => !line.startsWith('+')))
    throw new Refusal(`${path}: every line of a new file begins with "+".`);
  return shown.map((line) => `${line.slice(1)}\n`).join('');
}

function readHunks(lines: readonly string[]): Hunk[] {
  const drafts: { anchors: string[]; lines: HunkLine[]; atEnd: boolean }[] = [];
  for (const line of trimEnd(lines)) {
    const current = drafts.at(-1);
    const anchor = /^@@(.*)$/.exec(line)?.[1];
    if (anchor !== undefined) {
      const text = readAnchor(anchor);
      if (current && current.lines.length === 0) current.anchors.push(...text);
      else drafts.push({ anchors: text, lines: [], atEnd: false });
    } else if (line.startsWith('*** End of File')) {
      if (current) current.atEnd = true;
    } else {
      const draft = current ?? { anchors: [], lines: [], atEnd: false };
      if (!current) drafts.push(draft);
      draft.lines.push(readLine(line));
    }
  }
  const full = drafts.map((draft) => ({ ...draft, lines: withoutBlankEnd(draft.lines) }));
  return full.map((draft, index) => ({
    ...draft,
    label: full.length === 1 ? 'the hunk' : `hunk ${index + 1} of ${full.length}`,
    numbers: null,
    heading: '',
    isComplete: false,
  }));
}

/** "@@ class Cart", "@@ class Cart @@"; the numbers of a diff say nothing here. */
function readAnchor(text: string): string[] {
  const anchor = text
    .replace(/^ *-\d+(,\d+)? \+\d+(,\d+)? *@@/, '')
    .replace(/\s*@@\s*$/, '')
    .trim();
  return anchor === '' || /^\.+$/.test(anchor) ? [] : [anchor];
}

function readLine(line: string): HunkLine {
  const [op] = line;
  if (op === ' ' || op === '-' || op === '+') return hunkLine(op, line.slice(1));
  return { ...hunkLine(' ', line), isBare: true };
}

function withoutBlankEnd(lines: readonly HunkLine[]): HunkLine[] {
  const last = lines.findLastIndex(({ isBare, text }) => !isBare || text !== '');
  return lines.slice(0, last + 1);
}

function trimEnd(lines: readonly string[]): string[] {
  const last = lines.findLastIndex((line) => line.trim() !== '');
  return lines.slice(0, last + 1);
}
