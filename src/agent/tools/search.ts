import { z } from 'zod';
import type { Files } from '../../session/files.ts';
import { type Breath, createBreath } from '../code/breathe.ts';
import { compileLinePattern, type FindInLine } from '../code/line-pattern.ts';
import { selectFiles } from './file-selection.ts';
import { shortenLine } from './shorten-line.ts';
import { defineTool, failure, success } from './tool.ts';

const MOST = 100;
const MOST_IN_FILE = 30;
const LINE_WIDTH = 240;
const SECONDS = 10;

export const search = defineTool({
  name: 'search',
  description:
    'Finds the lines that contain a text, or match a regular expression: by file, each with its line number. Search before you read. ' +
    'What git ignores is left out; an installed package is searched with files: "node_modules/NAME".',
  schema: z.object({
    query: z.string().min(1).max(1000),
    regex: z.boolean().default(false).describe('`query` is a JavaScript regular expression, matched line by line.'),
    ignoreCase: z.boolean().default(false),
    files: z
      .array(z.string())
      .optional()
      .describe(
        'Where to look: globs, folders or files, for example ["src/**/*.js", "lib"]. Default: the whole project.',
      ),
    context: z.int().min(0).max(10).default(0).describe('Lines to show before and after each match.'),
  }),
  phase: 'read',
  run: async ({ query, regex, ignoreCase, files, context }, { workspace, signal }) => {
    const selected = await selectFiles(workspace, files ?? []);
    if ('ok' in selected) return selected;
    const find = regex ? await compile(query, ignoreCase) : literal(query, ignoreCase);
    if (typeof find === 'string') return failure(`"${query}" cannot be searched for: ${find}.`);
    const breath = createBreath(SECONDS, signal);
    const found = await searchFiles(selected.files, find, breath);
    const pattern = found.found.length === 0 && !regex && isLikePattern(query) ? await compile(query, ignoreCase) : '';
    if (typeof pattern !== 'string') {
      const meant = await searchFiles(selected.files, pattern, breath);
      const note = 'No line has this as plain text: it was taken as a regular expression.';
      return success([report(meant, context), ...selected.notes, note].join('\n'));
    }
    return success([report(found, context), ...selected.notes, ...hints(found, query, regex)].join('\n'));
  },
});

/** Finds the lines of a text that match: their start offsets, in order. */
type FindLines = (text: string) => LineHit[];

interface LineHit {
  readonly line: number;
  /** Where in the line the match begins. */
  readonly column: number;
}

interface FileHits {
  readonly path: string;
  readonly text: string;
  readonly hits: readonly LineHit[];
}

interface SearchResult {
  readonly found: readonly FileHits[];
  readonly partial: boolean;
}

async function compile(query: string, ignoreCase: boolean): Promise<FindLines | string> {
  const pattern = await compileLinePattern(query, ignoreCase);
  return pattern.ok ? (text) => matchLines(text, pattern.find, pattern.longest) : pattern.problem;
}

function matchLines(text: string, find: FindInLine, longest: number): LineHit[] {
  const hits: LineHit[] = [];
  for (let start = 0, line = 1; start < text.length; line += 1) {
    const next = text.indexOf('\n', start);
    const end = next === -1 ? text.length : next;
    const content = text.slice(start, Math.min(text[end - 1] === '\r' ? end - 1 : end, start + longest));
    const column = find(content);
    if (column !== -1) hits.push({ line, column });
    start = end + 1;
  }
  return hits;
}

/** A text may go over several lines: it is found where it begins. */
function literal(query: string, ignoreCase: boolean): FindLines {
  const wanted = ignoreCase ? query.toLowerCase() : query;
  return (text) => {
    const lower = ignoreCase ? text.toLowerCase() : text;
    // Lower case may be longer than what it was made of: then places would not agree.
    const source = lower.length === text.length ? lower : text;
    const hits: LineHit[] = [];
    let line = 1;
    let counted = 0;
    for (let at = source.indexOf(wanted); at !== -1; ) {
      for (let next = text.indexOf('\n', counted); next !== -1 && next < at; next = text.indexOf('\n', next + 1)) {
        line += 1;
        counted = next + 1;
      }
      hits.push({ line, column: at - counted });
      const end = text.indexOf('\n', at);
      if (end === -1) break;
      at = source.indexOf(wanted, end);
    }
    return hits;
  };
}

async function searchFiles(files: Files, find: FindLines, breath: Breath): Promise<SearchResult> {
  const found: FileHits[] = [];
  for (const path of Object.keys(files).sort()) {
    const text = files[path];
    if (typeof text !== 'string') continue;
    const hits = find(text);
    if (hits.length > 0) found.push({ path, text, hits });
    if (!(await breath.pause())) return { found, partial: true };
  }
  return { found, partial: false };
}

function report({ found, partial }: SearchResult, context: number): string {
  const total = found.reduce((sum, { hits }) => sum + hits.length, 0);
  const late = partial ? ' The search was stopped when its time was over: name fewer files.' : '';
  if (total === 0) return `Nothing found.${late}`;
  const blocks: string[] = [];
  let room = MOST;
  for (const { path, text, hits } of found) {
    if (room === 0) break;
    const shown = hits.slice(0, Math.min(room, found.length > 1 ? MOST_IN_FILE : MOST));
    room -= shown.length;
    const more = hits.length > shown.length ? [`… and ${hits.length - shown.length} more in this file`] : [];
    blocks.push([path, ...showLines(text, shown, context), ...more].join('\n'));
  }
  const files = found.length > blocks.length ? ` Shown are the first ${blocks.length} files: narrow the search.` : '';
  return `${plural(total, 'line')} in ${plural(found.length, 'file')}.${files}${late}\n${blocks.join('\n')}`;
}

/** "12: text" for a match, "13- text" for what is around it. */
function showLines(text: string, hits: readonly LineHit[], context: number): string[] {
  const lines = text.split('\n');
  const columns = new Map(hits.map(({ line, column }) => [line, column]));
  const wanted = new Set<number>();
  for (const { line } of hits)
    for (let at = Math.max(1, line - context); at <= Math.min(lines.length, line + context); at += 1) wanted.add(at);
  let last = 0;
  return [...wanted]
    .sort((a, b) => a - b)
    .flatMap((number) => {
      const gap = context > 0 && last > 0 && number > last + 1 ? ['--'] : [];
      last = number;
      const column = columns.get(number);
      const line = shortenLine((lines[number - 1] ?? '').replace(/\r$/, ''), LINE_WIDTH, column ?? 0);
      return [...gap, `${number}${column === undefined ? '-' : ':'} ${line}`];
    });
}

const isLikePattern = (query: string): boolean => /\\[.()[\]{}*+?|wdsb]|\.\*|\|/.test(query);

/** Where nothing was found, what may have been meant. */
function hints({ found }: SearchResult, query: string, regex: boolean): string[] {
  if (found.length > 0) return [];
  if (!regex && isLikePattern(query)) return ['`query` was taken as plain text: set regex to true for a pattern.'];
  return regex ? [] : ['Try ignoreCase, a shorter text, or list_files.'];
}

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;
