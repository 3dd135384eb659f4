/** Brings refs from here to another repository, with the objects that they need. */
import type { GitCall } from '../call.ts';
import { plainError } from '../git-error.ts';
import { reachableFrom } from '../reachable.ts';
import { listRefs, moveRef, type Ref, shortRef } from '../refs.ts';
import type { Repository } from '../repository.ts';
import { copyObjects } from './copy-objects.ts';
import { checkedOut, destinationNotFound, fetchFirst, otherBehind, tagExists, tipBehind } from './push-hints.ts';
import { movedBy, newKind, pushTable, type RefRow } from './ref-table.ts';
import { mapRef, parseRefspec } from './refspec.ts';
import { openRemote, type Remote } from './remote.ts';

export interface PushRequest {
  remote: Remote;
  specs: readonly string[];
  /** Also where commits are lost; with `lease` only where the other repository is as it was seen last. */
  force: boolean;
  lease: boolean;
  dryRun: boolean;
  quiet: boolean;
  verbose: boolean;
}

/** What one refspec asks for. */
interface Update {
  /** Undefined: the ref there is taken away. */
  from: Ref | undefined;
  /** As it is shown. */
  source: string;
  to: string;
  /** What is there now. */
  before: string | undefined;
  force: boolean;
}

type Refusal = 'non-fast-forward' | 'fetch first' | 'stale info' | 'already exists' | 'branch is currently checked out';

export interface Pushed {
  status: number;
  /** What went there, or was there: the branch here, and its name there. */
  branches: { from: string; to: string }[];
}

/** Throws {@link GitError} when the other repository, or a ref to push, is not there. */
export async function pushTo(call: GitCall, request: PushRequest): Promise<Pushed> {
  const repository = call.repository();
  const { remote } = request;
  const target = openRemote(call, remote.pushUrl, repository.root);
  const theirs = await listRefs(target);
  const updates = await readUpdates(call, request, theirs);
  if (request.verbose) await call.warn(`Pushing to ${remote.pushUrl}\n`);
  const [moved, refused, same]: [RefRow[], RefRow[], RefRow[]] = [[], [], []];
  const refusals = new Map<Update, Refusal>();
  for (const update of updates) {
    const shown = { from: update.source, to: shortRef(update.to) };
    if (update.from?.oid === update.before) {
      if (!request.dryRun) await noteSeen(repository, update, request.remote);
      same.push({ ...shown, mark: '=', summary: '[up to date]' });
      continue;
    }
    const refusal = await refusalOf(repository, target, { update, request });
    if (refusal === undefined) moved.push({ ...shown, ...(await carryOut(repository, target, { update, request })) });
    else {
      refusals.set(update, refusal);
      const summary = refusal === 'branch is currently checked out' ? '[remote rejected]' : '[rejected]';
      refused.push({ ...shown, mark: '!', summary, note: refusal });
    }
  }
  await report(call, { request, moved, refused, same, hint: hintOf(repository, refusals) });
  const done = updates.filter((update) => !refusals.has(update) && update.from?.name.startsWith('refs/heads/'));
  return {
    status: refused.length > 0 ? 1 : 0,
    branches: done.map(({ from, to }) => ({ from: shortRef(from?.name ?? ''), to })),
  };
}

async function readUpdates(call: GitCall, request: PushRequest, theirs: readonly Ref[]): Promise<Update[]> {
  const repository = call.repository();
  const updates: Update[] = [];
  let failed = false;
  const before = (name: string) => theirs.find((ref) => ref.name === name)?.oid;
  for (const text of request.specs) {
    const { force, from: source, to } = parseRefspec(text);
    const forced = force || request.force;
    if (source.includes('*')) {
      for (const ref of await listRefs(repository)) {
        const name = mapRef({ force, from: source, to: to ?? source }, ref.name);
        if (name !== undefined)
          updates.push({ from: ref, source: shortRef(ref.name), to: name, before: before(name), force: forced });
      }
      continue;
    }
    if (source === '') {
      const name = theirName(to ?? '', theirs);
      if (name !== undefined)
        updates.push({ from: undefined, source: '', to: name, before: before(name), force: true });
      else {
        await call.warn(`error: unable to delete '${to}': remote ref does not exist\n`);
        failed = true;
      }
      continue;
    }
    const from = await ownRef(repository, source);
    if (!from) {
      await call.warn(`error: src refspec ${source} does not match any\n`);
      failed = true;
      continue;
    }
    const name = to === undefined || to === '' ? ownDestination(from) : destination(to, from, theirs);
    if (name === undefined) {
      await call.warn(destinationNotFound(source, to ?? source));
      failed = true;
    } else updates.push({ from, source: shortRef(source), to: name, before: before(name), force: forced });
  }
  if (failed) throw plainError(`failed to push some refs to '${request.remote.pushUrl}'`);
  return updates;
}

