import type { Message, ToolCall } from '../model.ts';
import { isBetter, readReport, type TestReport } from './report.ts';

export type Texts = ReadonlyMap<string, string>;

/** All that the solver knows, worked out anew from the conversation each time: it keeps no state of its own. */
export interface Knowledge {
  /** Paths of the project, and whether they may be changed; null before they were listed. */
  readonly paths: ReadonlyMap<string, boolean> | null;
  /** Files as far as they were read, after all edits. */
  readonly texts: Texts;
  /** How many lines of each file are not read yet begin here. */
  readonly unreadFrom: ReadonlyMap<string, number>;
  /** Paths that could not be read. */
  readonly unreadable: ReadonlySet<string>;
  /** The files of the best state so far, and what the tests said of it. */
  readonly base: Texts;
  /** The files as they were at first. */
  readonly original: Texts;
  readonly report: TestReport | null;
  /** What the tests said first. */
  readonly firstReport: TestReport | null;
  /** Changed files that were tested or could not be made: `stateKey` of each. */
  readonly tried: ReadonlySet<string>;
  /** Test runs after edits. */
  readonly trials: number;
  readonly improvements: number;
}

interface Draft {
  paths: Map<string, boolean> | null;
  texts: Map<string, string>;
  readonly unreadFrom: Map<string, number>;
  readonly unreadable: Set<string>;
  base: Map<string, string>;
  readonly original: Map<string, string>;
  report: TestReport | null;
  firstReport: TestReport | null;
  readonly tried: Set<string>;
  trials: number;
  improvements: number;
}

export function readConversation(messages: readonly Message[]): Knowledge {
  const results = new Map<string, string>();
  for (const message of messages) if (message.role === 'tool') results.set(message.callId, message.content);
  const draft: Draft = {
    paths: null,
    texts: new Map(),
    unreadFrom: new Map(),
    unreadable: new Set(),
    base: new Map(),
    original: new Map(),
    report: null,
    firstReport: null,
    tried: new Set(),
    trials: 0,
    improvements: 0,
  };
  for (const message of messages) {
    if (message.role === 'user') learnStart(draft, message.content);
    if (message.role !== 'assistant') continue;
    for (const call of message.toolCalls) learn(draft, call, results.get(call.id) ?? '');
  }
  return draft;
}

/** The first message tells what the tests said at the start. */
function learnStart(draft: Draft, text: string): void {
  const at = text.indexOf('\nThe tests were just run on these files');
  if (at !== -1 && draft.firstReport === null) learnReport(draft, text.slice(at));
}

function learn(draft: Draft, call: ToolCall, result: string): void {
  const args = parseArguments(call.arguments);
  const path = typeof args.path === 'string' ? args.path : '';
  if (call.name === 'list_files') draft.paths = readPaths(result);
  else if (call.name === 'read_file') learnText(draft, path, result);
  else if (call.name === 'edit_file') learnEdit(draft, path, { edits: args.edits, result });
  else if (call.name === 'run_tests') learnReport(draft, result);
}

function readPaths(result: string): Map<string, boolean> {
  const lines = result.split('\n').map((line) => /^(.+?) {2}\d+( \(read only\))?$/.exec(line));
  return new Map(lines.flatMap((match) => (match?.[1] === undefined ? [] : [[match[1], match[2] === undefined]])));
}

function learnText(draft: Draft, path: string, result: string): void {
  const [head = '', ...lines] = result.split('\n');
  const range = /, lines (\d+) to (\d+) of (\d+)$/.exec(head);
  if (!range) {
    draft.unreadable.add(path);
    return;
  }
  const text = lines.map((line) => line.replace(/^ *\d+: /, '')).join('\n');
  const before = Number(range[1]) > 1 ? `${draft.texts.get(path) ?? ''}\n` : '';
  draft.texts.set(path, before + text);
  draft.base.set(path, before + text);
  draft.original.set(path, before + text);
  if (range[2] === range[3]) draft.unreadFrom.delete(path);
  else draft.unreadFrom.set(path, Number(range[2]) + 1);
}

function learnEdit(draft: Draft, path: string, { edits, result }: { edits: unknown; result: string }): void {
  const before = draft.texts.get(path);
  if (before === undefined || !Array.isArray(edits)) return;
  const after = edits.reduce((text: string, edit: { find?: unknown; replace?: unknown }) => {
    return typeof edit.find === 'string' ? text.replace(edit.find, () => String(edit.replace)) : text;
  }, before);
  if (/ replacements? made\.$/m.test(result)) draft.texts.set(path, after);
  else draft.tried.add(stateKey(path, after));
}

function learnReport(draft: Draft, result: string): void {
  const report = readReport(result);
  if (report === null) return;
  draft.firstReport ??= report;
  const changed = changedPaths(draft.base, draft.texts);
  for (const path of changed) draft.tried.add(stateKey(path, draft.texts.get(path) ?? ''));
  if (changed.length > 0) draft.trials += 1;
  const better = draft.report === null || isBetter(report, draft.report);
  if (changed.length > 0 && better) draft.improvements += 1;
  if (changed.length === 0 || better) {
    draft.report = report;
    draft.base = new Map(draft.texts);
  }
}

/** The files of `after` that `before` has not, or has otherwise. */
export function changedPaths(before: Texts, after: Texts): string[] {
  return [...after.keys()].filter((path) => before.get(path) !== after.get(path));
}

/** What tells a file with this text from all others. */
export function stateKey(path: string, text: string): string {
  return `${path}\n${text}`;
}

function parseArguments(text: string): Record<string, unknown> {
  const value: unknown = text.trim() === '' ? {} : JSON.parse(text);
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
