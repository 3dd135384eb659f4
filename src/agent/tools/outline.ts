import { z } from 'zod';
import { loadDeclarationReader } from '../code/declarations/declarations.ts';
import { isCode } from '../code/imports/imports.ts';
import { outlineOf } from '../code/outline.ts';
import { openAnyText } from './text-file.ts';
import { defineTool, failure, success } from './tool.ts';

export const outline = defineTool({
  name: 'outline',
  description:
    'Lists what a JavaScript or TypeScript file declares: functions, classes with their methods, exports, tests, each with its lines ' +
    '("12-30: function total(cart)"). The quickest way to know a long file.',
  schema: z.object({ path: z.string() }),
  file: { key: 'path', exists: true },
  phase: 'read',
  run: async ({ path: named }, { workspace }) => {
    const file = await openAnyText(workspace, named);
    if ('ok' in file) return file;
    const { path, text } = file;
    if (!isCode(path)) return failure(`"${path}" is no JavaScript or TypeScript: read_file shows it.`);
    const read = await loadDeclarationReader();
    const declared = read(text, path);
    return success(`${path}, ${declared.lines} lines\n${outlineOf(declared)}`);
  },
});
