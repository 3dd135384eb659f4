import { z } from 'zod';
import { contentAt } from '../../session/content.ts';
import { importGraph } from '../code/imports/import-graph.ts';
import { normalizePath } from '../policy/paths.ts';
import { blockedBy } from './blocked-by.ts';
import { describeMissing } from './text-file.ts';
import { defineTool, failure, success } from './tool.ts';

export const moveFile = defineTool({
  name: 'move_file',
  description: 'Moves or renames a file. Imports are not rewritten: the result names the files that import it.',
  schema: z.object({ from: z.string(), to: z.string().describe('The new path, with the file name.') }),
  file: { key: 'from', exists: false },
  phase: (workspace) => workspace.changingPhase,
  run: async ({ from: source, to: target }, { workspace, call }) => {
    const from = normalizePath(source);
    const to = normalizePath(target);
    const content = contentAt(workspace.files, from);
    const refusal = workspace.policy.refuseWrite(from) ?? workspace.policy.refuseWrite(to);
    if (refusal !== null) return failure(refusal);
    if (content === undefined) return failure(describeMissing(workspace, from));
    if (from === to) return failure(`${from} is there already.`);
    const others = Object.keys(workspace.files).filter((path) => path !== from);
    const blocked = others.includes(to)
      ? `${to} exists: delete it first, or choose another name.`
      : blockedBy(others, to);
    if (blocked !== null) return failure(blocked);
    const importers = (await importGraph(workspace.files)).importersOf(from);
    await workspace.change(call, [
      { path: from, content: null },
      { path: to, content },
    ]);
    const places = [...new Set(importers.map(({ path, line }) => `${path}:${line}`))];
    const note =
      places.length > 0
        ? ` It is imported at ${places.join(', ')}: change that, and what ${to} imports by relative paths.`
        : '';
    return success(`${from} moved to ${to}.${note}`);
  },
});
