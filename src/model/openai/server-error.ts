import { ModelError } from '../model.ts';
import { parseJson } from '../parse-json.ts';

/** What a server answered instead of a reply: an HTTP error, or an error object in a 200 or in the stream. */
export class ServerError extends ModelError {
  override name = 'ServerError';
  /** Of HTTP, or the code of an error object that is one; null when nothing says. */
  readonly status: number | null;
  /** The server's own name of the error: "insufficient_quota". */
  readonly code: string | null;
  readonly headers: Headers;
  /** What it gave of the reply that it refused to send on. */
  readonly refusedReply: string | null;

  constructor(said: ServerSaid) {
    super(said.text);
    this.status = said.status;
    this.code = said.code ?? null;
    this.headers = said.headers ?? new Headers();
    this.refusedReply = said.refusedReply ?? null;
  }
}

export interface ServerSaid {
  readonly text: string;
  readonly status: number | null;
  readonly code?: string | null;
  readonly headers?: Headers;
  readonly refusedReply?: string | null;
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/**
 * The error in a JSON body, in the shapes that servers use: `{error: {message, code}}`, `{error: "…"}`, `[{error}]`, `{object: "error",
 * message}`, `{detail}`, `{message}`. Null when it is none of them.
 */
export function errorInBody(body: unknown, status: number | null, headers?: Headers): ServerError | null {
  const value = Array.isArray(body) ? body[0] : body;
  if (!isFields(value)) return null;
  const isError = value.error !== undefined && value.error !== null;
  const found = isError ? value.error : (status !== null && status >= 400) || value.object === 'error' ? value : null;
  if (found === null || found === undefined || found === false) return null;
  const fields = isFields(found) ? found : {};
  const code = fields.code ?? fields.status ?? value.code;
  const number = Number(code);
  return new ServerError({
    text: describe(found),
    status: Number.isInteger(number) && number >= 400 && number < 600 ? number : status,
    code: textOf(fields.code) ?? textOf(fields.type),
    ...(headers ? { headers } : {}),
    refusedReply: textOf(fields.failed_generation),
  });
}

const NO_WORD = 'without a word';

function describe(found: unknown): string {
  if (!isFields(found)) return textOf(found) ?? written(found);
  const { message, detail } = found;
  const said = textOf(message) ?? textOf(detail) ?? validation(detail) ?? textOf(found.error);
  const main =
    said ??
    textOf(found.code) ??
    textOf(found.type) ??
    (message === '' ? NO_WORD : written(message ?? detail ?? found));
  const param = textOf(found.param);
  const named = param === null || main.includes(param) ? main : `${main} (${param})`;
  // OpenRouter says what the host behind it said apart.
  const inner = isFields(found.metadata) ? textOf(found.metadata.raw) : null;
  return inner === null ? named : `${named}: ${inner}`;
}

function written(value: unknown): string {
  try {
    return textOf(JSON.stringify(value)) ?? NO_WORD;
  } catch (error) {
    // What recursion does not survive is nested thousands of levels deep.
    if (error instanceof RangeError) return NO_WORD;
    throw error;
  }
}

/** FastAPI's list of what is wrong where; it repeats the input too, which is left out. */
function validation(detail: unknown): string | null {
  if (!Array.isArray(detail)) return null;
  return detail
    .filter(isFields)
    .map(({ loc, msg }) => `${Array.isArray(loc) ? loc.join('.') : ''}: ${msg}`)
    .join('; ');
}

/** An HTTP error's body, be it JSON, text or a page. */
export function errorOfResponse(text: string, status: number, headers: Headers): ServerError {
  const error = errorInBody(parseJson(text), status, headers);
  if (error) return new ServerError({ ...error, text: error.message, status });
  return new ServerError({ text: readable(text) || NO_WORD, status, headers });
}

/** A page's title, or the text itself. */
export function readable(text: string): string {
  const title = /<title[^>]*>([^<]*)<\/title>/i.exec(text)?.[1];
  if (title?.trim()) return `a page titled "${title.trim()}"`;
  return text
    .replace(/<(style|script)[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^>]+>/g, ' ')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, 300);
}
