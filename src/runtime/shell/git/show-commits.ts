/** How commits are shown: their text, their changes, and the graph beside them. */
import type { GitCall } from './call.ts';
import { colourDecoration, colourPatch, wantsColour } from './colour.ts';
import { combinedPatchOfMerge } from './combined-patch.ts';
import { type GitOptions, lastOf } from './command-line.ts';
import { diffFormats, loadFrom, showChanges } from './commands/diff.ts';
import { CommitGraph } from './graph.ts';
import type { LineChanges } from './line-log.ts';
import { formatCommit } from './log-format.ts';
import { DEFAULT_NOTES, noteOn, noteSection, notesRef, notesSetting, readNotes } from './notes.ts';
import { listRefs, shortRef } from './refs.ts';
import { remotesOf } from './remotes/remote.ts';
import type { CommitInfo, FileMap, Repository } from './repository.ts';

/** Names by commit: ` (HEAD -> main, tag: v1, origin/main, other)`. */
async function decorations(repository: Repository): Promise<Map<string, string>> {
  const names = new Map<string, string[]>();
  const addName = (oid: string | undefined, name: string) => {
    if (oid !== undefined) names.set(oid, [...(names.get(oid) ?? []), name]);
  };
  const current = repository.branch();
  const head = await repository.tryResolve('HEAD');
  addName(head, current === undefined ? 'HEAD' : `HEAD -> ${current}`);
  for (const { name, oid } of (await listRefs(repository)).reverse()) {
    if (name === `refs/heads/${current}`) continue;
    if (name.startsWith('refs/tags/')) addName(await repository.peel(oid), `tag: ${shortRef(name)}`);
    else addName(oid, shortRef(name));
  }
  return new Map([...names].map(([oid, list]) => [oid, ` (${list.join(', ')})`]));
}

interface Printing {
  options: GitOptions;
  fallback: 'patch' | undefined;
  wanted: (path: string) => boolean;
  /** What the graph draws as the parents of a commit. */
  parentsOf?: ((commit: CommitInfo) => readonly string[]) | undefined;
  /** Of `-L`: what is shown instead of all changes. */
  lineChanges?: LineChanges | undefined;
  /** Of `A...B`: what A has. */
  left?: ReadonlySet<string> | undefined;
}

export async function printCommits(
  call: GitCall,
  commits: readonly CommitInfo[],
  { options, fallback, wanted, parentsOf, lineChanges, left }: Printing,
): Promise<void> {
  const repository = call.repository();
  const { flags } = options;
  const given = lastOf(options, 'format') ?? lastOf(options, 'pretty') ?? (flags.has('oneline') ? 'oneline' : 'medium');
  const terminated = /^t?format:/.exec(given)?.[0] !== 'format:';
  const format = given.replace(/^t?format:/, '');
  // Of no format nothing is told but the changes.
  const custom = given.includes('%') || format === '';
  const oneLineFormat = given === 'oneline' || given === 'reference';
  const formatGiven = flags.has('format') || flags.has('pretty');
  const date = lastOf(options, 'date') ?? 'default';
  const decorate = flags.has('decorate') && lastOf(options, 'decorate') !== 'no' && !flags.has('no-decorate');
  const colour = await wantsColour(call, 'diff', options);
  const remotes = remotesOf(repository).map(({ name }) => name);
  const names = decorate || custom ? await decorations(repository) : new Map<string, string>();
  const formats = diffFormats(options, fallback);
  // Between the message and a table that a patch follows.
  const rule = formats.has('stat') && formats.has('patch') ? '---\n' : '\n';
  let text = '';
  const noted = await notesShown(repository, options);
  const drawing = flags.has('graph') ? new CommitGraph() : undefined;
  const merges = mergesShown(flags, fallback === 'patch');
  const entries =
    merges === 'separate' ? commits.flatMap(eachParent) : commits.map((commit) => ({ commit, parent: undefined }));
  for (const [index, { commit, parent }] of entries.entries()) {
    const refs = names.get(commit.oid) ?? '';
    drawing?.update({ oid: commit.oid, parents: parentsOf?.(commit) ?? commit.parents });
    const note = noted && (await noteOn(repository, noted.notes, commit.oid));
    // Only who names no format is shown notes unasked.
    const told = note !== undefined && noted && (noted.asked || !formatGiven) && !oneLineFormat && !custom;
    const line =
      formatCommit({
        commit,
        format,
        date,
        refs,
        decoration:
          (parent === undefined ? '' : ` (from ${parent})`) +
          (decorate ? (colour ? colourDecoration(refs, remotes) : refs) : ''),
        colour,
        remotes,
        notes: note ?? '',
        side: { mark: left?.has(commit.oid) ? '<' : '>', shown: flags.has('left-right') },
        shortHash: flags.has('abbrev-commit') && !flags.has('no-abbrev-commit'),
        fullHash: given === 'oneline' && !flags.has('oneline') && !flags.has('abbrev-commit'),
      }) + (told ? noteSection(noted.ref, note) : '');
    const oneLine = oneLineFormat;
    const compact = custom || oneLine;
    const changing = { options, formats, wanted, merges, parent, colour };
    const changes = lineChanges
      ? linesChanged(lineChanges.get(commit.oid), changing)
      : formats.size > 0
        ? await changesOf(repository, commit, changing)
        : '';
    const last = index === entries.length - 1;
    const gap = changes !== '' && !oneLine && format !== '';
    if (drawing) {
      if (index > 0 && !compact) text += `${drawing.paddingLine()}\n`;
      text += besideGraph(drawing, line, {
        changes,
        gap: gap ? rule : undefined,
        end: compact && (terminated || !last),
      });
    } else {
      let block = line;
      if (changes !== '') block += (oneLine ? (lineChanges ? '\n\n' : '\n') : compact ? `\n${rule}` : rule) + changes;
      if (compact && changes === '' && format !== '') block += terminated || !last ? '\n' : '';
      if (compact && format === '') block = changes;
      // Of a merge the space for its changes is there even where there are none.
      if (changes === '' && commit.parents.length > 1 && formats.size > 0 && /dense|combined/.test(merges))
        block += '\n';
      text += (index > 0 && !compact ? '\n' : '') + block;
    }
    if (text.length > 65536) {
      await call.print(text);
      text = '';
    }
  }
  await call.print(text);
}

