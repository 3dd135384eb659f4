import { z } from 'zod';
import { elide } from '../elide.ts';
import { linesOf, numberLines, openText } from './text-file.ts';
import { defineTool, failure, success } from './tool.ts';

const MOST_LINES = 600;
const LINE_WIDTH = 2000;

export const readFile = defineTool({
  name: 'read_file',
  description: `Reads a text file, with line numbers ("12: text"); at most ${MOST_LINES} lines a call.`,
  schema: z.object({
    path: z.string(),
    from: z.int().min(1).default(1).describe('First line.'),
    to: z.int().min(1).optional().describe('Last line.'),
  }),
  phase: 'read',
  run: ({ path, from, to }, { workspace }) => {
    const file = openText(workspace, path);
    if ('ok' in file) return file;
    const lines = linesOf(file.text);
    if (lines.length === 0) return success(`${file.path} is empty.`);
    if (from > lines.length) return failure(`${file.path} has ${lines.length} lines only.`);
    const end = Math.min(to ?? lines.length, lines.length, from + MOST_LINES - 1);
    const shown = lines.slice(from - 1, end).map((line) => elide(line, LINE_WIDTH));
    const head = `${file.path}, lines ${from} to ${end} of ${lines.length}`;
    return success(`${head}\n${numberLines(shown, from)}`);
  },
});
