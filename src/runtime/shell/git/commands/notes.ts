/** git notes. */
import { readWholeText } from '../../utilities/inputs.ts';
import type { GitCall, GitCommand } from '../call.ts';
import { type GitOptions, lastOf, readOptions } from '../command-line.ts';
import { GitError, plainError } from '../git-error.ts';
import { editFile } from '../hooks.ts';
import { identity } from '../identity.ts';
import { DEFAULT_NOTES, noteOn, notesRef, notesSetting, pathOfNote, readNotes } from '../notes.ts';
import { moveRef } from '../refs.ts';
import type { FileMap, Repository } from '../repository.ts';
import { writeCommitObject } from '../write-commit.ts';
import { withoutComments } from './commit.ts';

interface NotesCall {
  call: GitCall;
  repository: Repository;
  options: GitOptions;
  ref: string;
  notes: FileMap;
}

export const notes: GitCommand = async (call) => {
  const at = call.args.findIndex((arg) => !arg.startsWith('-'));
  const action = at === -1 ? 'list' : (call.args[at] ?? 'list');
  const run = Object.hasOwn(actions, action) ? actions[action] : undefined;
  if (!run) throw new GitError(`unknown subcommand: \`${action}'\n${USAGE}`, 129, '', 'error');
  const options = readOptions(
    call.args.filter((_, index) => index !== at),
    { flags: 'f force allow-empty n v ignore-missing', values: 'm message F file ref', aliases: { f: 'force' } },
  );
  const repository = call.repository();
  const asked = lastOf(options, 'ref') ?? (await notesSetting(repository));
  const ref = asked === undefined ? DEFAULT_NOTES : notesRef(asked);
  return await run({ call, repository, options, ref, notes: await readNotes(repository, ref) });
};

const USAGE = `usage: git notes [--ref <notes-ref>] [list [<object>]]
   or: git notes [--ref <notes-ref>] add [-f] [--allow-empty] [-m <msg> | -F <file> | (-c | -C) <object>] [<object>]
   or: git notes [--ref <notes-ref>] copy [-f] <from-object> <to-object>
   or: git notes [--ref <notes-ref>] append [--allow-empty] [-m <msg> | -F <file> | (-c | -C) <object>] [<object>]
   or: git notes [--ref <notes-ref>] show [<object>]
   or: git notes [--ref <notes-ref>] remove [<object>...]
   or: git notes prune [-n] [-v]
   or: git notes get-ref
`;

async function objectNamed({ repository }: NotesCall, name = 'HEAD'): Promise<string> {
  const oid = await repository.tryResolve(name);
  if (oid === undefined) throw new GitError(`failed to resolve '${name}' as a valid ref.`);
  return oid;
}

/** Of `-m` and `-F`, paragraph by paragraph; undefined when none was given. */
async function givenText({ call, options }: NotesCall): Promise<string | undefined> {
  const parts = [...(options.values.get('m') ?? []), ...(options.values.get('message') ?? [])];
  for (const file of [...(options.values.get('F') ?? []), ...(options.values.get('file') ?? [])])
    parts.push(file === '-' ? await call.context.stdin.text() : await readWholeText(call.context, file));
  return parts.length === 0 ? undefined : withoutComments(parts.join('\n\n'));
}

async function editedText({ call, repository }: NotesCall, before: string): Promise<string> {
  repository.writeState('NOTES_EDITMSG', before);
  await editFile(call, 'NOTES_EDITMSG');
  return withoutComments(repository.readState('NOTES_EDITMSG') ?? '');
}

async function store(
  { repository, ref, notes: before }: NotesCall,
  { oid, text, action }: { oid: string; text: string | undefined; action: string },
): Promise<void> {
  const next: FileMap = new Map(before);
  next.delete(pathOfNote(before, oid) ?? oid);
  if (text !== undefined)
    next.set(oid, { mode: 0o100644, oid: await repository.writeBlob(new TextEncoder().encode(text)) });
  const old = await repository.tryRef(ref);
  const message = `Notes ${text === undefined ? 'removed' : 'added'} by 'git notes ${action}'`;
  const person = await identity(repository, 'COMMITTER');
  const commit = await writeCommitObject(repository, {
    tree: await repository.writeTree(next),
    parents: old === undefined ? [] : [old],
    author: await identity(repository, 'AUTHOR'),
    committer: person,
    message: `${message}\n`,
  });
  await moveRef(repository, { name: ref, before: old, after: commit, reason: `notes: ${message}` });
}

type Action = (notesCall: NotesCall) => Promise<number>;

