/** Brings the refs of another repository here, with the objects that they need. */
import type { GitCall } from '../call.ts';
import { readConfigValue } from '../config-file.ts';
import { GitError } from '../git-error.ts';
import { reachableFrom } from '../reachable.ts';
import { listRefs, moveRef, type Ref, shortRef } from '../refs.ts';
import type { Repository } from '../repository.ts';
import { copyObjects } from './copy-objects.ts';
import { fetchTable, movedBy, newKind, type RefRow } from './ref-table.ts';
import { mapBack, mapRef, parseRefspec, type Refspec } from './refspec.ts';
import { openRemote, type Remote, shownUrl } from './remote.ts';

export interface FetchRequest {
  remote: Remote;
  /** Refspecs of the command line. */
  specs: readonly string[];
  prune?: boolean;
  /** All tags, none, or those of what is fetched. */
  tags?: 'all' | 'none' | 'followed';
  force?: boolean;
  dryRun?: boolean;
  quiet?: boolean;
  verbose?: boolean;
  /** Of FETCH_HEAD: behind what others fetched. */
  append?: boolean;
}

/** A ref that is asked for, and where it goes here. */
interface Wanted extends Ref {
  /** Undefined: to FETCH_HEAD alone. */
  to: string | undefined;
  force: boolean;
  /** What `git pull` merges. */
  merged: boolean;
  /** It was named, and is told even though it moves no ref. */
  named: boolean;
}

export interface Fetched {
  status: number;
  /** What is to be merged, as FETCH_HEAD tells it: `branch 'main' of ../hub`. */
  merged: { oid: string; name: string }[];
}

/** Throws {@link GitError} when the other repository, or a ref of it, is not there. */
export async function fetchFrom(call: GitCall, request: FetchRequest): Promise<Fetched> {
  const repository = call.repository();
  const { remote } = request;
  const source = openRemote(call, remote.url, repository.root);
  const theirs = await listRefs(source);
  const wanted = await wantedRefs(repository, request, await withHead(source, theirs));
  for (const { to } of wanted)
    if (to !== undefined && to === `refs/heads/${repository.branch()}` && !repository.bare)
      throw new GitError(`refusing to fetch into branch '${to}' checked out at '${repository.root}'`);
  if (request.dryRun !== true)
    await copyObjects(
      source,
      repository,
      wanted.map(({ oid }) => oid),
    );
  wanted.push(...(await tagsToFetch(source, repository, { request, wanted, theirs })));
  const rows: RefRow[] = request.prune ? await prune(repository, request, theirs) : [];
  let status = 0;
  for (const item of wanted) {
    const row = await receive(repository, item, request);
    if (row) rows.push(row);
    if (row?.mark === '!') status = 1;
  }
  const url = shownUrl(remote.url);
  if (request.dryRun !== true) noteFetched(repository, wanted, { url, append: request.append === true });
  if (rows.length > 0 && !request.quiet) await call.warn(`From ${url}\n${fetchTable(rows)}`);
  const merged = wanted.filter((item) => item.merged).map(({ oid, name }) => ({ oid, name: describe(name, url) }));
  return { status, merged };
}

async function withHead(source: Repository, refs: readonly Ref[]): Promise<Ref[]> {
  const head = await source.tryResolve('HEAD');
  return head === undefined ? [...refs] : [{ name: 'HEAD', oid: head }, ...refs];
}

/** What the command line asks for; without refspecs, what the configuration does. */
async function wantedRefs(
  repository: Repository,
  { remote, specs, force }: FetchRequest,
  theirs: readonly Ref[],
): Promise<Wanted[]> {
  if (specs.length > 0) {
    const named: Wanted[] = [];
    for (const spec of specs.map(parseRefspec))
      named.push(await namedRef(repository, { spec, theirs, force: force === true }));
    const followed = named.flatMap((item) => (item.to === undefined ? followedRef(remote, item) : []));
    return [...named, ...followed];
  }
  const branch = repository.branch();
  const follows = branch === undefined ? undefined : followedName(repository, branch, remote.name);
  const found = theirs.flatMap((ref) =>
    remote.fetch.flatMap((spec): Wanted[] => {
      const to = mapRef(spec, ref.name);
      if (to === undefined) return [];
      return [{ ...ref, to, force: spec.force || force === true, merged: ref.name === follows, named: false }];
    }),
  );
  if (remote.isConfigured) return [...found.filter(({ merged }) => merged), ...found.filter(({ merged }) => !merged)];
  const [head] = follows === undefined ? theirs : theirs.filter(({ name }) => name === follows);
  return head ? [{ ...head, to: undefined, force: false, merged: true, named: true }] : [];
}

/** The branch of the remote that a branch here follows. */
function followedName(repository: Repository, branch: string, remote: string): string | undefined {
  const { context, commonDir } = repository;
  const value = (key: string) => readConfigValue(context, [`${commonDir}/config`], `branch.${branch}.${key}`);
  return value('remote') === remote ? value('merge') : undefined;
}

interface Naming {
  spec: Refspec;
  theirs: readonly Ref[];
  force: boolean;
}

/** Throws {@link GitError} when there is no such ref. */
async function namedRef(repository: Repository, { spec, theirs, force }: Naming): Promise<Wanted> {
  const given = spec.from === '' ? 'HEAD' : spec.from;
  const ref = placesOf(given).flatMap((place) => theirs.find(({ name }) => name === place) ?? [])[0];
  if (!ref) throw new GitError(`couldn't find remote ref ${given}`);
  const to = spec.to ? await ownPlace(repository, spec.to, ref) : undefined;
  return { ...ref, to, force: spec.force || force, merged: to === undefined, named: true };
}

