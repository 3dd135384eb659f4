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
const word = z
  .union([z.string(), z.number().transform(String)])
  .nullish()
  .catch(null);
const called = z.preprocess(withArguments, z.object({ name: word, arguments: args }));
export const callPart = z.preprocess(
  nested,
  z.looseObject({
    index: z
      .union([z.number(), z.string().regex(/^\d+$/).transform(Number)])
      .pipe(z.number().int().nonnegative())
      .nullish()
      .catch(null),
    id: word,
    function: called.nullish().catch(null),
  }),
);
export const legacyCall = called;
export type CallPart = z.output<typeof callPart>;

/** The fields of a call that are the protocol's own; all others belong to the server, and go back to it. */
const KNOWN = new Set(['index', 'id', 'type', 'function']);
/** Names that servers have for the arguments. */
const ARGUMENTS = ['arguments', 'parameters', 'args', 'input'] as const;

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A called function's arguments, under whichever of their names, are its `arguments`. */
function withArguments(value: unknown): unknown {
  if (!isFields(value)) return value;
  const field = ARGUMENTS.find((name) => value[name] !== undefined && value[name] !== null);
  return { name: value.name, arguments: field === undefined ? undefined : value[field] };
}

/** Some servers leave out the level `function`: `{id, name, arguments}`. */
function nested(value: unknown): unknown {
  if (!isFields(value) || isFields(value.function) || typeof value.name !== 'string') return value;
  const { name, arguments: text, parameters, args: some, input, ...rest } = value;
  return { ...rest, function: withArguments({ name, arguments: text, parameters, args: some, input }) };
}

interface Draft {
  readonly index: number | null;
  id: string;
  name: string;
  arguments: string;
  /** Of the arguments, the piece that came last. */
  last: string;
  /** Each piece began with the one before it. */
  grows: boolean;
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

  const named = ({ id }: CallPart) => (id ? drafts.findLast((draft) => draft.id === id) : undefined);
  const target = (part: CallPart): Draft => {
    const index = part.index ?? null;
    const found = index === null ? (named(part) ?? drafts.at(-1)) : drafts.findLast((draft) => draft.index === index);
    if (found && !beginsAnother(found, part)) return found;
    const draft: Draft = { index, id: '', name: '', arguments: '', last: '', grows: true, extra: {} };
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
      draft.grows &&= text.startsWith(draft.last);
      draft.last = text || draft.last;
      draft.arguments += text;
      for (const [key, value] of Object.entries(part)) if (!KNOWN.has(key)) draft.extra[key] = value;
      return name.length + text.length;
    },
    dropLast: () => void drafts.pop(),
    finish: (taken) => {
      const used = new Set(taken);
      const named = drafts.filter(({ name, arguments: text }) => name !== '' || text !== '');
      const whole = named.flatMap((draft) => {
        const call = { name: draft.name, arguments: asJson(once(draft)) };
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
  const isIndexed = typeof part.index === 'number';
  if (!name) return differs && !isIndexed && isJson(draft.arguments) && draft.arguments !== '';
  if (draft.name === '') return false;
  if (differs && !isIndexed) return true;
  // With its arguments whole, a call is over; without any, another id means another call.
  if (draft.arguments === '') return differs;
  const text = part.function?.arguments ?? '';
  const says = text !== '' || name !== draft.name;
  // One id for several calls: each comes whole.
  const comesWhole = text !== '' && isJson(text) && text !== draft.arguments && draft.arguments !== '{}';
  return isJson(draft.arguments) && (differs || (!id && says) || name !== draft.name || comesWhole);
}

/** Some servers send the whole arguments again at the end, or all of them so far in each piece, or `{}` before the real ones. */
function once({ arguments: text, last, grows }: Draft): string {
  if (isJson(text)) return text;
  const half = text.slice(0, text.length / 2);
  if (half !== '' && text === half + half && isJson(half)) return half;
  if (grows && last !== text && isJson(last)) return last;
  const behind = text.replace(/^\{\}(?=\s*\{)/, '');
  return isJson(behind) ? behind : text;
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
