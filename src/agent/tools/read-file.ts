import { z } from 'zod';
import { shortenLine } from './shorten-line.ts';
import { linesOf, numberLines, openAnyText, type TextFile } from './text-file.ts';
import { defineTool, failure, success, type ToolResult } from './tool.ts';

const MOST_LINES = 600;
const MOST_CHARACTERS = 60_000;
const LINE_WIDTH = 1000;
const AROUND = 40;

interface Range {
  readonly from: number;
  readonly to: number;
}

export const readFile = defineTool({
  name: 'read_file',
  description:
    `Reads a text file with line numbers ("12: text"), at most ${MOST_LINES} lines a call; of a long file name the lines that a search or ` +
    'outline gave. Files in node_modules can be read, too.',
  schema: z.object({
    path: z.string(),
    from: z.int().min(1).optional().describe('First line.'),
    to: z.int().min(1).optional().describe('Last line.'),
    around: z.int().min(1).optional().describe(`Instead: this line with the ${AROUND} before and after it.`),
    ranges: z
      .array(z.union([z.string(), z.object({ from: z.int().min(1), to: z.int().min(1) })]))
      .optional()
      .describe('Instead: several ranges, for example ["1-20", "95-120"].'),
  }),
  file: { key: 'path', exists: true },
  phase: 'read',
  run: async ({ path, from, to, around, ranges }, { workspace }) => {
    const file = await openAnyText(workspace, path);
    if ('ok' in file) return file;
    if (ranges !== undefined && ranges.length > 0) {
      const parsed = ranges.map((range) => (typeof range === 'string' ? parseRange(range) : range));
      const bad = ranges[parsed.indexOf(null)];
      if (bad !== undefined) return failure(`"${String(bad)}" is no range: write it as "10-20".`);
      return readRanges(
        file,
        parsed.filter((range) => range !== null),
      );
    }
    if (around !== undefined) return readRanges(file, [{ from: Math.max(1, around - AROUND), to: around + AROUND }]);
    return readRanges(file, [{ from: from ?? 1, to: to ?? Number.POSITIVE_INFINITY }]);
  },
});

function parseRange(text: string): Range | null {
  const match = /^\s*(\d+)\s*(?:(?:-|–|\.\.|:|,|to)\s*(\d+))?\s*$/.exec(text);
  const from = Number(match?.[1]);
  return match && from > 0 ? { from, to: Number(match[2] ?? from) } : null;
}

function readRanges({ path, text }: TextFile, ranges: readonly Range[]): ToolResult {
  const lines = linesOf(text);
  if (lines.length === 0) return success(`${path} is empty.`);
  let room = MOST_LINES;
  const parts: string[] = [];
  for (const { from, to } of ranges) {
    if (from > lines.length) return failure(`${path} has ${lines.length} lines only.`);
    if (to < from) return failure(`Lines ${from} to ${to}: the last line is before the first.`);
    if (room === 0) break;
    const shown = clip(lines.slice(from - 1, Math.min(to, from + room - 1)));
    room -= shown.length;
    parts.push(`${path}, lines ${from} to ${from + shown.length - 1} of ${lines.length}\n${numberLines(shown, from)}`);
  }
  return success(parts.join('\n'));
}

function clip(lines: readonly string[]): string[] {
  const shown: string[] = [];
  let characters = 0;
  for (const line of lines) {
    const short = shortenLine(line, LINE_WIDTH);
    characters += short.length + 8;
    if (characters > MOST_CHARACTERS && shown.length > 0) break;
    shown.push(short);
  }
  return shown;
}
