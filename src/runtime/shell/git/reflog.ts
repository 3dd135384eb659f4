/** What HEAD and the branches stood on before: the files below `logs`. */
import { GitError } from './git-error.ts';
import { identity, zoneText } from './identity.ts';
import type { Repository } from './repository.ts';

export interface Move {
  before: string;
  after: string;
  reason: string;
}

const NONE = '0'.repeat(40);

/** Notes a move of each of the refs. */
export async function noteMove(
  repository: Repository,
  refs: readonly string[],
  { before, after, reason }: { before: string | undefined; after: string; reason: string },
): Promise<void> {
  const line = `${before ?? NONE} ${after} ${await who(repository)}\t${reason.split('\n')[0]}\n`;
  for (const ref of refs) repository.writeState(`logs/${ref}`, (repository.readState(`logs/${ref}`) ?? '') + line);
}

async function who(repository: Repository): Promise<string> {
  try {
    const { name, email, timestamp, timezoneOffset } = await identity(repository, 'COMMITTER');
    return `${name} <${email}> ${timestamp} ${zoneText(timezoneOffset)}`;
  } catch (error) {
    // Moving needs no name.
    if (error instanceof GitError) return `root <root@fixpoint> ${Math.floor(Date.now() / 1000)} +0000`;
    throw error;
  }
}

/** The moves of a ref, the newest first. */
export function movesOf(repository: Repository, ref: string): Move[] {
  const lines = (repository.readState(`logs/${ref}`) ?? '').split('\n').filter((line) => line !== '');
  return lines
    .map((line) => ({
      before: line.slice(0, 40),
      after: line.slice(41, 81),
      reason: line.slice(line.indexOf('\t') + 1),
    }))
    .reverse();
}

/** The ref whose moves a name means: HEAD, or a branch. */
export function loggedRef(repository: Repository, name: string): string {
  if (name === 'HEAD' || name.startsWith('refs/')) return name;
  return repository.readState(`logs/refs/heads/${name}`) === undefined ? name : `refs/heads/${name}`;
}

/** `HEAD@{2}`, `main@{1}`, `@{1}` of the current branch: its id. Undefined for other names. Throws {@link GitError}. */
export function resolveMove(repository: Repository, name: string): string | undefined {
  const match = /^(.*)@\{(\d+)\}$/.exec(name);
  if (!match) return undefined;
  const [, given = '', digits] = match;
  const ref = loggedRef(repository, given === '' ? (repository.branch() ?? 'HEAD') : given);
  const moves = movesOf(repository, ref);
  const count = Number(digits);
  const shown = given === '' ? (repository.branch() ?? 'HEAD') : given;
  if (moves.length === 0) return undefined;
  const move = moves[count];
  if (move) return move.after;
  const oldest = moves.at(-1);
  if (count === moves.length && oldest && oldest.before !== NONE) return oldest.before;
  throw new GitError(`log for '${shown}' only has ${moves.length} entries`);
}

/** `@{-1}`: what HEAD stood on before the last checkout. */
export function previousHead(repository: Repository, count: number): string | undefined {
  const left = movesOf(repository, 'HEAD').flatMap(
    ({ reason }) => /^checkout: moving from (\S+) to /.exec(reason)?.[1] ?? [],
  );
  return left[count - 1];
}
