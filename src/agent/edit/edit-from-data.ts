/** An edit as data from outside: a format by any of its usual names, and a text or an object. */
import type { Files } from '../../session/files.ts';
import type { Edit, Replacement, WholeFile } from './edit.ts';
import { unescapeHtml } from './escapes.ts';
import { hasBlocks } from './formats/read-blocks.ts';
import { readOnlyFence, readPathAndContent, readWholeFiles } from './formats/read-whole.ts';
import { parseEdits } from './parse-edits.ts';
import { findPath } from './paths.ts';
import { withPlainEnds } from './plain-ends.ts';
import { Refusal } from './refusal.ts';

type Kind = 'replace' | 'diff' | 'patch' | 'whole' | 'auto';

/** Without case, blanks, "-", "_" and "/". */
const KINDS: Readonly<Record<string, Kind>> = {
  ...names('replace', 'replace replacement replacements substitution exact sr aider conflict'),
  ...names('auto', 'auto any text edit edits multiedit texteditor'),
};
/** What a name has in it, where it is none of these. */
const PARTS: readonly (readonly [RegExp, Kind])[] = [
  [/search|block|find|str/, 'replace'],
  [/apply|begin|codex|v4a|envelope|openai/, 'patch'],
  [/diff|unified|unidiff|^git$|^u$/, 'diff'],
  [/patch/, 'patch'],
  [/whole|full|entire|complete|rewrite|write|content|file|create/, 'whole'],
  [/replac/, 'replace'],
];

function names(kind: Kind, list: string): Record<string, Kind> {
  return Object.fromEntries(list.split(' ').map((name) => [name, kind]));
}

const FORMAT_NAMES = 'replace, diff, patch, whole, auto';

