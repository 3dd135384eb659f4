/**
 * Edits that a model writes into its answer instead of calling a tool: patches, diffs, SEARCH/REPLACE blocks, and whole files in fences. They
 * are taken for the calls that they stand for where nothing else can be meant; all other code in an answer changes nothing, and the model is told.
 */
import type { ModelReply, ToolCall } from '../../model/model.ts';
import { contentAt } from '../../session/content.ts';
import type { Files } from '../../session/files.ts';
import { readFencePath, readPathLine } from '../edit/formats/path-line.ts';
import { parseEdits } from '../edit/parse-edits.ts';
import { declaredIn, looksWhole } from '../tools/looks-whole.ts';
import type { Conversation } from './conversation.ts';

type WrittenCall = Omit<ToolCall, 'id'>;
interface Block {
  /** After the backquotes: "js", "js src/a.js". */
  readonly info: string;
  /** The line with them, and the text above it, up to two lines. */
  readonly opening: string;
  readonly above: readonly string[];
  readonly content: string;
}
/** null: the block is no file. */
type Meant = { readonly path: string; readonly content: string } | 'a part' | null;

const FENCE = /^[ \t]{0,3}(`{3,})([^\n`]*)\n([\s\S]*?)^[ \t]{0,3}\1[ \t]*\r?$/gm;
const FIRST_EDIT = /^(?:[ \t]{0,3}```|<{5,}|\*{3} Begin|--- |diff --git )/m;
const NO_FILE = /^(?:sh|bash|shell|console|zsh|text|txt|diff|patch|output|tap)?$/i;
/** A path that is the first line of the code, as a comment. */
const PATH_COMMENT = /^\s*(?:\/\/|#|\/\*|<!--)\s*(?:file(?:name)?:\s*)?([\w./@-]+\.\w+)\s*(?:\*\/|-->)?\s*$/i;

/** The reply with the calls that its text stands for; the same reply where it calls tools itself, or stands for none. */
export function withWrittenEdits(reply: ModelReply, { tools, workspace }: Conversation): ModelReply {
  const { message } = reply;
  const has = (name: string) => tools.some(({ description }) => description.name === name);
  if (message.toolCalls.length > 0 || reply.correction !== undefined || !has('write_file')) return reply;
  const mayWrite = (path: string) => workspace.policy.refuseWrite(path) === null;
  const found = editsIn(message.content, workspace.files, mayWrite).filter(({ name }) => has(name));
  workspace.takeRefusals();
  if (found.length === 0) return reply;
  const [said = ''] = message.content.split(FIRST_EDIT);
  const toolCalls = found.map((call, index) => ({ ...call, id: `written-${index + 1}` }));
  return { ...reply, message: { ...message, content: said.trim(), toolCalls } };
}

export function editsIn(text: string, files: Files, mayWrite: (path: string) => boolean): readonly WrittenCall[] {
  const parsed = parseEdits(text);
  if (parsed.ok && parsed.edits.every(({ format }) => format !== 'whole'))
    return [{ name: 'apply_patch', arguments: JSON.stringify({ patch: text }) }];
  const blocks = blocksIn(text);
  const meant = blocks.map((block) => meantBy(block, files));
  const code = blocks.filter(({ info }) => !NO_FILE.test(info.trim()));
  const [only] = code;
  const unnamed =
    meant.every((each) => each === null) && only && code.length === 1 ? wholeOf(only, files, mayWrite) : null;
  const whole = [...meant, unnamed].filter((each) => each !== null);
  // With one of several files in parts, the others alone are no answer.
  if (whole.includes('a part')) return [];
  return whole.flatMap((file) =>
    typeof file === 'string' ? [] : [{ name: 'write_file', arguments: JSON.stringify(file) }],
  );
}

function blocksIn(text: string): Block[] {
  return [...text.matchAll(FENCE)].map(({ index, 0: whole, 2: info = '', 3: content = '' }) => ({
    info,
    opening: whole.slice(0, whole.indexOf('\n')),
    above: text
      .slice(0, index)
      .split('\n')
      .filter((line) => line.trim() !== '')
      .slice(-2),
    content,
  }));
}

function meantBy({ info, opening, above, content }: Block, files: Files): Meant {
  if (NO_FILE.test(info.trim()) && info.trim() !== '') return null;
  const written = readFencePath(opening) ?? readPathLine(above.at(-1) ?? '');
  const path = written ?? PATH_COMMENT.exec(content.split('\n', 1)[0] ?? '')?.[1] ?? mentioned(above, files);
  if (path === null) return null;
  const before = contentAt(files, path);
  if (before === undefined) return written !== null && /\.\w+$/.test(path) ? { path, content } : null;
  if (typeof before !== 'string' || before.trim() === content.trim()) return null;
  return looksWhole(before, content) ? { path, content } : 'a part';
}

/** The one file of the project that the lines above a block speak of. */
function mentioned(above: readonly string[], files: Files): string | null {
  const words = new Set(above.join(' ').match(/[\w./@-]+\.\w+/g) ?? []);
  const [path, ...more] = [...words].filter((word) => contentAt(files, word) !== undefined);
  return path !== undefined && more.length === 0 ? path : null;
}

/** The one file that a block without a path can be all of: it declares all that the file declares. */
function wholeOf({ content }: Block, files: Files, mayWrite: (path: string) => boolean): Meant {
  const names = new Set(declaredIn(content));
  const [found, ...more] = Object.entries(files).filter(
    ([path, before]) =>
      typeof before === 'string' &&
      before.trim() !== '' &&
      mayWrite(path) &&
      looksWhole(before, content) &&
      declaredIn(before).every((name) => names.has(name)),
  );
  return found && more.length === 0 && found[1] !== content ? { path: found[0], content } : null;
}
