import { z } from 'zod';
import { editWorkspace } from './edit-workspace.ts';
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
  phase: (workspace) => workspace.changingPhase,
  run: async ({ path, edits }, context) => {
    const replacements = edits.map((edit) => ({ path, ...edit }));
    const result = await editWorkspace([{ format: 'replace', replacements }], context);
    if (!result.ok) return result;
    return success(`${path}: ${edits.length === 1 ? 'one replacement' : `${edits.length} replacements`} made.`);
  },
});
