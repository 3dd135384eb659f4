import { z } from 'zod';
import { contentAt } from '../../session/content.ts';
import { editWorkspace } from './edit-workspace.ts';
import { type Replacing, unescapedEdit, withoutNumbers } from './mend-text.ts';
import { defineTool, success } from './tool.ts';

export const editFile = defineTool({
  name: 'edit_file',
  description:
    'Replaces parts of a file. Each `find` must occur exactly once in the file, character for character (without line numbers); ' +
    'all replacements are applied to the file as it is, or none. ' +
    'Example: {"path": "src/cart.js", "edits": [{"find": "total - discount", "replace": "total * (1 - discount)"}]}',
  schema: z.object({
    path: z.string(),
    edits: z.array(z.object({ find: z.string(), replace: z.string() })).min(1),
  }),
  file: { key: 'path', exists: true },
  phase: (workspace) => workspace.changingPhase,
  run: async ({ path, edits }, context) => {
    const before = contentAt(context.workspace.files, path);
    const mended = typeof before === 'string' ? await mend(path, before, edits) : edits;
    const replacements = mended.map((edit) => ({ path, ...edit }));
    const result = await editWorkspace([{ format: 'replace', replacements }], context);
    if (!result.ok) return result;
    return success(`${path}: ${edits.length === 1 ? 'one replacement' : `${edits.length} replacements`} made.`);
  },
});

const mend = (path: string, text: string, edits: readonly Replacing[]): Promise<readonly Replacing[]> =>
  Promise.all(edits.map(async (edit) => withoutNumbers(text, edit) ?? (await unescapedEdit(path, text, edit)) ?? edit));
