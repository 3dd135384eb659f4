import picomatch from 'picomatch';
import { z } from 'zod';
import { contentSize } from '../../session/content.ts';
import { normalizePath } from '../policy/paths.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { readable } from './file-selection.ts';
import { defineTool, failure, success } from './tool.ts';

const MOST = 300;

export const listFiles = defineTool({
  name: 'list_files',
  description:
    'Lists the files of the project with their sizes in bytes; in a large project, folders with the number of files in them. ' +
    'What git ignores is left out, but a folder in node_modules can be listed by its name.',
  schema: z.object({
    folder: z
      .string()
      .optional()
      .describe('Only what is in this folder, for example "src". Default: the whole project.'),
    glob: z.string().optional().describe('Only files that match, for example "**/*.test.js".'),
  }),
  phase: 'read',
  run: async ({ folder, glob }, { workspace }) => {
    const isGlob = folder !== undefined && glob === undefined && /[*?{]/.test(folder);
    const base = isGlob ? '' : normalizePath(folder ?? '').replace(/\/+$/, '');
    const prefix = base === '' || base === '.' ? '' : `${base}/`;
    const refusal = prefix === '' ? null : workspace.policy.refuseRead(base);
    if (refusal !== null) return failure(refusal);
    const matches = matcher(isGlob ? folder : glob, prefix);
    const paths = Object.keys(readable(workspace, workspace.files))
      .filter((path) => path.startsWith(prefix) && matches(path))
      .sort();
    if (paths.length === 0) return listOther(workspace, base, isGlob ? folder : glob);
    const entries = arrange(paths, prefix);
    const lines = entries.slice(0, MOST).map((entry) => describe(workspace, entry));
    if (entries.length > MOST) lines.push(`… and ${entries.length - MOST} more: name a folder or a glob.`);
    return success([...lines, ...(await leftOut(workspace, base, glob))].join('\n'));
  },
});

function matcher(glob: string | undefined, prefix: string): (path: string) => boolean {
  if (glob === undefined || glob === '') return () => true;
  const matches = picomatch(normalizePath(glob), { dot: true, basename: !glob.includes('/') });
  return (path) => matches(path) || (prefix !== '' && matches(path.slice(prefix.length)));
}

/** A file, or a folder that stands for its files. */
interface Entry {
  readonly path: string;
  readonly files: number;
}

/** Every file where there is room; else the folders nearest to the root are opened first, the others stand for what is in them. */
function arrange(paths: readonly string[], prefix: string): Entry[] {
  if (paths.length <= MOST) return paths.map((path) => ({ path, files: 1 }));
  let shown = upTo(paths, prefix, 1);
  for (let depth = 2; ; depth += 1) {
    const next = upTo(paths, prefix, depth);
    if (next.length > MOST || next.length === paths.length) return next.length > MOST ? shown : next;
    shown = next;
  }
}

/** What is in a folder down to a depth: what is deeper is counted at its folder. */
function upTo(paths: readonly string[], folder: string, depth: number): Entry[] {
  const counts = new Map<string, number>();
  for (const path of paths) {
    if (!path.startsWith(folder)) continue;
    let end = folder.length;
    for (let level = 0; level < depth && end !== path.length; level += 1) {
      const slash = path.indexOf('/', end);
      end = slash === -1 ? path.length : slash + 1;
    }
    const name = path.slice(0, end);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([path, files]) => ({ path, files }));
}

function describe({ files, policy }: Workspace, entry: Entry): string {
  if (entry.path.endsWith('/')) return `${entry.path}  (${entry.files} ${entry.files === 1 ? 'file' : 'files'})`;
  const note = policy.refuseWrite(entry.path) === null ? '' : ' (read only)';
  return `${entry.path}  ${contentSize(files[entry.path] ?? '')}${note}`;
}

/** What stands in the folder but is none of the project's files. */
async function leftOut(workspace: Workspace, base: string, glob: string | undefined): Promise<string[]> {
  if (glob !== undefined) return [];
  const entries = (await workspace.list(base === '.' ? '' : base)) ?? [];
  const prefix = base === '' || base === '.' ? '' : `${base}/`;
  const known = upTo(Object.keys(workspace.files), prefix, 1).map(({ path }) =>
    path.slice(prefix.length).replace(/\/$/, ''),
  );
  const others = entries
    .filter(
      ({ name }) =>
        !known.includes(name) && workspace.policy.refuseRead(prefix + name) === null && name !== '.fixpoint',
    )
    .map(({ name, kind }) => (kind === 'folder' ? `${name}/` : name));
  if (others.length === 0) return [];
  const more = others.length > 20 ? ` and ${others.length - 20} more` : '';
  return [`Left out (installed, ignored, large or links): ${others.slice(0, 20).join(', ')}${more}`];
}

/** A folder that holds no file of the project: installed or ignored code, as it is there. */
async function listOther(workspace: Workspace, base: string, glob: string | undefined) {
  const entries = glob === undefined ? await workspace.list(base) : null;
  if (entries === null || entries.length === 0) {
    const what = glob === undefined ? '' : ` that match "${glob}"`;
    return failure(
      `There are no files${what} in "${base === '' ? '.' : base}". Call list_files without arguments to see what there is.`,
    );
  }
  const lines = [...entries]
    .filter(({ name }) => workspace.policy.refuseRead(`${base}/${name}`) === null)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, kind }) => `${base}/${name}${kind === 'folder' ? '/' : ''}`);
  const more = lines.length > MOST ? [`… and ${lines.length - MOST} more`] : [];
  return success([...lines.slice(0, MOST), ...more].join('\n'));
}
