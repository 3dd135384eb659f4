import { z } from 'zod';
import { contentSize } from '../../session/content.ts';
import { normalizePath } from '../policy/paths.ts';
import { defineTool, failure, success } from './tool.ts';

const MOST = 500;

export const listFiles = defineTool({
  name: 'list_files',
  description: 'Lists the files of the project with their sizes in bytes.',
  schema: z.object({
    folder: z.string().optional().describe('Only files in this folder, for example "src". Default: the whole project.'),
  }),
  phase: 'read',
  run: ({ folder }, { workspace }) => {
    const prefix = normalizePath(folder ?? '').replace(/\/+$/, '');
    const refusal = prefix === '' || prefix === '.' ? null : workspace.policy.refuseRead(prefix);
    if (refusal !== null) return failure(refusal);
    const inFolder = (path: string) => prefix === '' || prefix === '.' || path.startsWith(`${prefix}/`);
    const found = Object.entries(workspace.files)
      .filter(([path]) => inFolder(path))
      .sort(([a], [b]) => (a < b ? -1 : 1));
    if (found.length === 0) return failure(`There are no files in "${prefix}".`);
    const lines = found.slice(0, MOST).map(([path, content]) => {
      const note = workspace.policy.refuseWrite(path) === null ? '' : ' (read only)';
      return `${path}  ${contentSize(content)}${note}`;
    });
    if (found.length > MOST) lines.push(`… and ${found.length - MOST} more: name a folder.`);
    return success(lines.join('\n'));
  },
});
