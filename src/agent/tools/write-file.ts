import { z } from 'zod';
import { contentAt } from '../../session/content.ts';
import { normalizePath } from '../policy/paths.ts';
import { defineTool, failure, success } from './tool.ts';

export const writeFile = defineTool({
  name: 'write_file',
  description: 'Writes a whole text file: for a new file, or a complete rewrite. Prefer edit_file for changes.',
  schema: z.object({ path: z.string(), content: z.string().max(1_000_000) }),
  phase: (workspace) => workspace.changingPhase,
  run: async ({ path: named, content }, { workspace, call }) => {
    const path = normalizePath(named);
    const refusal = workspace.policy.refuseWrite(path) ?? blockedBy(Object.keys(workspace.files), path);
    if (refusal !== null) return failure(refusal);
    const before = contentAt(workspace.files, path);
    if (before === content) return failure(`${path} has exactly this content already.`);
    await workspace.change(call, [{ path, content }]);
    return success(`${path} ${before === undefined ? 'created' : 'rewritten'} (${content.length} characters).`);
  },
});

/** A file cannot stand where a folder is, nor below another file. */
function blockedBy(paths: readonly string[], path: string): string | null {
  if (path.endsWith('/')) return `"${path}" names a folder.`;
  const other = paths.find((existing) => existing.startsWith(`${path}/`) || path.startsWith(`${existing}/`));
  return other === undefined ? null : `"${path}" cannot be written: "${other}" exists.`;
}
