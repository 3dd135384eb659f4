import type { Message } from '../model.ts';

/** Which of the repairs are this conversation's to try: every `of`-th, beginning with `number` (from 1). */
export interface Share {
  readonly number: number;
  readonly of: number;
}

/** Candidates that work at the same time divide the repairs between them; the first message says who this one is. */
export function readShare(messages: readonly Message[]): Share {
  const first = messages.find(({ role }) => role === 'user');
  const said = /^You are candidate (\d+) of (\d+)\./m.exec(first?.content ?? '');
  return said ? { number: Number(said[1]), of: Number(said[2]) } : { number: 1, of: 1 };
}
