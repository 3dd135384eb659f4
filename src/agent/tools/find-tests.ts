import { z } from 'zod';
import { contentAt } from '../../session/content.ts';
import { importGraph } from '../code/imports/import-graph.ts';
import { countTests, testFiles, testsTouching } from '../code/runner/test-files.ts';
import { findRunner } from '../code/runner/test-runner.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { openText } from './text-file.ts';
import { defineTool, success } from './tool.ts';

const MOST = 80;

export const findTests = defineTool({
  name: 'find_tests',
  description:
    'Tells which test files touch a file, directly or through others, the nearest first; without a path, all test files and the runner.',
  schema: z.object({ path: z.string().optional().describe('A file of the project.') }),
  file: { key: 'path', exists: true },
  phase: 'read',
  run: async ({ path: named }, { workspace }) => {
    const runner = findRunner(workspace.files, workspace.testCommand);
    const tests = testFiles(workspace.files, runner);
    const started = runner === null ? 'The runner could not be told' : `The runner is ${runner.name}`;
    const head = `${started} (test command: ${workspace.testCommand}).`;
    if (named === undefined) return success([head, ...list(workspace, 'Test files', tests)].join('\n'));
    const file = openText(workspace, named);
    if ('ok' in file) return file;
    const touching = testsTouching(await importGraph(workspace.files), tests, file.path);
    const note = new Map(
      touching.map(({ path, through, distance }) => [path, distance > 1 ? ` (through ${through})` : '']),
    );
    if (touching.length === 0)
      return success(
        [head, `No test file is seen to import ${file.path}.`, ...list(workspace, 'Test files', tests)].join('\n'),
      );
    const lines = list(workspace, `Tests that touch ${file.path}`, [...note.keys()], note);
    return success([head, ...lines, `All test files: ${tests.length}.`].join('\n'));
  },
});

function list(
  { files }: Workspace,
  title: string,
  paths: readonly string[],
  notes?: ReadonlyMap<string, string>,
): string[] {
  const lines = paths.slice(0, MOST).map((path) => {
    const content = contentAt(files, path);
    const count = typeof content === 'string' ? countTests(content) : 0;
    return `  ${path}${notes?.get(path) ?? ''}${count > 0 ? `, ${count} ${count === 1 ? 'test' : 'tests'}` : ''}`;
  });
  const more = paths.length > MOST ? [`  … and ${paths.length - MOST} more`] : [];
  return [`${title} (${paths.length}):`, ...lines, ...more];
}