const placesOf = (name: string): string[] => [
  name,
  `refs/${name}`,
  `refs/tags/${name}`,
  `refs/heads/${name}`,
  `refs/remotes/${name}`,
];

/** A ref that is here already, or one of the kind of theirs. */
async function ownPlace(repository: Repository, to: string, { name }: Ref): Promise<string> {
  if (to.startsWith('refs/')) return to;
  for (const place of placesOf(to).slice(1)) if ((await repository.tryRef(place)) !== undefined) return place;
  return (name.startsWith('refs/tags/') ? 'refs/tags/' : 'refs/heads/') + to;
}

/** What the configuration makes of a ref that was named for FETCH_HEAD. */
function followedRef(remote: Remote, { name, oid }: Ref): Wanted[] {
  const spec = remote.fetch.find((item) => mapRef(item, name) !== undefined);
  return spec ? [{ name, oid, to: mapRef(spec, name), force: spec.force, merged: false, named: false }] : [];
}

interface Following {
  request: FetchRequest;
  wanted: readonly Wanted[];
  theirs: readonly Ref[];
}

/** Tags: all of them, or those of commits that are here now. */
async function tagsToFetch(
  source: Repository,
  repository: Repository,
  { request: { tags = 'followed', remote, dryRun }, wanted, theirs }: Following,
): Promise<Wanted[]> {
  const follows = remote.isConfigured && wanted.some(({ to }) => to !== undefined);
  if (tags === 'none' || (tags === 'followed' && !follows)) return [];
  const found: Wanted[] = [];
  for (const { name, oid } of theirs) {
    if (!name.startsWith('refs/tags/') || wanted.some((item) => item.name === name)) continue;
    const known = await repository.tryRef(name);
    if (tags === 'followed' && (known !== undefined || !(await repository.hasObject(await source.peel(oid))))) continue;
    if (dryRun !== true) await copyObjects(source, repository, [oid]);
    found.push({ name, oid, to: name, force: false, merged: false, named: false });
  }
  return found;
}

/** Moves the ref that stands for one of theirs; a row when there is something to tell. */
async function receive(
  repository: Repository,
  { name, oid, to, force, named }: Wanted,
  { dryRun, verbose }: FetchRequest,
): Promise<RefRow | undefined> {
  const from = shortRef(name);
  if (to === undefined) {
    const kind = name.startsWith('refs/heads/') ? 'branch' : name.startsWith('refs/tags/') ? 'tag' : name;
    return named ? { mark: '*', summary: kind === 'HEAD' ? 'branch' : kind, from, to: 'FETCH_HEAD' } : undefined;
  }
  const before = await repository.tryRef(to);
  const row = { from, to: shortRef(to) };
  if (before === oid) return verbose ? { ...row, mark: '=', summary: '[up to date]' } : undefined;
  const isTag = to.startsWith('refs/tags/');
  if (before !== undefined && isTag && !force)
    return { ...row, mark: '!', summary: '[rejected]', note: 'would clobber existing tag' };
  const forced = before !== undefined && !isTag && !(await reachableFrom(repository, oid)).has(before);
  if (forced && !force) return { ...row, mark: '!', summary: '[rejected]', note: 'non-fast-forward' };
  const kind = name.startsWith('refs/heads/') ? 'branch' : name.startsWith('refs/tags/') ? 'tag' : 'ref';
  const reason =
    before === undefined
      ? `fetch: storing ${kind === 'ref' ? 'ref' : 'head'}`
      : `fetch: ${forced ? 'forced-update' : 'fast-forward'}`;
  if (dryRun !== true) await moveRef(repository, { name: to, before, after: oid, reason });
  if (before === undefined) return { ...row, mark: '*', summary: newKind(name) };
  if (isTag) return { ...row, mark: 't', summary: '[tag update]' };
  return {
    ...row,
    mark: forced ? '+' : ' ',
    summary: movedBy(before, oid, forced),
    note: forced ? 'forced update' : undefined,
  };
}

/** Takes away what stands for refs that the other repository has no longer. */
async function prune(
  repository: Repository,
  { remote, dryRun }: FetchRequest,
  theirs: readonly Ref[],
): Promise<RefRow[]> {
  const rows: RefRow[] = [];
  const names = new Set(theirs.map(({ name }) => name));
  for (const { name, oid } of await listRefs(repository, 'refs/remotes')) {
    if (name.endsWith('/HEAD')) continue;
    const sources = remote.fetch.flatMap((spec) => mapBack(spec, name) ?? []);
    if (sources.length === 0 || sources.some((source) => names.has(source))) continue;
    if (dryRun !== true) await moveRef(repository, { name, before: oid, after: undefined, reason: '' });
    rows.push({ mark: '-', summary: '[deleted]', from: '(none)', to: shortRef(name) });
  }
  return rows;
}

function describe(name: string, url: string): string {
  if (name === 'HEAD') return url;
  return `${name.startsWith('refs/tags/') ? 'tag' : 'branch'} '${shortRef(name)}' of ${url}`;
}

function noteFetched(
  repository: Repository,
  wanted: readonly Wanted[],
  { url, append }: { url: string; append: boolean },
): void {
  const told = wanted.filter(
    ({ name, named }, index) => named || !wanted.slice(0, index).some((other) => other.name === name),
  );
  const lines = told.map(
    ({ oid, name, merged }) => `${oid}\t${merged ? '' : 'not-for-merge'}\t${describe(name, url)}\n`,
  );
  repository.writeState('FETCH_HEAD', (append ? (repository.readState('FETCH_HEAD') ?? '') : '') + lines.join(''));
}
