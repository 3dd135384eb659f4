/** One line of `edit --batch`: an edit applied to files, as JSON in and out. */
import { z } from 'zod';
import { applyEdits } from '../agent/edit/apply-edit.ts';
import { editsFromData } from '../agent/edit/edit-from-data.ts';
import { Refusal } from '../agent/edit/refusal.ts';
import { parseJson } from '../model/parse-json.ts';
import type { FileChange } from '../session/files.ts';

const Id = z.union([z.string(), z.number()]).nullable();
const Line = z.object({ id: Id.optional(), format: z.string().default('auto'), edit: z.unknown() });

export type EditOutcome =
  | { readonly id: string | number | null; readonly files: Readonly<Record<string, string>> }
  | { readonly id: string | number | null; readonly error: string };

/** Never throws: a line that cannot be read has an error as its outcome. `number` stands for an id that is missing. */
export function editLine(text: string, number: number): EditOutcome {
  const data = parseJson(text);
  if (data === undefined) return { id: null, error: `Line ${number} is not JSON.` };
  const line = Line.safeParse(data);
  const id = idOf(data);
  if (!line.success)
    return { id, error: `Line ${number} is not {id, files, format, edit}:\n${z.prettifyError(line.error)}` };
  const files = filesOf(data);
  if (files === null) return { id, error: `Line ${number}: "files" must be an object from path to text.` };
  try {
    const result = applyEdits(
      Object.fromEntries(files),
      editsFromData(Object.fromEntries(files), line.data.format, line.data.edit),
    );
    return result.ok ? { id, files: changed(files, result.changes) } : { id, error: result.error };
  } catch (error) {
    if (error instanceof Refusal) return { id, error: `${error.message}\nNothing was changed.` };
    const message = error instanceof Error ? error.message : String(error);
    return { id, error: `The engine failed: ${message}\nNothing was changed.` };
  }
}

function idOf(data: unknown): string | number | null {
  const id = typeof data === 'object' && data !== null && 'id' in data ? Id.safeParse(data.id) : null;
  return id?.success ? id.data : null;
}

/** Read by hand: a schema would lose a file that is called "__proto__". */
function filesOf(data: unknown): Map<string, string> | null {
  const files = typeof data === 'object' && data !== null && 'files' in data ? data.files : null;
  if (typeof files !== 'object' || files === null || Array.isArray(files)) return null;
  const entries = Object.entries(files).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return entries.length === Object.keys(files).length ? new Map(entries) : null;
}

function changed(files: ReadonlyMap<string, string>, changes: readonly FileChange[]): Record<string, string> {
  const result = new Map(files);
  for (const { path, content } of changes) {
    if (typeof content === 'string') result.set(path, content);
    else result.delete(path);
  }
  return Object.fromEntries(result);
}
