import { z } from 'zod';
import { replaceExactly } from '../edit/replace.ts';
import { openText } from './text-file.ts';
import { defineTool, failure, success } from './tool.ts';

export const editFile = defineTool({
  name: 'edit_file',
  description:
    'Replaces parts of a file. Each `find` must occur exactly once in the file, character for character (without line numbers); ' +
    'all replacements are applied to the file as it is, or none.',
  schema: z.object({
    path: z.string(),
    edits: z.array(z.object({ find: z.string(), replace: z.string() })).min(1),
  }),
  phase: (workspace) => workspace.changingPhase,
  run: async ({ path, edits }, { workspace, call }) => {
    const file = openText(workspace, path);
    if ('ok' in file) return file;
    const refusal = workspace.policy.refuseWrite(file.path);
    if (refusal !== null) return failure(refusal);
    const edited = replaceExactly(file.text, edits);
    if (!edited.ok) return failure(`${file.path}: ${edited.error}`);
    await workspace.change(call, [{ path: file.path, content: edited.text }]);
    return success(`${file.path}: ${edits.length === 1 ? 'one replacement' : `${edits.length} replacements`} made.`);
  },
});
