/** Says in one or two sentences, for a person, what is wrong with a request and what to do. Never repeats the key. */
import { ModelError } from '../model.ts';
import { UnreachableError } from './failures.ts';
import { ServerError } from './server-error.ts';

export interface Asked {
  readonly model: string;
  /** As the user knows it. */
  readonly host: string;
}

export function explain(error: unknown, { model, host }: Asked): string {
  if (error instanceof ServerError) return explainStatus(error, { model, host });
  if (error instanceof UnreachableError)
    return `${host} cannot be reached: no network, a wrong base URL, nothing listening there, or a server that sends no CORS headers to this page. (${error.message})`;
  return error instanceof Error ? error.message : String(error);
}

function explainStatus(error: ServerError, { model, host }: Asked): string {
  const said = error.message.slice(0, 300);
  if (isOutOfCredit(error)) return `${host} says that there is no credit left (${error.status}): ${said}`;
  switch (error.status) {
    // Some servers repeat the key, or a part of it, in their message about it.
    case 401:
      return `${host} refuses the API key (401): check it in the settings.`;
    case 403:
      return `${host} does not allow this key to use "${model}" (403): ${said}`;
    case 404:
      return `${host} knows no model "${model}", or the base URL is wrong (404): ${said}`;
    case 429:
      return `${host} refuses for now: too many requests (429): ${said}`;
    case null:
      return `${host} broke off its answer: ${said}`;
    default:
      return `${host} answered with error ${error.status}: ${said}`;
  }
}

/** A limit that no waiting lifts. */
export function isOutOfCredit({ status, code, message }: ServerError): boolean {
  if (status === 402) return true;
  return (
    status === 429 &&
    /insufficient_quota|billing|no credit|credit balance|exceeded your current quota.*plan/i.test(`${code} ${message}`)
  );
}

/** The same error with a text for a person; what else it carries stays in `cause`. */
export function toModelError(error: unknown, asked: Asked, tries: number): unknown {
  if (!(error instanceof ModelError)) return error;
  const again = tries > 1 ? ` It was tried ${tries} times.` : '';
  return new ModelError(`${explain(error, asked)}${again}`, { cause: error });
}
