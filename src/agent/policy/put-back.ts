/** What a command did is looked at, whatever its line said: what the policy forbids is put back. In a run and in its replay alike. */
import type { Snapshot, WorkingCopy } from '../../sandbox/sandbox.ts';
import { applyChanges } from '../../session/apply-changes.ts';
import { contentAt } from '../../session/content.ts';
import type { FileChange, Files } from '../../session/files.ts';
import { diffFiles } from '../../session/tree.ts';
import { placeOf } from './commands/places.ts';
import { isSecretPath, refuseSpelling } from './paths.ts';
import type { Policy } from './policy.ts';
import type { MaskedFile } from './secrets/env-files.ts';

export interface Undone {
  readonly path: string;
  readonly reason: string;
}

/** What a command did to the files that snapshots show. */
export interface Judged {
  /** Those of before with what the command may change. */
  readonly files: Files;
  /** What it may change. */
  readonly changes: readonly FileChange[];
  /** The rest of what it changed. */
  readonly forbidden: readonly Undone[];
}

export interface Guard {
  readonly policy: Policy;
  /** The `.env*` files as they have to be. */
  readonly masked: readonly MaskedFile[];
  /** The real ones are there: what they hold is left alone. */
  readonly exposed: boolean;
  /** Links that were there before the run. */
  readonly links: Readonly<Record<string, string>>;
  /** The kind of the secret that a text holds. */
  readonly holds: (text: string) => string | null;
}

/** After a command: the files that it may leave stay, the rest is as `before`. */
export async function settle(copy: WorkingCopy, before: Files, guard: Guard): Promise<void> {
  const snapshot = await copy.snapshot();
  await putBack(copy, { snapshot, judged: judgeSnapshot(snapshot, before, guard), before, guard });
}

export function judgeSnapshot(snapshot: Snapshot, before: Files, guard: Guard): Judged {
  const found = diffFiles(before, snapshot.files);
  const judged = found.map((change) => ({ change, reason: refuse(change, before, guard) }));
  const forbidden = judged.flatMap(({ change, reason }) => (reason === null ? [] : [{ path: change.path, reason }]));
  const changes = judged.flatMap(({ change, reason }) => (reason === null ? [change] : []));
  return { files: applyChanges(before, changes), changes, forbidden };
}

/** Makes the copy hold the judged files. What was hidden from the snapshot and is put back is told. */
export async function putBack(
  copy: WorkingCopy,
  work: { readonly snapshot: Snapshot; readonly judged: Judged; readonly before: Files; readonly guard: Guard },
): Promise<readonly Undone[]> {
  const { snapshot, judged, before, guard } = work;
  const { files, changes, forbidden } = judged;
  if (forbidden.length > 0) await copy.restore(files);
  await partTwins(copy, changes, { files, before, guard });
  return await putBackHidden(copy, snapshot, guard);
}

/** A new file that holds what a protected one does may be a second name of it (a hard link), through which it could be edited: it becomes a file of its own. */
async function partTwins(
  copy: WorkingCopy,
  changes: readonly FileChange[],
  { files, before, guard }: { readonly files: Files; readonly before: Files; readonly guard: Guard },
): Promise<void> {
  const added = changes.filter(({ path, content }) => content !== null && !Object.hasOwn(before, path));
  if (added.length === 0) return;
  const judges = Object.keys(files).filter((path) => guard.policy.refuseWrite(path) !== null);
  const held = new Set(judges.map((path) => contentKey(files, path)));
  const twins = added.filter(({ path }) => held.has(contentKey(files, path)));
  if (twins.length === 0) return;
  await copy.write(twins.map(({ path }) => ({ path, content: null })));
  await copy.write(twins);
}

const contentKey = (files: Files, path: string): string => JSON.stringify(contentAt(files, path) ?? null);

function refuse(change: FileChange, before: Files, { policy, holds }: Guard): string | null {
  const refusal = policy.refuseChange(change, contentAt(before, change.path) ?? null);
  if (refusal !== null) return refusal;
  const secret = typeof change.content === 'string' ? holds(change.content) : null;
  return secret === null ? null : `It held a secret (${secret}).`;
}

/** What snapshots leave out: links that lead where the agent may not go, and the files with secrets. */
export async function putBackHidden(copy: WorkingCopy, snapshot: Snapshot, guard: Guard): Promise<readonly Undone[]> {
  const undone: Undone[] = [];
  const changes: FileChange[] = [];
  for (const [path, target] of Object.entries(snapshot.links ?? {})) {
    if (guard.links[path] === target) continue;
    const reason = refuseLink(path, target, { folder: copy.folder, policy: guard.policy });
    if (reason === null) continue;
    undone.push({ path, reason });
    changes.push({ path, content: null });
  }
  const wanted = new Map(guard.masked.map(({ path, content }) => [path, content]));
  const there = snapshot.omitted.filter((path) => !path.endsWith('/') && isSecretPath(path) && !wanted.has(path));
  for (const path of there) {
    undone.push({ path, reason: 'Files with secrets are neither made nor changed.' });
    changes.push({ path, content: null });
  }
  for (const [path, content] of guard.exposed ? [] : wanted) {
    if ((await copy.read(path)) === content) continue;
    undone.push({ path, reason: 'Files with secrets are neither made nor changed.' });
    changes.push({ path, content: null }, { path, content });
  }
  if (changes.length > 0) await copy.write(changes);
  return undone;
}

/** Links that come with the project, or that npm makes for workspaces, lead to where they may. */
function refuseLink(
  path: string,
  target: string,
  { folder, policy }: { folder: string; policy: Policy },
): string | null {
  const parent = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.';
  const place = placeOf(target, placeIn(folder, parent), folder);
  if ('outside' in place)
    return /^\/(?:tmp|dev\/null)(?:\/|$)/.test(place.outside)
      ? null
      : `It was a link out of the project (to ${target}).`;
  if (place.inside === '') return null;
  const refusal = refuseSpelling(place.inside) ?? policy.refuseRead(place.inside);
  if (refusal !== null) return `It was a link to ${target}. ${refusal}`;
  return null;
}

const placeIn = (folder: string, path: string): string => (path === '.' ? folder : `${folder}/${path}`);
