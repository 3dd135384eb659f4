import { contentAt } from '../../session/content.ts';
import type { FileChange } from '../../session/files.ts';
import { applyEdits } from '../edit/apply-edit.ts';
import type { Edit } from '../edit/edit.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { failure, success, type ToolContext, type ToolResult } from './tool.ts';

/** Applies edits of any format to the working tree, all or nothing, as far as the policy allows; the result is what the model reads. */
export async function editWorkspace(
  edits: readonly Edit[],
  { workspace, call }: Pick<ToolContext, 'workspace' | 'call'>,
): Promise<ToolResult> {
  // Before the edit is tried: its refusal would show lines of the file.
  let isRefused = false;
  const refuse = (path: string) => {
    const refusal = workspace.policy.refuseWrite(path);
    isRefused ||= refusal !== null;
    return refusal;
  };
  const result = applyEdits(workspace.files, edits, refuse);
  if (!result.ok) return isRefused ? failure(result.error) : { ...failure(result.error), misses: true };
  const lines = result.changes.map((change) => describeChange(workspace, change));
  await workspace.change(call, result.changes);
  return success([...lines, ...result.notes].join('\n'));
}

function describeChange(workspace: Workspace, { path, content }: FileChange): string {
  if (content === null) return `${path} deleted.`;
  const verb = contentAt(workspace.files, path) === undefined ? 'created' : 'changed';
  const size = typeof content === 'string' ? ` (now ${content.split('\n').length} lines)` : '';
  return `${path} ${verb}${size}.`;
}
