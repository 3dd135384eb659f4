/** An edit as data from outside: a format by any of its usual names, and a text or an object. */
import type { Files } from '../../session/files.ts';
import type { Edit, Replacement, WholeFile } from './edit.ts';
import { hasBlocks } from './formats/read-blocks.ts';
import { readOnlyFence, readPathAndContent, readWholeFiles } from './formats/read-whole.ts';
import { parseEdits } from './parse-edits.ts';
import { findPath } from './paths.ts';
import { Refusal } from './refusal.ts';

type Kind = 'replace' | 'diff' | 'patch' | 'whole' | 'auto';

/** Without case, blanks, "-", "_" and "/". */
const KINDS: Readonly<Record<string, Kind>> = {
  ...names(
    'replace',
    'replace searchreplace blocks block searchreplaceblocks editblock editblocks strreplace stringreplace findreplace aider',
  ),
  ...names('diff', 'diff unifieddiff unified udiff gitdiff git'),
  ...names('patch', 'patch applypatch beginpatch codex v4a openai'),
  ...names('whole', 'whole wholefile wholefiles file files full fullfile rewrite write'),
  ...names('auto', 'auto any text'),
};

function names(kind: Kind, list: string): Record<string, Kind> {
  return Object.fromEntries(list.split(' ').map((name) => [name, kind]));
}

export const FORMAT_NAMES = 'replace, diff, patch, whole, auto';

/** The edits, for `applyEdits`. Throws Refusal for what cannot be read. */
export function editsFromData(files: Files, format: string, data: unknown): readonly Edit[] {
  const kind = KINDS[format.toLowerCase().replace(/[\s_/-]/g, '')];
  if (kind === undefined) throw new Refusal(`The format "${format}" is not known; there are ${FORMAT_NAMES}.`);
  if (typeof data === 'string') return fromText(files, kind, data);
  if (kind === 'replace') return fromReplacements(data);
  if (kind === 'whole') return [{ format: 'whole', files: wholeFiles(data) }];
  const record = asRecord(data);
  const text = textAt(record, ['diff', 'patch', 'patchText', 'patch_text', 'input', 'text', 'content', 'edit']);
  if (text === null) throw new Refusal(`The edit has no text: give it as a string, or as {"${kind}": "…"}.`);
  const path = textAt(record, PATH);
  return fromText(files, kind, text).map((edit) =>
    edit.format === 'diff' && path !== null ? { ...edit, path } : edit,
  );
}

function fromText(files: Files, kind: Kind, text: string): readonly Edit[] {
  if (kind === 'diff' || kind === 'patch') {
    // "patch" is what some call a diff, and some begin a diff with "*** Begin Patch".
    const isPatch = /^\s*\*\*\* (Begin Patch|Update File:|Add File:|Delete File:)/m.test(text);
    const isDiff = /^(diff --git |--- .+\r?\n\+\+\+ |@@ -\d)/m.test(text);
    return [
      {
        format: isPatch && (kind === 'patch' || !isDiff) ? 'patch' : isDiff || kind === 'diff' ? 'diff' : 'patch',
        text,
      },
    ];
  }
  if (kind === 'replace') {
    if (hasBlocks(text)) return [{ format: 'blocks', text }];
    const data = parseJson(text);
    return data === null ? [{ format: 'blocks', text }] : fromReplacements(data);
  }
  if (kind === 'whole') return [{ format: 'whole', files: wholeFromText(files, text) }];
  const parsed = parseEdits(text);
  if (!parsed.ok) throw new Refusal(parsed.error);
  return parsed.edits;
}

function wholeFromText(files: Files, text: string): readonly WholeFile[] {
  const found = readWholeFiles(text);
  if (found.length > 0) return found;
  const headed = readPathAndContent(text);
  const isOwnPath = headed !== null && findPath(files, headed.path) !== null;
  if (headed && isOwnPath) return [headed];
  const data = parseJson(text);
  if (data !== null) return wholeFiles(data);
  const [only, ...others] = Object.keys(files);
  if (only === undefined || others.length > 0) {
    if (headed) return [headed];
    throw new Refusal('The edit does not say which file it writes: put its path on a line above the fenced block.');
  }
  const fenced = readOnlyFence(text);
  if (fenced !== null) return [{ path: only, content: fenced, fenced: true }];
  if (/^\s{0,3}```/m.test(text) && !only.endsWith('.md'))
    throw new Refusal(`${only}: which of the text is the file is not certain: give one fenced block.`);
  return [{ path: only, content: text }];
}

const PATH = ['path', 'file', 'filename', 'fileName', 'filePath', 'file_path', 'target_file'];
const FIND = ['find', 'search', 'old', 'oldText', 'old_text', 'old_string', 'oldString', 'old_str', 'before', 'from'];
const REPLACE = [
  'replace',
  'replacement',
  'new',
  'newText',
  'new_text',
  'new_string',
  'newString',
  'new_str',
  'after',
  'to',
];
const CONTENT = ['content', 'contents', 'text', 'code', 'body'];
const LIST = ['edits', 'replacements', 'changes', 'blocks', 'operations', 'files'];

function fromReplacements(data: unknown): readonly Edit[] {
  const replacements = listOf(data).flatMap((item): Replacement[] => {
    const outer = asRecord(item);
    const inner = LIST.map((key) => outer[key]).find(Array.isArray);
    const path = textAt(outer, PATH);
    if (!inner) return [replacement(outer, path)];
    return inner.map((one) => replacement(asRecord(one), textAt(asRecord(one), PATH) ?? path));
  });
  if (replacements.length === 0) throw new Refusal('The edit is empty: it has no replacement.');
  return [{ format: 'replace', replacements }];
}

function replacement(record: Readonly<Record<string, unknown>>, path: string | null): Replacement {
  const find = textAt(record, FIND);
  const replace = textAt(record, REPLACE);
  if (path === null || find === null || replace === null)
    throw new Refusal('A replacement needs "path", "find" and "replace", all of them text.');
  return { path, find, replace };
}

function wholeFiles(data: unknown): readonly WholeFile[] {
  const files = listOf(data).flatMap((item): WholeFile[] => {
    const record = asRecord(item);
    const path = textAt(record, PATH);
    const content = textAt(record, CONTENT);
    if (path !== null && content !== null) return [{ path, content }];
    const inner = record['files'] ?? record;
    if (Array.isArray(inner)) return [...wholeFiles(inner)];
    return Object.entries(asRecord(inner)).map(([key, value]) => {
      if (typeof value !== 'string') throw new Refusal(`The content of "${key}" is not text.`);
      return { path: key, content: value };
    });
  });
  if (files.length === 0) throw new Refusal('The edit is empty: it has no file.');
  return files;
}

/** A list, or the list that an object wraps, or one thing alone. */
function listOf(data: unknown): readonly unknown[] {
  if (Array.isArray(data)) return data;
  const record = asRecord(data);
  const inner = textAt(record, PATH) === null ? LIST.map((key) => record[key]).find(Array.isArray) : undefined;
  return inner ?? [data];
}

function asRecord(data: unknown): Readonly<Record<string, unknown>> {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) throw new Refusal('The edit is not an object.');
  return { ...data };
}

function textAt(record: Readonly<Record<string, unknown>>, keys: readonly string[]): string | null {
  const key = keys.find((name) => typeof record[name] === 'string');
  const value = key === undefined ? null : record[key];
  return typeof value === 'string' ? value : null;
}

function parseJson(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return null;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
