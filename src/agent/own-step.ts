import type { Phase } from '../session/values.ts';
import type { AgentRun } from './agent-run.ts';
import type { ToolContext, ToolResult } from './tools/tool.ts';

interface OwnStep {
  readonly role: string;
  readonly tool: string;
  readonly phase: Phase;
  /** The working copy that it is about; absent for the run's own. */
  readonly branch?: string;
}

/** What a strategy does by itself, told in the log as a step that no model made. */
export async function ownStep(
  run: AgentRun,
  { role, tool, phase, branch }: OwnStep,
  work: (context: ToolContext) => Promise<ToolResult>,
): Promise<ToolResult> {
  const { id, emit, spending, clock, workspace, acceptance } = run;
  const step = run.nextStep();
  const call = run.callId(`${role}-${step}`);
  const startedAt = Date.now();
  const report = ({ ok, result }: ToolResult) =>
    emit({ type: 'tool-finished', run: id, step, call, ok, result, milliseconds: Date.now() - startedAt });
  spending.step();
  emit({ type: 'step-started', run: id, step, role, ...(branch === undefined ? {} : { branch }) });
  emit({ type: 'tool-called', run: id, step, call, tool, phase });
  try {
    const result = await work({ run: id, step, call, workspace, acceptance, signal: clock.signal, emit });
    report(result);
    return result;
  } catch (error) {
    report({ ok: false, result: error instanceof Error ? error.message : String(error) });
    throw error;
  }
}
