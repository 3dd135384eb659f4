/** What a server understands of the protocol: learned from its refusals, and kept for the session. */
import type { ServerError } from './server-error.ts';

export interface Dialect {
  readonly stream: boolean;
  /** `stream_options`, which asks for the usage. */
  readonly streamUsage: boolean;
  readonly systemRole: boolean;
  /** Whether thoughts go back with later requests. Some servers refuse them; some demand them, even where there were none. */
  readonly thoughts: 'as-given' | 'always' | 'never';
  /** What stands for the text of a message that only calls tools. */
  readonly noText: '' | null | '(no text)';
  /** Messages of one role in a row become one. */
  readonly alternate: boolean;
  /** What a user says right after a tool's result is added to that result. */
  readonly userAfterTool: boolean;
  /** Ids of calls are nine letters and digits. */
  readonly shortIds: boolean;
  readonly maxTokens: { readonly field: 'max_tokens' | 'max_completion_tokens'; readonly tokens: number } | null;
}

export const DEFAULT_DIALECT: Dialect = {
  stream: true,
  streamUsage: true,
  systemRole: true,
  thoughts: 'as-given',
  noText: '',
  alternate: false,
  userAfterTool: true,
  shortIds: false,
  maxTokens: null,
};

/** A lesson from a refusal: null when the words are about something else, or the lesson was learned before. */
type Lesson = (dialect: Dialect, said: string) => Partial<Dialect> | null;

/** About parameters of the request. */
const PARAMETERS: readonly Lesson[] = [
  ({ streamUsage }, said) => (streamUsage && /stream_?options/i.test(said) ? { streamUsage: false } : null),
  ({ maxTokens }, said) => {
    if (!maxTokens || !/max_(completion_)?tokens/i.test(said)) return null;
    const renames =
      maxTokens.field === 'max_tokens' && /max_completion_tokens/i.test(said) && !/too (large|big|high)/i.test(said);
    return { maxTokens: renames ? { ...maxTokens, field: 'max_completion_tokens' } : null };
  },
];

/** About the conversation. */
const CONVERSATION: readonly Lesson[] = [
  ({ userAfterTool }, said) =>
    userAfterTool && /'user' after role 'tool'/i.test(said) ? { userAfterTool: false } : null,
  ({ shortIds }, said) => (!shortIds && /\bid\b.*length/i.test(said) ? { shortIds: true } : null),
  ({ alternate }, said) =>
    !alternate && /must alternate|alternat\w+ (roles|between)/i.test(said) ? { alternate: true } : null,
  ({ systemRole }, said) =>
    systemRole && /(system|developer)\b.{0,40}(role|message|instruction|prompt)|role.{0,60}\bsystem\b/i.test(said)
      ? { systemRole: false }
      : null,
  ({ thoughts }, said) => {
    if (!/reasoning|thinking|thought/i.test(said)) return null;
    const demands = /missing|required|must (be|contain|include|have)|passed back/i.test(said);
    if (thoughts === 'as-given') return { thoughts: demands ? 'always' : 'never' };
    return null;
  },
  ({ noText }, said) => {
    if (!/content/i.test(said) || !/empty|null|none|required|missing|blank|at least|string|whitespace/i.test(said))
      return null;
    if (noText === '') return { noText: null };
    return noText === null ? { noText: '(no text)' } : null;
  },
];

/** The least certain: many messages speak of streams. */
const STREAMING: readonly Lesson[] = [
  ({ stream }, said) => (stream && /\bstream/i.test(said) ? { stream: false } : null),
];

/** The next dialect to try after a refusal; null when the refusal is about something else. */
export function learn(dialect: Dialect, { status, message }: ServerError): Dialect | null {
  if (!isRefusal(status)) return null;
  // What a template chokes on is the conversation; else an error of the server is the server's, and passes.
  const lessons = isInternal(status) ? CONVERSATION : [...PARAMETERS, ...CONVERSATION, ...STREAMING];
  for (const lesson of lessons) {
    const learned = lesson(dialect, message);
    if (learned) return { ...dialect, ...learned };
  }
  return null;
}

/** Servers that format the conversation by a template report its errors as their own. */
const isRefusal = (status: number | null) => status !== null && [400, 404, 405, 415, 422, 500, 501].includes(status);

const isInternal = (status: number | null) => status === 500;

const ABOUT_TOOLS = /\btools?\b|function.?call|tool.?(use|choice|call)/i;
const REFUSED =
  /not (currently )?support|unsupported|does ?n[o']t|not enabled|not available|requires?\b|unknown|unrecognized|unexpected|extra (input|field)|not (permitted|allowed)|no endpoints/i;
/** About one message or one tool, not about tools as such. */
const ABOUT_ONE =
  /tool_call_id|tool_calls?\b.{0,40}(must|follow|preced|respon)|messages?[.[]\d|tools?[.[]\d|role 'tool'|schema/i;

/** Whether the refusal says that the server or the model takes no tools. */
export function refusesTools({ status, message }: ServerError): boolean {
  if (!isRefusal(status) || ABOUT_ONE.test(message)) return false;
  if (isInternal(status) && !/jinja|not support|unsupported/i.test(message)) return false;
  return ABOUT_TOOLS.test(message) && REFUSED.test(message);
}

const OVERFLOW =
  /(context|prompt|sequence).?(length|window|size|limit)|maximum (context|input|prompt|number of tokens)|too many (input )?tokens|(prompt|input|request) is too (long|large)|request too large|reduce the length|exceeds? the (available|maximum|model|context|limit)|exceeds? max length|token.{0,20}limit.{0,20}exceed|exceed.{0,20}token limit|max_(model|seq)_len|tokens.{0,30}must be <=|cannot exceed \d/i;

/** Where the window's size stands in such a message, from the surest to the least. */
const WINDOWS = [
  /<= ?(\d[\d,_]{2,})/,
  /> ?(\d[\d,_]{2,})/,
  /max_(?:model|seq)_len\D{0,3}(\d[\d,_]{2,})/i,
  /(?:context|prompt|sequence) (?:length|window|size|limit)(?: is| of)?(?: only)?[:\s(]*(\d[\d,_]{2,})/i,
  /(\d[\d,_]{2,}) (?:tokens? )?(?:maximum|limit)/i,
  /(?:cannot exceed|tokens allowed|limit(?: is)?)[:\s(=]*(\d[\d,_]{2,})/i,
];

/** The window that a refusal names when the request was too long for the model: null when it names none, undefined when it is about something else. */
export function overflowOf({ status, code, message }: ServerError): number | null | undefined {
  if (status === null || ![400, 413, 422, 500].includes(status)) return undefined;
  // A gate before the server counts bytes and says no more than that.
  const isSaid =
    status === 413 || /context_length|context_size|context_window/i.test(code ?? '') || OVERFLOW.test(message);
  if (!isSaid) return undefined;
  const named = WINDOWS.map((pattern) => pattern.exec(message)?.[1]).find((found) => found !== undefined);
  return named === undefined ? null : Number(named.replace(/[,_]/g, ''));
}
