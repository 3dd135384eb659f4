/** The lists of git branch. */
import { patternToRegExp } from '../../expansion/pattern.ts';
import type { GitCall } from '../call.ts';
import { BLUE, CYAN, GREEN, painted, RED, wantsColour } from '../colour.ts';
import { type GitOptions, lastOf } from '../command-line.ts';
import { subject } from '../log-format.ts';
import { reachableFrom } from '../reachable.ts';
import { formatRef } from '../ref-format.ts';
import { movesOf } from '../reflog.ts';
import { listRefs, shortRef, symbolicTarget } from '../refs.ts';
import type { Repository } from '../repository.ts';
import { distanceWords, standingOf } from '../tracking.ts';
import { holderOf } from '../worktrees.ts';

export const SELECTIONS = ['merged', 'no-merged', 'contains', 'no-contains', 'points-at'];

/** By `--merged`, `--contains` and their like. */
async function selection(repository: Repository, options: GitOptions): Promise<(oid: string) => Promise<boolean>> {
  const tests: ((oid: string) => Promise<boolean>)[] = [];
  for (const key of SELECTIONS) {
    if (!options.flags.has(key)) continue;
    const wanted = await repository.resolve(lastOf(options, key) || 'HEAD');
    const known = await reachableFrom(repository, wanted);
    if (key === 'points-at') tests.push(async (oid) => oid === wanted);
    else if (key === 'merged') tests.push(async (oid) => known.has(oid));
    else if (key === 'no-merged') tests.push(async (oid) => !known.has(oid));
    else tests.push(async (oid) => (await reachableFrom(repository, oid)).has(wanted) === (key === 'contains'));
  }
  return async (oid) => {
    for (const test of tests) if (!(await test(oid))) return false;
    return true;
  };
}

interface Row {
  mark: string;
  name: string;
  /** The whole name; undefined for a HEAD that stands on no branch. */
  ref: string | undefined;
  oid: string;
  /** What it only points to. */
  target: string | undefined;
}

export async function listBranches(call: GitCall, options: GitOptions): Promise<number> {
  const repository = call.repository();
  const { flags } = options;
  const rows = await chosenRows(repository, options);
  const format = lastOf(options, 'format');
  const colour = await wantsColour(call, 'branch', options);
  const paint = ({ mark, ref }: Row, text: string) => {
    const remote = ref?.startsWith('refs/remotes/') === true;
    return painted(mark === '* ' ? GREEN : mark === '+ ' ? CYAN : remote ? RED : '', text, colour);
  };
  const width = Math.max(0, ...rows.map(({ name }) => name.length));
  for (const row of rows) {
    const { name, oid, target } = row;
    const { mark } = row;
    if (format !== undefined)
      await call.print(`${await formatRef(repository, format, { name: row.ref ?? name, oid })}\n`);
    else if (target !== undefined)
      await call.print(`${mark}${flags.has('verbose') ? name.padEnd(width) : name} -> ${shortRef(target)}\n`);
    else if (flags.has('verbose') || flags.has('vv')) {
      const standing = row.ref?.startsWith('refs/heads/')
        ? await standingWords(repository, name, { named: flags.has('vv'), colour })
        : '';
      const text = subject(await repository.readCommit(oid));
      const place =
        mark === '+ ' && flags.has('vv') ? `(${painted(CYAN, holderOf(repository, name)?.path ?? '', colour)}) ` : '';
      await call.print(`${mark}${paint(row, name.padEnd(width))} ${oid.slice(0, 7)} ${place}${standing}${text}\n`);
    } else await call.print(`${mark}${paint(row, name)}\n`);
  }
  return 0;
}

/** `[origin/main: ahead 1] `, without the name where less is asked for. */
async function standingWords(
  repository: Repository,
  branch: string,
  { named, colour }: { named: boolean; colour: boolean },
): Promise<string> {
  const standing = await standingOf(repository, branch);
  if (!standing) return '';
  const words = distanceWords(standing);
  if (named) return `[${painted(BLUE, standing.shown, colour)}${words === '' ? '' : `: ${words}`}] `;
  return words === '' ? '' : `[${words}] `;
}

async function chosenRows(repository: Repository, options: GitOptions): Promise<Row[]> {
  const { flags } = options;
  const only = flags.has('r') || flags.has('remotes');
  const current = repository.branch();
  const head = await repository.tryResolve('HEAD');
  const rows: Row[] = [];
  if (current === undefined && head !== undefined && !only)
    rows.push({ mark: '* ', name: detachedName(repository, head), ref: undefined, oid: head, target: undefined });
  if (!only)
    for (const { name, oid } of await listRefs(repository, 'refs/heads')) {
      const shown = shortRef(name);
      const mark = shown === current ? '* ' : holderOf(repository, shown) ? '+ ' : '  ';
      rows.push({ mark, name: shown, ref: name, oid, target: undefined });
    }
  if (only || flags.has('all'))
    for (const { name, oid } of await listRefs(repository, 'refs/remotes')) {
      const shown = only ? shortRef(name) : name.slice('refs/'.length);
      rows.push({ mark: '  ', name: shown, ref: name, oid, target: symbolicTarget(repository, name) });
    }
  const patterns = options.words.map((word) => patternToRegExp(word));
  const chosen = await selection(repository, options);
  const fits = ({ name, ref }: Row) =>
    patterns.length === 0 || (ref !== undefined && patterns.some((pattern) => pattern.test(name)));
  const kept: Row[] = [];
  for (const row of rows) if (fits(row) && (await chosen(row.oid))) kept.push(row);
  return await sortRows(repository, kept, lastOf(options, 'sort'));
}

function detachedName(repository: Repository, head: string): string {
  const start = movesOf(repository, 'HEAD').find(({ reason }) => reason.startsWith('checkout: moving from'))?.after;
  return start === undefined || start === head
    ? `(HEAD detached at ${head.slice(0, 7)})`
    : `(HEAD detached from ${start.slice(0, 7)})`;
}

async function sortRows(repository: Repository, rows: Row[], order: string | undefined): Promise<Row[]> {
  if (order === undefined || !/date$/.test(order)) return order?.startsWith('-') ? rows.reverse() : rows;
  const times = new Map<Row, number>();
  for (const row of rows) times.set(row, (await repository.readCommit(row.oid)).committer.timestamp);
  const sign = order.startsWith('-') ? -1 : 1;
  return rows.sort((a, b) => sign * ((times.get(a) ?? 0) - (times.get(b) ?? 0)));
}
