import { z } from 'zod';
import type { ToolCall } from '../../model.ts';
import { readLiteral, skipBlanks } from '../../text/python-literal.ts';
import { unwrapParallel } from './parallel-call.ts';

/** Arguments come as JSON text; some servers send the value itself. */
const args = z
  .unknown()
  .optional()
  .transform((value) =>
    typeof value === 'string' ? value : value === null || value === undefined ? '' : JSON.stringify(value),
  );
const called = z.object({ name: z.string().nullish().catch(null), arguments: args });
export const callPart = z.looseObject({
  index: z.number().int().nonnegative().nullish().catch(null),
  id: z.string().nullish().catch(null),
  function: called.nullish().catch(null),
});
export const legacyCall = called;
export type CallPart = z.output<typeof callPart>;

/** The fields of a call that are the protocol's own; all others belong to the server, and go back to it. */
const KNOWN = new Set(['index', 'id', 'type', 'function']);

interface Draft {
  readonly index: number | null;
  id: string;
  name: string;
  arguments: string;
  extra: Record<string, unknown>;
}

export interface FinishedCalls {
  readonly calls: readonly ToolCall[];
  /** What else the server said of each call. */
  readonly extras: readonly Readonly<Record<string, unknown>>[];
}

/**
 * Puts tool calls together from their parts. Servers differ: parts come without index, without id, with the name again in each part or in
 * pieces, several calls under one index.
 */
export interface ToolCallDrafts {
  /** Returns how many characters it added. */
  add(part: CallPart): number;
  readonly count: number;
  /** Whether the last call's arguments are JSON. */
  readonly isWhole: boolean;
  dropLast(): void;
  /** `taken`: ids of the conversation so far. */
  finish(taken: ReadonlySet<string>): FinishedCalls;
}

export function createToolCallDrafts(names: readonly string[]): ToolCallDrafts {
  const drafts: Draft[] = [];
  const isTool = (name: string) => names.includes(name);

  const target = (part: CallPart): Draft => {
    const index = part.index ?? null;
    const found = index === null ? drafts.at(-1) : drafts.findLast((draft) => draft.index === index);
    if (found && !beginsAnother(found, part)) return found;
    const draft: Draft = { index, id: '', name: '', arguments: '', extra: {} };
    drafts.push(draft);
    return draft;
  };
  return {
    get count() {
      return drafts.length;
    },
    get isWhole() {
      const last = drafts.at(-1);
      return last === undefined || isJson(last.arguments);
    },
    add: (part) => {
      const draft = target(part);
      const name = part.function?.name ?? '';
      const text = part.function?.arguments ?? '';
      draft.id ||= part.id ?? '';
      // A name comes whole, comes again, or comes in pieces.
      if (!isTool(draft.name) && draft.name !== name) draft.name += name;
      draft.arguments += text;
      for (const [key, value] of Object.entries(part)) if (!KNOWN.has(key)) draft.extra[key] = value;
      return name.length + text.length;
    },
    dropLast: () => void drafts.pop(),
    finish: (taken) => {
      const used = new Set(taken);
      const named = drafts.filter(({ name, arguments: text }) => name !== '' || text !== '');
      const whole = named.flatMap((draft) => {
        const call = { name: draft.name, arguments: asJson(once(draft.arguments)) };
        const { id, extra } = draft;
        return (unwrapParallel(call) ?? [call]).map((each) => ({ ...each, id, extra }));
      });
      const calls = whole.map(({ id: given, name, arguments: text }): ToolCall => {
        const id = given !== '' && !used.has(given) ? given : freshId(used);
        used.add(id);
        return { id, name: plainName(name, isTool), arguments: text };
      });
      return { calls, extras: whole.map(({ extra }) => extra) };
    },
  };
}

function beginsAnother(draft: Draft, part: CallPart): boolean {
  const name = part.function?.name;
  const { id } = part;
  const differs = Boolean(id) && draft.id !== '' && draft.id !== id;
  if (!name) return differs && part.index === null && isJson(draft.arguments) && draft.arguments !== '';
  if (draft.name === '') return false;
  // With its arguments whole, a call is over; without any, another id means another call.
  if (draft.arguments === '') return differs;
  const says = part.function?.arguments !== '' || name !== draft.name;
  return isJson(draft.arguments) && (differs || (!id && says));
}

/** Some servers send the whole arguments again at the end. */
function once(text: string): string {
  const half = text.slice(0, text.length / 2);
  return half !== '' && text === half + half && isJson(half) && !isJson(text) ? half : text;
}

/** Some models write a dictionary of Python. */
function asJson(text: string): string {
  if (isJson(text) || !/^\s*\{/.test(text)) return text;
  const literal = readLiteral(text, skipBlanks(text, 0));
  return literal && text.slice(literal.to).trim() === '' ? JSON.stringify(literal.value) : text;
}

/** Nine letters and digits: what the strictest servers take. */
function freshId(used: ReadonlySet<string>): string {
  for (let count = used.size + 1; ; count += 1) {
    const id = `call${String(count).padStart(5, '0')}`;
    if (!used.has(id)) return id;
  }
}

/** "functions.read_file:0" and "read_file<|channel|>json" name read_file. */
function plainName(name: string, isTool: (name: string) => boolean): string {
  if (isTool(name)) return name;
  const bare = name
    .trim()
    .replace(/<\|.*$/s, '')
    .replace(/:\d+$/, '');
  const last = bare.split(/[.:/]/).at(-1) ?? bare;
  return [bare, last].find(isTool) ?? name;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text === '' ? '{}' : text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