/** A ref of ours that is named, or a commit by itself. */
async function ownRef(repository: Repository, name: string): Promise<Ref | undefined> {
  const branch = name === 'HEAD' || name === '@' ? repository.branch() : undefined;
  const places =
    branch === undefined
      ? [name, `refs/tags/${name}`, `refs/heads/${name}`, `refs/remotes/${name}`]
      : [`refs/heads/${branch}`];
  for (const place of places) {
    const oid = place.startsWith('refs/') ? await repository.tryRef(place) : undefined;
    if (oid !== undefined) return { name: place, oid };
  }
  const oid = await repository.tryResolve(name);
  return oid === undefined ? undefined : { name: '', oid };
}

const ownDestination = ({ name }: Ref) => (name === '' || name.startsWith('refs/remotes/') ? undefined : name);

/** The whole name of a ref there: one that there is, or one of the kind of ours. */
function destination(to: string, from: Ref, theirs: readonly Ref[]): string | undefined {
  if (to.startsWith('refs/')) return to;
  const kind = /^refs\/(?:heads|tags)\//.exec(from.name)?.[0];
  return theirName(to, theirs) ?? (kind === undefined ? undefined : kind + to);
}

function theirName(name: string, theirs: readonly Ref[]): string | undefined {
  const places = [name, `refs/tags/${name}`, `refs/heads/${name}`];
  return places.find((place) => theirs.some((ref) => ref.name === place));
}

/** The ref here that stands for one there. */
const seenAs = ({ fetch }: Remote, name: string): string | undefined =>
  fetch.map((spec) => mapRef(spec, name)).find((seen) => seen !== undefined);

interface One {
  update: Update;
  request: PushRequest;
}

async function refusalOf(
  repository: Repository,
  target: Repository,
  { update: { from, to, before, force }, request }: One,
): Promise<Refusal | undefined> {
  const seen = seenAs(request.remote, to);
  if (request.lease && before !== undefined && seen !== undefined && (await repository.tryRef(seen)) !== before)
    return 'stale info';
  if (from && before !== undefined && !force && !request.lease) {
    if (to.startsWith('refs/tags/')) return 'already exists';
    if (!(await repository.hasObject(before))) return 'fetch first';
    if (!(await reachableFrom(repository, from.oid)).has(before)) return 'non-fast-forward';
  }
  const denies = !['ignore', 'warn'].includes((await target.config('receive.denycurrentbranch')) ?? 'refuse');
  if (!target.bare && denies && to === `refs/heads/${target.branch()}`) return 'branch is currently checked out';
  return undefined;
}

/** Moves the ref there, and here the one that stands for it. */
async function carryOut(
  repository: Repository,
  target: Repository,
  { update, request }: One,
): Promise<Omit<RefRow, 'from' | 'to'>> {
  const { from, to, before } = update;
  if (!request.dryRun) {
    if (from) await copyObjects(repository, target, [from.oid]);
    await moveRef(target, { name: to, before, after: from?.oid, reason: 'push' });
    await noteSeen(repository, update, request.remote);
  }
  if (!from) return { mark: '-', summary: '[deleted]' };
  if (before === undefined) return { mark: '*', summary: newKind(to) };
  const forced = !(await repository.hasObject(before)) || !(await reachableFrom(repository, from.oid)).has(before);
  return {
    mark: forced ? '+' : ' ',
    summary: movedBy(before, from.oid, forced),
    note: forced ? 'forced update' : undefined,
  };
}

/** Moves the ref here that stands for the one there. */
async function noteSeen(repository: Repository, { from, to }: Update, remote: Remote): Promise<void> {
  const name = seenAs(remote, to);
  const before = name === undefined ? undefined : await repository.tryRef(name);
  if (name !== undefined && before !== from?.oid)
    await moveRef(repository, { name, before, after: from?.oid, reason: 'update by push' });
}

interface Report {
  request: PushRequest;
  moved: readonly RefRow[];
  refused: readonly RefRow[];
  same: readonly RefRow[];
  hint: string;
}

async function report(call: GitCall, { request, moved, refused, same, hint }: Report): Promise<void> {
  const url = request.remote.pushUrl;
  const rows = [...(request.verbose ? same : []), ...(request.quiet ? [] : moved), ...refused];
  if (refused.some(({ summary }) => summary === '[remote rejected]')) await call.warn(checkedOut(refused));
  if (rows.length > 0) await call.warn(`To ${url}\n${pushTable(rows)}`);
  if (refused.length > 0) await call.warn(`error: failed to push some refs to '${url}'\n${hint}`);
  else if (moved.length === 0 && !request.quiet) await call.warn('Everything up-to-date\n');
}

/** What to do about the first refusal of each kind. */
function hintOf(repository: Repository, refusals: ReadonlyMap<Update, Refusal>): string {
  const kinds = new Set(refusals.values());
  if (kinds.has('non-fast-forward')) {
    const current = [...refusals].some(
      ([{ from }, refusal]) => refusal === 'non-fast-forward' && from?.name === `refs/heads/${repository.branch()}`,
    );
    return current ? tipBehind : otherBehind;
  }
  if (kinds.has('fetch first')) return fetchFirst;
  return kinds.has('already exists') ? tagExists : '';
}
