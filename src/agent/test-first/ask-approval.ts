import type { FileChange } from '../../session/files.ts';
import type { ToolContext } from '../tools/tool.ts';

const NOBODY = 'Nobody is there to ask: new tests that fail on the old code are approved by default.';

/** Shows new tests to the person. Resolves with the reason when they say no, with null when they approve or nobody is there. */
export async function askApproval(
  { run, call, person, signal, emit }: ToolContext,
  { changes, reasons }: { readonly changes: readonly FileChange[]; readonly reasons: readonly string[] },
): Promise<string | null> {
  const what = `add the tests ${changes.map(({ path }) => path).join(', ')}`;
  const matter = { run, call, action: 'tests', what } as const;
  if (!person) {
    emit({ type: 'permission-decided', ...matter, decision: 'allowed', by: 'default', reason: NOBODY });
    return null;
  }
  emit({ type: 'permission-asked', ...matter, reasons });
  const asked = changes.map(({ path, content }) => ({ path, before: null, after: content }));
  const ask = {
    call,
    action: 'tests',
    what,
    reasons,
    commands: [],
    changes: asked,
    findings: [],
    patterns: [],
  } as const;
  const answer = await person.approve(ask, signal);
  signal.throwIfAborted();
  const refused = answer.decision === 'no' ? answer.reason.trim() || 'No reason was given.' : null;
  const reason = refused ?? 'The person approved the tests.';
  emit({
    type: 'permission-decided',
    ...matter,
    decision: refused === null ? 'allowed' : 'denied',
    by: 'person',
    reason,
  });
  return refused;
}
