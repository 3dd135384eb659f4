/** The branch of a remote, or another one here, that a branch follows. */
import { readConfigValue } from './config-file.ts';
import { reachableFrom } from './reachable.ts';
import { shortRef } from './refs.ts';
import { mapRef } from './remotes/refspec.ts';
import { remoteNamed } from './remotes/remote.ts';
import type { Repository } from './repository.ts';

export interface TrackedBranch {
  remote: string;
  /** Its name there. */
  merge: string;
  /** The ref that stands for it here, and as it is shown. */
  ref: string;
  shown: string;
}

/** What the configuration says of a branch; undefined when it follows none. */
export function trackedBranch(repository: Repository, branch: string): TrackedBranch | undefined {
  const value = (key: string) =>
    readConfigValue(repository.context, [`${repository.commonDir}/config`], `branch.${branch}.${key}`);
  const [remote, merge] = [value('remote'), value('merge')];
  if (remote === undefined || merge === undefined) return undefined;
  const ref =
    remote === '.'
      ? merge
      : remoteNamed(repository, remote)
          .fetch.map((spec) => mapRef(spec, merge))
          .find((name) => name !== undefined);
  return ref === undefined ? undefined : { remote, merge, ref, shown: shortRef(ref) };
}

export interface Distance {
  ahead: number;
  behind: number;
}

/** How many commits each of two has that the other lacks. */
export async function distance(repository: Repository, here: string, there: string): Promise<Distance> {
  if (here === there) return { ahead: 0, behind: 0 };
  const [mine, theirs] = [await reachableFrom(repository, here), await reachableFrom(repository, there)];
  const lacking = (some: ReadonlySet<string>, others: ReadonlySet<string>) =>
    [...some].filter((oid) => !others.has(oid)).length;
  return { ahead: lacking(mine, theirs), behind: lacking(theirs, mine) };
}

export interface Standing extends TrackedBranch {
  /** Undefined: what the branch follows is gone. */
  distance: Distance | undefined;
}

/** How a branch stands to what it follows. */
export async function standingOf(repository: Repository, branch: string): Promise<Standing | undefined> {
  const tracked = trackedBranch(repository, branch);
  if (!tracked) return undefined;
  const [here, there] = [await repository.tryRef(`refs/heads/${branch}`), await repository.tryRef(tracked.ref)];
  if (there === undefined) return { ...tracked, distance: undefined };
  return { ...tracked, distance: here === undefined ? undefined : await distance(repository, here, there) };
}

/** `[ahead 1, behind 2]` without its brackets; empty when both are the same. */
export function distanceWords({ distance }: Pick<Standing, 'distance'>): string {
  if (!distance) return 'gone';
  const parts = [
    distance.ahead > 0 ? `ahead ${distance.ahead}` : '',
    distance.behind > 0 ? `behind ${distance.behind}` : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** What status and checkout say of it. */
export function standingText(standing: Standing | undefined): string {
  if (!standing) return '';
  const { shown, distance } = standing;
  const count = (number: number) => `${number} commit${number === 1 ? '' : 's'}`;
  if (!distance)
    return `Your branch is based on '${shown}', but the upstream is gone.\n  (use "git branch --unset-upstream" to fixup)\n`;
  const { ahead, behind } = distance;
  if (ahead === 0 && behind === 0) return `Your branch is up to date with '${shown}'.\n`;
  if (behind === 0)
    return `Your branch is ahead of '${shown}' by ${count(ahead)}.\n  (use "git push" to publish your local commits)\n`;
  if (ahead === 0)
    return `Your branch is behind '${shown}' by ${count(behind)}, and can be fast-forwarded.\n  (use "git pull" to update your local branch)\n`;
  return `Your branch and '${shown}' have diverged,\nand have ${ahead} and ${behind} different commits each, respectively.\n  (use "git pull" to merge the remote branch into yours)\n`;
}
