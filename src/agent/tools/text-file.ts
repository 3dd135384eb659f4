import { contentAt } from '../../session/content.ts';
import { normalizePath } from '../policy/paths.ts';
import type { Workspace } from '../workspace.ts';
import { failure, type ToolResult } from './tool.ts';

export type TextFile = { readonly path: string; readonly text: string };

/** The text file that a model named, or why it cannot have it. */
export function openText(workspace: Workspace, named: string): TextFile | ToolResult {
  const path = normalizePath(named);
  const refusal = workspace.policy.refuseRead(path);
  if (refusal !== null) return failure(refusal);
  const content = contentAt(workspace.files, path);
  if (content === undefined) return failure(`There is no file "${path}".${similarPaths(workspace, path)}`);
  if (typeof content !== 'string') return failure(`"${path}" is not a text file.`);
  return { path, text: content };
}

function similarPaths(workspace: Workspace, path: string): string {
  const name = path.split('/').at(-1)?.toLowerCase() ?? path;
  const paths = Object.keys(workspace.files);
  const similar = paths.filter((other) => other.toLowerCase().includes(name)).slice(0, 5);
  return similar.length > 0 ? ` Did you mean ${similar.join(' or ')}?` : ' Use list_files to see what there is.';
}

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
