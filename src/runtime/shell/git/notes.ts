/** Notes on commits: files of a ref of their own, each called as the object that it is about. */
import type { FileMap, Repository } from './repository.ts';

export const DEFAULT_NOTES = 'refs/notes/commits';

/** The ref that the settings name, if they do. */
export async function notesSetting(repository: Repository): Promise<string | undefined> {
  return repository.context.env.get('GIT_NOTES_REF') ?? (await repository.config('core.notesref'));
}

/** `rev` is `refs/notes/rev`. */
export function notesRef(name: string): string {
  if (name.startsWith('refs/notes/')) return name;
  return name.startsWith('notes/') ? `refs/${name}` : `refs/notes/${name}`;
}

/** The tree of the notes; those of many objects lie in folders. */
export async function readNotes(repository: Repository, ref: string): Promise<FileMap> {
  const tip = await repository.tryRef(ref);
  return tip === undefined ? new Map() : await repository.readTree(tip);
}

export const pathOfNote = (notes: FileMap, oid: string): string | undefined =>
  [...notes.keys()].find((path) => path.replaceAll('/', '') === oid);

export async function noteOn(repository: Repository, notes: FileMap, oid: string): Promise<string | undefined> {
  const path = notes.has(oid) ? oid : pathOfNote(notes, oid);
  const state = path === undefined ? undefined : notes.get(path);
  return state && new TextDecoder().decode(await repository.readBlob(state.oid));
}

/** As log shows it below a message: `Notes:`, or `Notes (rev):`. */
export function noteSection(ref: string, note: string): string {
  const name = ref === DEFAULT_NOTES ? '' : ` (${ref.slice('refs/notes/'.length)})`;
  const lines = note.replace(/\n+$/, '').split('\n');
  return `\nNotes${name}:\n${lines.map((line) => `    ${line}\n`).join('')}`;
}
