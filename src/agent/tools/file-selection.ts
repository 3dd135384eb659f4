/** Which files a search looks into: the project's, by globs and folders, or those of an installed package. */
import picomatch from 'picomatch';
import { applyChanges } from '../../session/apply-changes.ts';
import type { Files } from '../../session/files.ts';
import { normalizePath } from '../policy/paths.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { failure, type ToolResult } from './tool.ts';

export type SelectedFiles = { readonly files: Files; readonly notes: readonly string[] };

const INSTALLED_FILES = 3000;
const INSTALLED_CHARACTERS = 30 * 1024 * 1024;
const NOT_TEXT = /\.(?:png|jpe?g|gif|webp|ico|woff2?|ttf|eot|wasm|node|zip|gz|tgz|pdf|mp[34])$/i;

/** `patterns`: globs, folders and files; none: the whole project. */
export async function selectFiles(
  workspace: Workspace,
  patterns: readonly string[],
): Promise<SelectedFiles | ToolResult> {
  const cleaned = patterns
    .map((each) => normalizePath(each).replace(/\/+$/, ''))
    .filter((each) => each !== '' && each !== '.');
  if (cleaned.length === 0) return { files: readable(workspace, workspace.files), notes: [] };
  const installed = cleaned.filter((each) => each.split('/').includes('node_modules'));
  const own = cleaned.filter((each) => !installed.includes(each));
  for (const each of cleaned) {
    const refusal = /[*?{[]/.test(each) ? null : workspace.policy.refuseRead(each);
    if (refusal !== null) return failure(refusal);
  }
  const isOwn = own.map(matcher);
  const found: [string, Files[string]][] = Object.entries(readable(workspace, workspace.files)).filter(([path]) =>
    isOwn.some((is) => is(path)),
  );
  const notes: string[] = [];
  for (const each of installed) {
    if (/^(?:.*\/)?node_modules(?:\/\*+)*$/.test(each))
      return failure(`"${each}" is too much: name one package, for example "node_modules/express".`);
    const { files, complete } = await readInstalled(workspace, each);
    found.push(...files);
    if (!complete) notes.push(`(Only ${files.length} files of ${each} were looked into: name a folder in it.)`);
  }
  if (found.length === 0)
    return failure(
      `No file matches ${cleaned.map((each) => `"${each}"`).join(' or ')}. Use list_files to see what there is.`,
    );
  return { files: Object.fromEntries(found), notes };
}

const readableOf = new WeakMap<Files, Files>();

/** Without what the policy keeps from the agent. */
export function readable({ policy }: Workspace, files: Files): Files {
  const known = readableOf.get(files);
  if (known) return known;
  const secret = Object.keys(files).filter((path) => policy.refuseRead(path) !== null);
  const result =
    secret.length === 0
      ? files
      : applyChanges(
          files,
          secret.map((path) => ({ path, content: null })),
        );
  readableOf.set(files, result);
  return result;
}

/** A glob without a slash is for names in any folder; what is no glob is a file or a folder. */
function matcher(pattern: string): (path: string) => boolean {
  if (!/[*?{[\]}!]/.test(pattern)) {
    return (path) => path === pattern || path.startsWith(`${pattern}/`);
  }
  const matches = picomatch(pattern, { dot: true, basename: !pattern.includes('/') });
  const below = picomatch(`${pattern}/**`, { dot: true });
  return (path) => matches(path) || below(path);
}

async function readInstalled(
  workspace: Workspace,
  pattern: string,
): Promise<{ files: [string, string][]; complete: boolean }> {
  const wildcard = pattern.search(/[*?{[]/);
  const base = wildcard === -1 ? pattern : pattern.slice(0, pattern.lastIndexOf('/', wildcard));
  const matches = wildcard === -1 ? () => true : picomatch(pattern, { dot: true });
  const single = wildcard === -1 ? await workspace.read(base) : null;
  if (typeof single === 'string') return { files: [[base, single]], complete: true };
  const files: [string, string][] = [];
  const folders = [base];
  let characters = 0;
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    for (const { name, kind } of (await workspace.list(folder)) ?? []) {
      const path = `${folder}/${name}`;
      // The packages that a package brings are other packages.
      if (kind === 'folder' && name !== 'node_modules') folders.push(path);
      if (kind !== 'file' || NOT_TEXT.test(name) || !matches(path) || workspace.policy.refuseRead(path) !== null)
        continue;
      if (files.length >= INSTALLED_FILES || characters > INSTALLED_CHARACTERS) return { files, complete: false };
      const content = await workspace.read(path);
      if (typeof content !== 'string') continue;
      characters += content.length;
      files.push([path, content]);
    }
  }
  return { files, complete: true };
}
