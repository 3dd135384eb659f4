import { z } from 'zod';
import { createBreath } from '../code/breathe.ts';
import { compileLinePattern } from '../code/line-pattern.ts';
import { shortenLine } from './shorten-line.ts';
import { linesOf, numberLines } from './text-file.ts';
import { defineTool, failure, success } from './tool.ts';

const MOST_LINES = 400;
const MOST_FOUND = 100;
const LINE_WIDTH = 2000;

export const readOutput = defineTool({
  name: 'read_output',
  description:
    'Reads on in a long output of a command or of the tests, of which only the head and the tail were shown: by lines, or what matches.',
  schema: z.object({
    id: z.int().min(1).describe('The number that the shortened output gave.'),
    from: z.int().min(1).default(1).describe('First line.'),
    to: z.int().min(1).optional().describe(`Last line; at most ${MOST_LINES} lines a call.`),
    query: z.string().optional().describe('Instead: only the lines that match this regular expression.'),
  }),
  phase: 'read',
  run: async ({ id, from, to, query }, { workspace, signal }) => {
    const text = workspace.outputs.get(id);
    if (text === undefined) {
      const { ids } = workspace.outputs;
      return failure(
        `There is no output ${id}. ${ids.length > 0 ? `There are: ${ids.join(', ')}.` : 'No output was shortened so far.'}`,
      );
    }
    const lines = linesOf(text);
    if (query !== undefined && query !== '') return find(lines, query, signal);
    if (from > lines.length) return failure(`Output ${id} has ${lines.length} lines only.`);
    const end = Math.min(to ?? lines.length, lines.length, from + MOST_LINES - 1);
    const shown = lines.slice(from - 1, end).map((line) => shortenLine(line, LINE_WIDTH));
    return success(`Output ${id}, lines ${from} to ${end} of ${lines.length}\n${numberLines(shown, from)}`);
  },
});

async function find(lines: readonly string[], query: string, signal: AbortSignal) {
  const pattern = await compileLinePattern(query, false);
  if (!pattern.ok) return failure(`"${query}" cannot be searched for: ${pattern.problem}.`);
  const breath = createBreath(10, signal);
  const found: string[] = [];
  let count = 0;
  for (const [index, line] of lines.entries()) {
    if (!(await breath.pause())) break;
    const column = pattern.find(line.slice(0, pattern.longest));
    if (column === -1) continue;
    count += 1;
    if (count <= MOST_FOUND) found.push(`${index + 1}: ${shortenLine(line, LINE_WIDTH, column)}`);
  }
  if (count > MOST_FOUND) found.push(`… and ${count - MOST_FOUND} more`);
  return success(count === 0 ? 'No line matches.' : found.join('\n'));
}
