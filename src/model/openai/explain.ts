/** Says in one or two sentences, for a person, what is wrong with a request and what to do. Never repeats the key. */
import { ModelError } from '../model.ts';
import { retryAfter } from '../retry.ts';
import { UnreachableError } from './failures.ts';
import type { HideKey } from './hide-key.ts';
import { ServerError } from './server-error.ts';
import { whyUnreachable } from './unreachable.ts';

export interface Asked {
  readonly model: string;
  /** As the user knows it. */
  readonly host: string;
  readonly hide: HideKey;
}

export const explain = (error: unknown, asked: Asked): string => asked.hide(explainOpenly(error, asked));

function explainOpenly(error: unknown, { model, host }: Asked): string {
  if (error instanceof ServerError) return explainStatus(error, { model, host });
  if (error instanceof UnreachableError)
    return (
      whyUnreachable(host, error.message)?.said ??
      `${host} cannot be reached: no network, a wrong base URL, nothing listening there, or a server that sends no CORS headers to this page.`
    );
  return error instanceof Error ? error.message : String(error);
}

function explainStatus(error: ServerError, { model, host }: Pick<Asked, 'model' | 'host'>): string {
  const said = error.message.slice(0, 300);
  if (isOutOfCredit(error)) return `${host} says that there is no credit left (${error.status}): ${said}`;
  // Some servers repeat the key, or a part of it, in their message about it.
  if (isAboutKey(error)) return `${host} refuses the API key (${error.status}): check it in the settings.`;
  switch (error.status) {
    case 403:
      return `${host} does not allow this key to use "${model}" (403): ${said}`;
    case 404:
      return `${host} knows no model "${model}", or the base URL is wrong (404): ${said}`;
    case 429:
      return `${host} refuses for now: too many requests (429): ${said}${askedWait(error)}`;
    case null:
      return `${host} broke off its answer: ${said}`;
    default:
      return `${host} answered with error ${error.status}: ${said}`;
  }
}

/** A wait that is longer than anyone waits here is worth a word. */
function askedWait(error: ServerError): string {
  const seconds = Math.round((retryAfter(error) ?? 0) / 1000);
  return seconds < LONG_WAIT
    ? ''
    : ` (It asks to wait for ${seconds < 2 * 3600 ? `${Math.round(seconds / 60)} minutes` : `${Math.round(seconds / 3600)} hours`}.)`;
}

/** Seconds. */
const LONG_WAIT = 120;

/** A limit that no waiting lifts. */
export function isOutOfCredit({ status, code, message }: ServerError): boolean {
  if (status === 402) return true;
  if (status === 400 || status === 403)
    return /credit balance|insufficient (balance|funds|credit)|out of credit/i.test(message);
  return (
    status === 429 &&
    /insufficient_quota|billing|no credit|credit balance|exceeded your current quota.*plan/i.test(`${code} ${message}`)
  );
}

const KEY_REFUSED =
  /(api.?key|access.?token|credentials?)\b.{0,40}\b(not valid|invalid|incorrect|expired|missing|required|wrong|disabled)|\b(invalid|incorrect|missing|expired|wrong|no)\b.{0,20}(api.?key|access.?token|authentication|credentials?)|authentication.?(failed|error)|unregistered callers/i;

/** Google and xAI answer 400, others 403. */
export function isAboutKey({ status, message }: ServerError): boolean {
  return status === 401 || ((status === 400 || status === 403) && KEY_REFUSED.test(message));
}

/** The same error with a text for a person; what else it carries stays in `cause`. */
export function toModelError(error: unknown, asked: Asked, tries: number): unknown {
  if (!(error instanceof ModelError)) return error;
  const said = explain(error, asked);
  const again = tries > 1 ? `${/[.!?)]$/.test(said) ? '' : '.'} It was tried ${tries} times.` : '';
  return new ModelError(`${said}${again}`, { cause: error });
}