/** The edits, for `applyEdits`. Throws Refusal for what cannot be read. */
export function editsFromData(files: Files, format: string, data: unknown): readonly Edit[] {
  const name = format.toLowerCase().replace(/[\s_/*-]/g, '');
  const kind = KINDS[name] ?? PARTS.find(([part]) => part.test(name))?.[1];
  if (kind === undefined) throw new Refusal(`The format "${format}" is not known; there are ${FORMAT_NAMES}.`);
  if (typeof data === 'string') return fromText(files, kind, data);
  const only = onlyPath(files);
  if (kind === 'replace') return fromReplacements(files, data);
  if (kind === 'whole') return [{ format: 'whole', files: wholeFiles(data, only) }];
  if (Array.isArray(data)) return data.flatMap((one: unknown) => editsFromData(files, format, one));
  const record = asRecord(data);
  if (kind === 'auto' && (textAt(record, FIND) !== null || LIST.some((key) => Array.isArray(record[key]))))
    return fromReplacements(files, data);
  const text = textAt(record, TEXT);
  const path = textAt(record, PATH);
  if (text === null || (kind === 'auto' && path !== null && textAt(record, CONTENT) !== null))
    return kind === 'auto' ? [{ format: 'whole', files: wholeFiles(data, only) }] : noText(kind);
  return fromText(files, kind, text).map((edit) =>
    edit.format === 'diff' && path !== null ? { ...edit, path } : edit,
  );
}

function noText(kind: Kind): never {
  throw new Refusal(`The edit has no text: give it as a string, or as {"${kind}": "…"}.`);
}

const onlyPath = (files: Files): string | null => {
  const [path, ...others] = Object.keys(files);
  return path !== undefined && others.length === 0 ? path : null;
};

function fromText(files: Files, kind: Kind, given: string): readonly Edit[] {
  const text = withPlainEnds(given);
  if (kind === 'diff' || kind === 'patch') {
    // "patch" is what some call a diff, and some begin a diff with "*** Begin Patch".
    const isPatch = /^\s*\*\*\* (Begin Patch|Update File:|Add File:|Delete File:)/m.test(text);
    const isDiff = /^(diff --git |--- .+\r?\n\+\+\+ |@@ -\d)/m.test(text);
    // What is called a diff by some is a fenced block with SEARCH/REPLACE in it.
    if (!isPatch && !isDiff && !/^@@/m.test(text) && hasBlocks(text)) return [blocks(text)];
    return [
      {
        format: isPatch && (kind === 'patch' || !isDiff) ? 'patch' : isDiff || kind === 'diff' ? 'diff' : 'patch',
        text,
      },
    ];
  }
  if (kind === 'replace') {
    if (hasBlocks(text)) return [blocks(text)];
    if (/^\s*(&lt;){5,9} ?SEARCH/m.test(text) && !/[<>]/.test(text)) return [blocks(unescapeHtml(text))];
    const data = parseJson(text);
    return data === null ? [blocks(text)] : fromReplacements(files, data);
  }
  if (kind === 'whole') return [{ format: 'whole', files: wholeFromText(files, text) }];
  const parsed = parseEdits(text);
  if (!parsed.ok) throw new Refusal(parsed.error);
  return parsed.edits;
}

const blocks = (text: string): Edit => ({ format: 'blocks', text });

function wholeFromText(files: Files, text: string): readonly WholeFile[] {
  const found = readWholeFiles(text, new Set(Object.keys(files)));
  if (found.length > 0) return found;
  const headed = readPathAndContent(text);
  const isOwnPath = headed !== null && findPath(files, headed.path) !== null;
  if (headed && isOwnPath) return [headed];
  const data = parseJson(text);
  if (data !== null) return wholeFiles(data, onlyPath(files));
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
const TEXT = [
  'diff',
  'unified',
  'unifiedDiff',
  'unified_diff',
  'patch',
  'patchText',
  'patch_text',
  'input',
  'text',
  'content',
  'edit',
  'blocks',
  'searchReplace',
  'search_replace',
];
const CONTENT = ['content', 'contents', 'text', 'code', 'body'];
const LIST = ['edits', 'replacements', 'changes', 'blocks', 'operations', 'files'];

function fromReplacements(files: Files, data: unknown): readonly Edit[] {
  const texts: Edit[] = [];
  const replacements = listOf(data).flatMap((item): Replacement[] => {
    if (typeof item === 'string') {
      texts.push(...fromText(files, 'replace', item));
      return [];
    }
    const outer = asRecord(item);
    const path = textAt(outer, PATH);
    const text = textAt(outer, TEXT);
    if (text !== null && textAt(outer, FIND) === null && hasBlocks(text)) {
      texts.push(blocks(path === null ? text : `${path}\n${text}`));
      return [];
    }
    const inner = LIST.map((key) => outer[key]).find(Array.isArray);
    if (inner) return inner.map((one) => replacement(files, asRecord(one), path));
    const byPath = Object.entries(outer);
    if (textAt(outer, FIND) === null && byPath.length > 0 && byPath.every(([, value]) => Array.isArray(value)))
      return byPath.flatMap(([key, list]) =>
        [list].flat().map((one: unknown) => replacement(files, asRecord(one), key)),
      );
    return [replacement(files, outer, path)];
  });
  if (replacements.length === 0 && texts.length === 0) throw new Refusal('The edit is empty: it has no replacement.');
  return replacements.length === 0 ? texts : [...texts, { format: 'replace', replacements }];
}

function replacement(files: Files, record: Readonly<Record<string, unknown>>, outer: string | null): Replacement {
  const path = textAt(record, PATH) ?? outer ?? onlyPath(files);
  const find = textAt(record, FIND);
  const replace = textAt(record, REPLACE);
  if (path === null || find === null || replace === null)
    throw new Refusal('A replacement needs "path", "find" and "replace", all of them text.');
  return { path, find, replace };
}

function wholeFiles(data: unknown, only: string | null): readonly WholeFile[] {
  const files = listOf(data).flatMap((item): WholeFile[] => {
    const record = asRecord(item);
    const path = textAt(record, PATH);
    const content = textAt(record, CONTENT);
    if (path !== null && content !== null) return [{ path, content }];
    const keys = Object.keys(record);
    if (only !== null && content !== null && keys.length === 1 && !keys.includes(only))
      return [{ path: only, content }];
    const inner = record['files'] ?? record;
    if (Array.isArray(inner)) return [...wholeFiles(inner, only)];
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
