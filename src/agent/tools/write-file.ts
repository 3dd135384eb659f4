import { z } from 'zod';
import { editWorkspace } from './edit-workspace.ts';
import { defineTool } from './tool.ts';

export const writeFile = defineTool({
  name: 'write_file',
  description: 'Writes a whole text file: for a new file, or a complete rewrite. Prefer edit_file for changes.',
  schema: z.object({ path: z.string(), content: z.string().max(1_000_000) }),
  phase: (workspace) => workspace.changingPhase,
  run: (file, context) => editWorkspace([{ format: 'whole', files: [file] }], context),
});
