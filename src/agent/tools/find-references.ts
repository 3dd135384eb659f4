import { z } from 'zod';
import { findReferences, parseSymbol, type Reference, similarNames } from '../code/find-symbol.ts';
import { importGraph, reaching } from '../code/imports/import-graph.ts';
import { normalizePath } from '../policy/paths.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { selectFiles } from './file-selection.ts';
import { shortenLine } from './shorten-line.ts';
import { describeMissing } from './text-file.ts';
import { defineTool, failure, success } from './tool.ts';

const MOST = 120;
const LINE_WIDTH = 200;

export const findReferencesTool = defineTool({
  name: 'find_references',
  description:
    'Finds every line of code that uses a name; strings and comments are left out. Use it before you change what a function takes or gives.',
  schema: z.object({
    name: z.string().min(1).describe('The name: "total".'),
    definedIn: z
      .string()
      .optional()
      .describe('Only in this file and the files that import it, directly or through others.'),
    files: z
      .array(z.string())
      .optional()
      .describe('Only in these: globs, folders or files. Default: the whole project.'),
  }),
  file: { key: 'definedIn', exists: true },
  phase: 'read',
  run: async ({ name, definedIn, files }, { workspace, signal }) => {
    const selected = await selectFiles(workspace, files ?? []);
    if ('ok' in selected) return selected;
    const home = definedIn === undefined ? null : normalizePath(definedIn);
    if (home !== null && !Object.hasOwn(workspace.files, home)) return failure(describeMissing(workspace, home));
    const symbol = parseSymbol(name).name;
    const { items, partial } = await findReferences(await near(workspace, selected.files, home), symbol, signal);
    const late = partial ? ['(Not every file was looked into: name some in `files`.)'] : [];
    if (items.length === 0) {
      const similar = similarNames(selected.files, symbol);
      const hint = similar.length > 0 ? ` Names like it: ${similar.join(', ')}.` : '';
      return success([`No code uses "${symbol}".${hint}`, ...late].join('\n'));
    }
    return success([report(items), ...late, ...selected.notes].join('\n'));
  },
});

async function near(workspace: Workspace, files: Workspace['files'], home: string | null): Promise<Workspace['files']> {
  if (home === null) return files;
  const reached = new Set([home, ...reaching(await importGraph(workspace.files), [home]).map(({ path }) => path)]);
  return Object.fromEntries(Object.entries(files).filter(([path]) => reached.has(path)));
}

function report(items: readonly Reference[]): string {
  const byFile = Map.groupBy(items.slice(0, MOST), ({ path }) => path);
  const files = new Set(items.map(({ path }) => path)).size;
  const blocks = [...byFile].map(([path, lines]) => {
    const shown = lines.map(({ line, text, isDefinition }) => {
      return `${line}: ${shortenLine(text.trim(), LINE_WIDTH)}${isDefinition ? '  <- definition' : ''}`;
    });
    return [path, ...shown].join('\n');
  });
  const head = `${items.length} ${items.length === 1 ? 'line' : 'lines'} in ${files} ${files === 1 ? 'file' : 'files'}.`;
  const more = items.length > MOST ? [`… and ${items.length - MOST} more: name files, or definedIn.`] : [];
  return [head, ...blocks, ...more].join('\n');
}
