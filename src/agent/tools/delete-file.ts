import { z } from 'zod';
import { contentAt } from '../../session/content.ts';
import { importGraph } from '../code/imports/import-graph.ts';
import { normalizePath } from '../policy/paths.ts';
import { describeMissing } from './text-file.ts';
import { defineTool, failure, success } from './tool.ts';

export const deleteFile = defineTool({
  name: 'delete_file',
  description: 'Deletes one file. The result names the files that still import it.',
  schema: z.object({ path: z.string() }),
  file: { key: 'path', exists: false },
  phase: (workspace) => workspace.changingPhase,
  run: async ({ path: named }, { workspace, call }) => {
    const path = normalizePath(named);
    const refusal = workspace.policy.refuseWrite(path);
    if (refusal !== null) return failure(refusal);
    const isFolder = Object.keys(workspace.files).some((other) => other.startsWith(`${path.replace(/\/$/, '')}/`));
    if (isFolder) return failure(`"${path}" is a folder: delete its files one by one.`);
    if (contentAt(workspace.files, path) === undefined) return failure(describeMissing(workspace, path));
    const places = (await importGraph(workspace.files)).importersOf(path).map((each) => `${each.path}:${each.line}`);
    await workspace.change(call, [{ path, content: null }]);
    const note = places.length > 0 ? ` It is still imported at ${[...new Set(places)].join(', ')}.` : '';
    return success(`${path} deleted.${note}`);
  },
});
