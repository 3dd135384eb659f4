import { z } from 'zod';
import { editWorkspace } from './edit-workspace.ts';
import { contentWithoutNumbers, unescapedContent } from './mend-text.ts';
import { defineTool } from './tool.ts';

/** A fence around the whole, as in an answer to a person. */
const FENCED = /^\s*```[\w+-]*[ \t]*\r?\n([\s\S]*?\n)[ \t]*```\s*$/;

export const writeFile = defineTool({
  name: 'write_file',
  description: 'Writes a whole text file: for a new file, or a complete rewrite. Prefer edit_file for changes.',
  schema: z.object({ path: z.string(), content: z.string().max(1_000_000) }),
  file: { key: 'path', exists: false },
  phase: (workspace) => workspace.changingPhase,
  run: async ({ path, content: written }, context) => {
    const plain = contentWithoutNumbers(path, written);
    const content = plain ?? (await unescapedContent(path, written)) ?? written;
    if (content !== written) {
      const done = await editWorkspace([{ format: 'whole', files: [{ path, content }] }], context);
      const what =
        plain === null
          ? 'The line breaks were written as \\n: they were read as such'
          : 'The line numbers were left out';
      return { ...done, result: `${done.result}\n(${what}.)` };
    }
    const inner = /\.mdx?$|\.markdown$/i.test(path) ? undefined : FENCED.exec(content)?.[1];
    if (inner === undefined || /^\s*```/m.test(inner))
      return editWorkspace([{ format: 'whole', files: [{ path, content }] }], context);
    const done = await editWorkspace([{ format: 'whole', files: [{ path, content: inner, fenced: true }] }], context);
    return { ...done, result: `${done.result}\n(The Markdown fence around the content was left out.)` };
  },
});