const list: Action = async (notesCall) => {
  const { call, options, notes: all } = notesCall;
  const [name] = options.words;
  if (name === undefined) {
    for (const [path, { oid }] of [...all].sort(([a], [b]) => (a < b ? -1 : 1)))
      await call.print(`${oid} ${path.replaceAll('/', '')}\n`);
    return 0;
  }
  const oid = await objectNamed(notesCall, name);
  const state = all.get(pathOfNote(all, oid) ?? '');
  if (!state) throw plainError(`no note found for object ${oid}.`);
  await call.print(`${state.oid}\n`);
  return 0;
};

const show: Action = async (notesCall) => {
  const { call, repository, options, notes: all } = notesCall;
  const oid = await objectNamed(notesCall, options.words[0]);
  const text = await noteOn(repository, all, oid);
  if (text === undefined) throw plainError(`no note found for object ${oid}.`);
  await call.print(text);
  return 0;
};

const add: Action = async (notesCall) => {
  const { call, repository, options, notes: all } = notesCall;
  const oid = await objectNamed(notesCall, options.words[0]);
  const old = await noteOn(repository, all, oid);
  if (old !== undefined) {
    if (!options.flags.has('force'))
      throw plainError(
        `Cannot add notes. Found existing notes for object ${oid}. Use '-f' to overwrite existing notes`,
      );
    await call.warn(`Overwriting existing notes for object ${oid}\n`);
  }
  const text = (await givenText(notesCall)) ?? (await editedText(notesCall, old ?? ''));
  await store(notesCall, { oid, text: text === '' ? undefined : text, action: 'add' });
  return 0;
};

const append: Action = async (notesCall) => {
  const { repository, options, notes: all } = notesCall;
  const oid = await objectNamed(notesCall, options.words[0]);
  const old = await noteOn(repository, all, oid);
  const more = (await givenText(notesCall)) ?? (await editedText(notesCall, ''));
  await store(notesCall, { oid, text: old === undefined ? more : `${old}\n${more}`, action: 'append' });
  return 0;
};

const edit: Action = async (notesCall) => {
  const oid = await objectNamed(notesCall, notesCall.options.words[0]);
  const old = await noteOn(notesCall.repository, notesCall.notes, oid);
  const text = (await givenText(notesCall)) ?? (await editedText(notesCall, old ?? ''));
  await store(notesCall, { oid, text: text === '' ? undefined : text, action: 'edit' });
  return 0;
};

const copy: Action = async (notesCall) => {
  const { call, repository, options, notes: all } = notesCall;
  const [from, to] = [await objectNamed(notesCall, options.words[0]), await objectNamed(notesCall, options.words[1])];
  const text = await noteOn(repository, all, from);
  if (text === undefined) throw plainError(`missing notes on source object ${from}. Cannot copy.`);
  if ((await noteOn(repository, all, to)) !== undefined) {
    if (!options.flags.has('force'))
      throw plainError(
        `Cannot copy notes. Found existing notes for object ${to}. Use '-f' to overwrite existing notes`,
      );
    await call.warn(`Overwriting existing notes for object ${to}\n`);
  }
  await store(notesCall, { oid: to, text, action: 'copy' });
  return 0;
};

const remove: Action = async (notesCall) => {
  const { call, repository, options, ref } = notesCall;
  let status = 0;
  for (const name of options.words.length > 0 ? options.words : ['HEAD']) {
    const current = { ...notesCall, notes: await readNotes(repository, ref) };
    const oid = await objectNamed(current, name);
    if (pathOfNote(current.notes, oid) === undefined) {
      await call.warn(`Object ${name} has no note\n`);
      if (!options.flags.has('ignore-missing')) status = 1;
    } else {
      await call.warn(`Removing note for object ${name}\n`);
      await store(current, { oid, text: undefined, action: 'remove' });
    }
  }
  return status;
};

const prune: Action = async (notesCall) => {
  const { repository, notes: all } = notesCall;
  for (const path of all.keys()) {
    const oid = path.replaceAll('/', '');
    if (!(await repository.hasObject(oid)))
      await store(
        { ...notesCall, notes: await readNotes(repository, notesCall.ref) },
        { oid, text: undefined, action: 'prune' },
      );
  }
  return 0;
};

const getRef: Action = async ({ call, ref }) => {
  await call.print(`${ref}\n`);
  return 0;
};

const actions: Readonly<Record<string, Action>> = {
  add,
  append,
  copy,
  edit,
  'get-ref': getRef,
  list,
  prune,
  remove,
  show,
};
