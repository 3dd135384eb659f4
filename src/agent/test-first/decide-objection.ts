import { applyChanges } from '../../session/apply-changes.ts';
import type { Content, FileChange } from '../../session/files.ts';
import type { AgentRun } from '../agent-run.ts';
import { describeObjection, OBJECTION_SYSTEM } from '../prompts/test-first.ts';
import { askReviewer } from '../review/ask-reviewer.ts';
import { describeDiff } from '../review/describe-diff.ts';
import type { ToolContext } from '../tools/tool.ts';

/** What is said against an approved test, and how it should read. */
export interface Objection {
  readonly test: string;
  readonly reason: string;
  readonly changes: readonly FileChange[];
  /** The file as it is. */
  readonly before: Content | null;
}

export interface Decision {
  readonly granted: boolean;
  readonly reason: string;
  readonly by: 'person' | 'reviewer';
}

/** Asks the person, or the reviewer where nobody sits there; null where there is neither. What was asked and decided is in the log. */
export async function decideObjection(
  run: AgentRun,
  objection: Objection,
  context: ToolContext,
): Promise<Decision | null> {
  const { test, reason } = objection;
  const { call, emit } = context;
  const what = `change the approved test "${test}"`;
  const matter = { run: run.id, call, action: 'tests', what } as const;
  const reasons = [`The agent says that the test is wrong: ${reason}`];
  if (!context.person && !run.hasReviewer) {
    const nobody = `Nobody is there to decide. ${reasons[0]}`;
    emit({ type: 'permission-decided', ...matter, decision: 'denied', by: 'default', reason: nobody });
    return null;
  }
  emit({ type: 'permission-asked', ...matter, reasons });
  const decision = context.person
    ? await askPerson({ ...objection, what, reasons }, context)
    : await askModel(run, objection, context);
  const { granted, by } = decision;
  emit({
    type: 'permission-decided',
    ...matter,
    decision: granted ? 'allowed' : 'denied',
    by,
    reason: decision.reason,
  });
  return decision;
}

async function askPerson(
  { what, reasons, changes, before }: Objection & { readonly what: string; readonly reasons: readonly string[] },
  { call, person, signal }: ToolContext,
): Promise<Decision> {
  const asked = changes.map(({ path, content }) => ({ path, before, after: content }));
  const answer = await person?.approve(
    { call, action: 'tests', what, reasons, commands: [], changes: asked, findings: [], patterns: [] },
    signal,
  );
  signal.throwIfAborted();
  return answer?.decision === 'no'
    ? { granted: false, by: 'person', reason: answer.reason.trim() || 'No reason was given.' }
    : { granted: true, by: 'person', reason: 'The person agrees.' };
}

async function askModel(
  run: AgentRun,
  { test, reason, changes }: Objection,
  { workspace }: ToolContext,
): Promise<Decision> {
  const { files } = workspace;
  const diff = describeDiff(files, applyChanges(files, changes));
  const question = describeObjection({ task: run.task, test, reason, diff });
  const { review } = await askReviewer(run, { workspace, system: OBJECTION_SYSTEM, question });
  return { granted: review.approved, by: 'reviewer', reason: review.comments };
}
