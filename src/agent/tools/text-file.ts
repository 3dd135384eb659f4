import { LARGEST_READ } from '../../sandbox/sandbox.ts';
import { contentAt, contentSize } from '../../session/content.ts';
import type { Content } from '../../session/files.ts';
import { normalizePath } from '../policy/paths.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { failure, type ToolResult } from './tool.ts';

export type TextFile = { readonly path: string; readonly text: string };

/** The text file of the project that a model named, or why it cannot have it. */
export function openText(workspace: Workspace, named: string): TextFile | ToolResult {
  const path = normalizePath(named);
  const refusal = workspace.policy.refuseRead(path);
  if (refusal !== null) return failure(refusal);
  const content = contentAt(workspace.files, path);
  return content === undefined ? failure(describeMissing(workspace, path)) : asText(path, content);
}

/** The same, also of installed, ignored and large files. */
export async function openAnyText(workspace: Workspace, named: string): Promise<TextFile | ToolResult> {
  const path = normalizePath(named);
  const refusal = workspace.policy.refuseRead(path);
  if (refusal !== null) return failure(`${refusal}${insideHint(workspace, named)}`);
  const content = await workspace.read(path);
  if (content !== null) return asText(path, content);
  const entries = await workspace.list(path);
  if (entries === null) return failure(describeMissing(workspace, path));
  const names = entries.slice(0, 20).map(({ name, kind }) => (kind === 'folder' ? `${name}/` : name));
  const more = entries.length > names.length ? ` and ${entries.length - names.length} more` : '';
  return failure(`"${path}" is a folder. In it: ${names.join(', ') || 'nothing'}${more}.`);
}

/** Stack traces name files by where they are on the machine: the project's own path is the end of that. */
function insideHint({ files }: Workspace, named: string): string {
  if (!/^(?:file:\/\/)?[/\\]/.test(named)) return '';
  const own = Object.keys(files).filter((path) => named.endsWith(`/${path}`));
  const best = own.sort((a, b) => b.length - a.length)[0];
  return best === undefined ? '' : ` Did you mean "${best}"?`;
}

const IMAGE = /\.(?:png|jpe?g|gif|webp|avif|bmp|ico|tiff?)$/i;

function asText(path: string, content: Content): TextFile | ToolResult {
  if (contentSize(content) > LARGEST_READ)
    return failure(`"${path}" has more than 16 MiB: look at parts of it with a command (head, tail, grep, sed -n).`);
  if (typeof content === 'string' && !content.slice(0, 8000).includes('\0')) return { path, text: content };
  const size = contentSize(content);
  if (IMAGE.test(path)) return failure(`"${path}" is an image (${size} bytes): there is no text in it.`);
  return failure(`"${path}" is not a text file (${size} bytes).`);
}

/** What to say of a path at which there is nothing, with what may have been meant. */
export function describeMissing(workspace: Workspace, path: string): string {
  const similar = similarPaths(Object.keys(workspace.files), path);
  const hint = similar.length > 0 ? `Did you mean ${similar.join(' or ')}?` : 'Use list_files to see what there is.';
  return `There is no file "${path}". ${hint}`;
}

const MOST_SIMILAR = 5;

/** Paths like this one: of the same name, of the same stem with another ending, or with a name that contains it. */
export function similarPaths(paths: readonly string[], path: string): string[] {
  const nameOf = (each: string) => each.slice(each.lastIndexOf('/') + 1).toLowerCase();
  const stemOf = (each: string) => nameOf(each).replace(/(?<=.)\.[^.]*$/, '');
  const parts = new Set(path.toLowerCase().split('/'));
  const score = (other: string): number => {
    const kind =
      nameOf(other) === nameOf(path)
        ? 30
        : stemOf(other) === stemOf(path)
          ? 20
          : nameOf(other).includes(stemOf(path))
            ? 10
            : 0;
    if (kind === 0) return 0;
    return (
      kind +
      other
        .toLowerCase()
        .split('/')
        .filter((part) => parts.has(part)).length -
      other.length / 1000
    );
  };
  return paths
    .map((other) => ({ other, points: score(other) }))
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points)
    .slice(0, MOST_SIMILAR)
    .map(({ other }) => other);
}

/** "12: text", the way every tool writes a line of a file. */
export function numberLines(lines: readonly string[], first: number): string {
  const width = String(first + lines.length - 1).length;
  return lines.map((line, index) => `${String(first + index).padStart(width)}: ${line}`).join('\n');
}

/** The lines of a text without an empty one after its last line break. */
export function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