/** The notes that go with messages; undefined for `--no-notes`, and where there are none. */
async function notesShown(
  repository: Repository,
  options: GitOptions,
): Promise<{ ref: string; notes: FileMap; asked: boolean } | undefined> {
  if (options.flags.has('no-notes')) return undefined;
  const given = lastOf(options, 'notes');
  const ref = given === undefined ? ((await notesSetting(repository)) ?? DEFAULT_NOTES) : notesRef(given);
  const notes = await readNotes(repository, ref);
  return notes.size === 0 ? undefined : { ref, notes, asked: options.flags.has('notes') };
}

interface Beside {
  changes: string;
  /** An empty line, or a rule, before the changes. */
  gap: string | undefined;
  /** The message ends its line. */
  end: boolean;
}

/** A commit's text with the graph in front of its lines. */
function besideGraph(graph: CommitGraph, message: string, { changes, gap, end }: Beside): string {
  const closed = message.endsWith('\n');
  const [first = '', ...more] = (closed ? message.slice(0, -1) : message).split('\n');
  let text = `${graph.commitLines().join('\n')}${first}`;
  for (const line of more) text += `\n${graph.nextLine()}${line}`;
  while (!graph.finished) text += `\n${graph.nextLine()}`;
  if (closed || end || changes !== '') text += '\n';
  if (gap !== undefined) text += graph.paddingLine() + gap;
  for (const line of changes.match(/[^\n]*\n|[^\n]+$/g) ?? []) text += graph.paddingLine() + line;
  return text;
}

/** How a merge's changes are told: not at all, as one difference to all parents, to each parent, to the first. */
type MergesShown = 'none' | 'dense' | 'combined' | 'separate' | 'first';

function mergesShown(flags: ReadonlySet<string>, show: boolean): MergesShown {
  if (flags.has('first-parent')) return 'first';
  if (flags.has('m')) return 'separate';
  if (flags.has('c')) return 'combined';
  return flags.has('cc') || show ? 'dense' : 'none';
}

/** A merge once for each of its parents. */
function eachParent(commit: CommitInfo): { commit: CommitInfo; parent: string | undefined }[] {
  if (commit.parents.length < 2) return [{ commit, parent: undefined }];
  return commit.parents.map((parent) => ({ commit, parent }));
}

interface Changing {
  /** The one that the changes are told against, where there are several. */
  parent: string | undefined;
  options: GitOptions;
  formats: ReturnType<typeof diffFormats>;
  wanted: (path: string) => boolean;
  merges: MergesShown;
  colour: boolean;
}

function linesChanged(patch: string | undefined, { options, colour }: Changing): string {
  if (patch === undefined || options.flags.has('s') || options.flags.has('no-patch')) return '';
  return colour ? colourPatch(patch) : patch;
}

async function changesOf(repository: Repository, commit: CommitInfo, changing: Changing): Promise<string> {
  const { options, formats, wanted, merges, parent: chosen, colour } = changing;
  const isMerge = commit.parents.length > 1;
  if (isMerge && merges === 'none') return '';
  const load = loadFrom(repository);
  const after = await repository.readTree(commit.tree);
  const [first, ...others] = await Promise.all(
    (chosen !== undefined ? [chosen] : commit.parents.length === 0 ? [undefined] : commit.parents).map(
      async (parent): Promise<FileMap> => (parent === undefined ? new Map() : await repository.readTree(parent)),
    ),
  );
  const against = async (before: FileMap, only: typeof formats) =>
    (
      await showChanges({
        sides: { before, after, loadBefore: load, loadAfter: load },
        options,
        formats: only,
        wanted,
        colour,
      })
    ).text;
  const before = first ?? new Map();
  if (!isMerge || merges === 'first' || merges === 'separate') return await against(before, formats);
  const listed = await against(before, new Set([...formats].filter((format) => format !== 'patch')));
  if (!formats.has('patch')) return listed;
  const context = Number(lastOf(options, 'U') ?? lastOf(options, 'unified') ?? 3);
  const look = { context, dense: merges === 'dense' };
  const plain = await combinedPatchOfMerge(repository, { parents: [before, ...others], tree: after, wanted }, look);
  const text = colour ? colourPatch(plain) : plain;
  return text === '' && listed === '' ? '' : listed + text;
}
