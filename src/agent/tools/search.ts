import picomatch from 'picomatch';
import { z } from 'zod';
import { elide } from '../elide.ts';
import { linesOf } from './text-file.ts';
import { defineTool, failure, success } from './tool.ts';

const MOST = 100;
const LINE_WIDTH = 240;

export const search = defineTool({
  name: 'search',
  description:
    'Finds lines that contain a text (or match a regular expression) and gives their paths and line numbers.',
  schema: z.object({
    query: z.string().min(1).max(500),
    regex: z.boolean().default(false).describe('`query` is a JavaScript regular expression.'),
    ignoreCase: z.boolean().default(false),
    files: z.string().optional().describe('Glob of the files to look in, for example "src/**/*.js".'),
  }),
  phase: 'read',
  run: ({ query, regex, ignoreCase, files }, { workspace }) => {
    const pattern = compile(regex ? query : query.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), ignoreCase);
    if (pattern === null) return failure(`"${query}" is not a valid regular expression.`);
    const wanted = files === undefined ? () => true : picomatch(files, { dot: true });
    const hits: string[] = [];
    let count = 0;
    for (const [path, content] of Object.entries(workspace.files)) {
      if (typeof content !== 'string' || !wanted(path)) continue;
      for (const [index, line] of linesOf(content).entries()) {
        if (!pattern.test(line)) continue;
        count += 1;
        if (hits.length < MOST) hits.push(`${path}:${index + 1}: ${elide(line.trim(), LINE_WIDTH)}`);
      }
    }
    if (count === 0) return success('Nothing found.');
    if (count > hits.length) hits.push(`… and ${count - hits.length} more: narrow the search.`);
    return success(hits.join('\n'));
  },
});

function compile(source: string, ignoreCase: boolean): RegExp | null {
  try {
    return new RegExp(source, ignoreCase ? 'i' : '');
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
