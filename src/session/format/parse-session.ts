/** A session file out of anything: checked against the schema, and for contradictions. */
import { z } from 'zod';
import type { SessionFile } from '../events.ts';
import { findInconsistency } from './consistency.ts';
import { sessionEvent } from './event-schema.ts';

/** A session that cannot be read. The message says what is wrong and where; `advice` what can be done. */
export class SessionFormatError extends Error {
  override name = 'SessionFormatError';
  readonly advice: string;

  constructor(problem: string, advice: string) {
    super(`${problem} ${advice}`);
    this.advice = advice;
  }
}

const sessionFile = z.object({
  format: z.literal('fixpoint-session/1'),
  id: z.string().min(1),
  events: z.array(sessionEvent).min(1, 'is empty'),
}) satisfies z.ZodType<SessionFile>;

const DAMAGED = 'The file or link is damaged: ask for it again from where it came.';

function checkFormat(value: unknown): void {
  const format = typeof value === 'object' && value !== null && 'format' in value ? value.format : undefined;
  const version = typeof format === 'string' ? /^fixpoint-session\/(\d+)$/.exec(format)?.[1] : undefined;
  if (version === undefined) {
    throw new SessionFormatError(
      'This is not a Fixpoint session: its "format" does not say "fixpoint-session/1".',
      'Choose a file that Fixpoint exported.',
    );
  }
  if (Number(version) > 1) {
    throw new SessionFormatError(
      `This session was made with a newer Fixpoint (format ${version}; this one reads format 1).`,
      'Reload the page to get the newest Fixpoint, then open it again.',
    );
  }
}

function place(path: readonly PropertyKey[]): string {
  const [first, index, ...rest] = path.map(String);
  if (first === undefined) return 'the session';
  if (first !== 'events' || index === undefined) return path.map(String).join('.');
  return rest.length > 0 ? `event ${index}, "${rest.join('.')}"` : `event ${index}`;
}

/**
 * A checked session out of anything. Fields the format does not know are dropped.
 * Throws SessionFormatError, whose message is for the user.
 */
export function parseSessionFile(value: unknown): SessionFile {
  checkFormat(value);
  const result = sessionFile.safeParse(value);
  if (!result.success) {
    const [issue] = result.error.issues;
    const where = place(issue?.path ?? []);
    throw new SessionFormatError(`This session cannot be read: ${where}: ${issue?.message}.`, DAMAGED);
  }
  const problem = findInconsistency(result.data.events);
  if (problem !== null) throw new SessionFormatError(`This session contradicts itself: ${problem}.`, DAMAGED);
  return result.data;
}

/** As `parseSessionFile`, from JSON text. */
export function parseSessionText(text: string): SessionFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const error = new SessionFormatError('This is not a Fixpoint session: it is not JSON.', DAMAGED);
    error.cause = cause;
    throw error;
  }
  return parseSessionFile(value);
}
