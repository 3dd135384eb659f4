/** Who commits, and when: from the environment and the configuration. */
import { parseDate } from '../utilities/parse-date.ts';
import { GitError } from './git-error.ts';
import type { Repository } from './repository.ts';

export interface Person {
  name: string;
  email: string;
  /** Seconds since the epoch. */
  timestamp: number;
  /** Minutes west of Greenwich, as Date.getTimezoneOffset. */
  timezoneOffset: number;
}

const UNKNOWN = `Author identity unknown

*** Please tell me who you are.

Run

  git config --global user.email "you@example.com"
  git config --global user.name "Your Name"

to set your account's default identity.
Omit --global to set the identity only in this repository.
`;

/** Throws {@link GitError} when no name or address is set. */
export async function identity(repository: Repository, role: 'AUTHOR' | 'COMMITTER'): Promise<Person> {
  const { env } = repository.context;
  const name = env.get(`GIT_${role}_NAME`) ?? (await repository.config('user.name'));
  const email = env.get(`GIT_${role}_EMAIL`) ?? (await repository.config('user.email'));
  if (!email) {
    const who = env.get('USER') ?? 'root';
    throw new GitError(
      `unable to auto-detect email address (got '${who}@fixpoint.(none)')`,
      128,
      UNKNOWN.replace('Author', role === 'AUTHOR' ? 'Author' : 'Committer'),
    );
  }
  return { name: name ?? env.get('USER') ?? 'root', email, ...gitDate(env.get(`GIT_${role}_DATE`)) };
}

/** `@1700000000 +0100`, `1700000000 +0100`, or any date; now when absent. Throws {@link GitError}. */
export function gitDate(text: string | undefined): Pick<Person, 'timestamp' | 'timezoneOffset'> {
  const raw = /^@?(\d+)(?: ([-+])(\d\d)(\d\d))?$/.exec(text?.trim() ?? '');
  const offset = (sign: string | undefined, hours: string | undefined, minutes: string | undefined) =>
    (sign === '-' ? 1 : -1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) || 0;
  if (raw) return { timestamp: Number(raw[1]), timezoneOffset: offset(raw[2], raw[3], raw[4]) };
  const ms = text === undefined ? Date.now() : parseGitDate(text);
  if (ms === undefined) throw new GitError(`invalid date format: ${text}`);
  const zone = /([-+])(\d\d):?(\d\d)$/.exec(text ?? '');
  return { timestamp: Math.floor(ms / 1000), timezoneOffset: zone ? offset(zone[1], zone[2], zone[3]) : 0 };
}

/** Milliseconds since the epoch of a date in git's words (`2.weeks.ago`, `noon yesterday`); undefined for what is none. */
export function parseGitDate(text: string): number | undefined {
  const plain = text.replace(/\bnoon\b/i, '12:00').replace(/\bmidnight\b/i, '00:00');
  return parseDate(plain, Date.now()) ?? parseDate(plain.replaceAll('.', ' '), Date.now());
}

export function zoneText(timezoneOffset: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const size = Math.abs(timezoneOffset);
  return `${timezoneOffset > 0 ? '-' : '+'}${two(Math.floor(size / 60))}${two(size % 60)}`;
}
