import { z } from 'zod';
import { importGraph, type ResolvedImport, reaching } from '../code/imports/import-graph.ts';
import { isCode } from '../code/imports/imports.ts';
import { openText } from './text-file.ts';
import { defineTool, success } from './tool.ts';

const MOST = 60;

export const dependencies = defineTool({
  name: 'dependencies',
  description:
    'Tells what a file imports, and which files import it: "path:line". Use it to see what a change may break.',
  schema: z.object({ path: z.string() }),
  file: { key: 'path', exists: true },
  phase: 'read',
  run: async ({ path: named }, { workspace }) => {
    const file = openText(workspace, named);
    if ('ok' in file) return file;
    const { path } = file;
    const graph = await importGraph(workspace.files);
    const imports = graph.importsOf(path).filter(({ kind }) => kind === 'import' || kind === 'path');
    const importers = graph.importersOf(path).filter(({ kind }) => kind !== 'mention');
    const mentions = graph
      .importersOf(path)
      .filter((each) => each.kind === 'mention' && !importers.some((other) => other.path === each.path));
    const further = reaching(graph, [path]).filter(({ distance }) => distance > 1);
    const lines = [
      isCode(path) ? section(`${path} imports`, imports.map(tellImport)) : `${path} is no code: it imports nothing.`,
      section(
        'Imported by',
        importers.map((each) => `${each.path}:${each.line}${each.kind === 'mock' ? ' (mocked)' : ''}`),
      ),
      ...(mentions.length > 0
        ? [
            section(
              'Named in a string by',
              mentions.map((each) => `${each.path}:${each.line}`),
            ),
          ]
        : []),
      ...(further.length > 0
        ? [
            section(
              'Through these',
              further.map((each) => `${each.path} (through ${each.through})`),
            ),
          ]
        : []),
    ];
    return success(lines.join('\n'));
  },
});

function section(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return `${title}: nothing.`;
  const unique = [...new Set(lines)];
  const more = unique.length > MOST ? [`  … and ${unique.length - MOST} more`] : [];
  return [`${title} (${unique.length}):`, ...unique.slice(0, MOST).map((line) => `  ${line}`), ...more].join('\n');
}

function tellImport({ target, line, specifier }: ResolvedImport): string {
  switch (target.kind) {
    case 'file':
      return `${target.path} (line ${line}: "${specifier}")`;
    case 'package':
      return `${target.name} (line ${line}; installed: node_modules/${target.name})`;
    case 'builtin':
      return `${target.name} (line ${line}; Node's own)`;
    case 'missing':
      return `"${specifier}" (line ${line}): there is no such file`;
  }
}
