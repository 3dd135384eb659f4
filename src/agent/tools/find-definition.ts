import { z } from 'zod';
import { type Definition, findDefinitions, parseSymbol, similarNames } from '../code/find-symbol.ts';
import { resolveFor } from '../code/imports/import-graph.ts';
import { describe } from '../code/outline.ts';
import { selectFiles } from './file-selection.ts';
import { defineTool, success } from './tool.ts';

const MOST = 40;

export const findDefinition = defineTool({
  name: 'find_definition',
  description:
    'Finds where a function, class, method, variable or type is declared: "path:lines: signature". Better than search when you know the name.',
  schema: z.object({
    name: z.string().min(1).describe('The name alone, or with its owner: "total", "Cart.total".'),
    files: z
      .array(z.string())
      .optional()
      .describe('Only in these: globs, folders or files. Default: the whole project.'),
  }),
  phase: 'read',
  run: async ({ name, files }, { workspace, signal }) => {
    const selected = await selectFiles(workspace, files ?? []);
    if ('ok' in selected) return selected;
    const symbol = parseSymbol(name);
    const { items, partial } = await findDefinitions(selected.files, symbol, signal);
    const late = partial ? ['(Not every file was looked into: name some in `files`.)'] : [];
    if (items.length === 0) return success([notFound(selected.files, name, symbol.name), ...late].join('\n'));
    const resolve = resolveFor(workspace.files);
    const lines = items.slice(0, MOST).map((item) => tell(item, resolve));
    const more = items.length > MOST ? [`… and ${items.length - MOST} more`] : [];
    return success([...lines, ...more, ...late, ...selected.notes].join('\n'));
  },
});

function tell(item: Definition, resolve: ReturnType<typeof resolveFor>): string {
  const { path, from, to, owner, kind, source } = item;
  const place = `${path}:${from}${to > from ? `-${to}` : ''}`;
  if (kind === 'import' && source !== undefined) {
    const target = resolve(source, path);
    const where =
      target.kind === 'file' ? target.path : target.kind === 'package' ? `node_modules/${target.name}` : source;
    return `${place}: ${item.signature} — imported from ${where}`;
  }
  return `${place}: ${describe(item)}${owner === null ? '' : ` — in ${owner}`}`;
}

function notFound(files: Parameters<typeof similarNames>[0], written: string, name: string): string {
  const similar = similarNames(files, name);
  const hint = similar.length > 0 ? `Names like it: ${similar.join(', ')}.` : 'Try search.';
  return `Nothing declares "${written}". ${hint}`;
}
