/** The acting half of a step: each call of a reply is carried out, in order, and answered. */
import { ModelError, type ToolCall } from '../../model/model.ts';
import { SandboxLostError } from '../../sandbox/sandbox.ts';
import type { Phase } from '../../session/values.ts';
import type { AgentRun } from '../agent-run.ts';
import { LimitReachedError } from '../limits/limits.ts';
import { toolByArguments, toolByOtherName } from '../tools/other-names.ts';
import { failure, type Tool, type ToolResult } from '../tools/tool.ts';
import type { Conversation } from './conversation.ts';

/** Tests would tell of files that the model did not mean. */
const MISSED = 'the change before it in this reply was not made. Mend that first';

interface Calls {
  readonly step: number;
  readonly calls: readonly ToolCall[];
}

/**
 * Carries out the calls. Resolves with the result that ends the conversation, null when it goes on. Every call is answered, in the log
 * and in the conversation: those that the end, an interruption or an edit that fits nowhere leaves over, with the reason why they were
 * not made.
 */
export async function actOn(
  run: AgentRun,
  conversation: Conversation,
  { step, calls }: Calls,
): Promise<ToolResult | null> {
  let isMissed = false;
  for (const [index, call] of calls.entries()) {
    const rest = { step, calls: calls.slice(index + 1) };
    if (isMissed && phaseOf(conversation, call) === 'verify') {
      leaveOver(run, conversation, { step, calls: [call], reason: MISSED });
      continue;
    }
    try {
      await waitAtGate(run, call);
    } catch (error) {
      leaveOver(run, conversation, { step, calls: calls.slice(index), reason: 'the run was stopped' });
      throw error;
    }
    try {
      const done = await applyTool(run, conversation, { step, call });
      isMissed ||= done.misses === true;
      if (!done.outcome && !done.ends) continue;
      leaveOver(run, conversation, { ...rest, reason: `${call.name} ended it` });
      return done;
    } catch (error) {
      leaveOver(run, conversation, { ...rest, reason: 'the run was interrupted' });
      throw error;
    }
  }
  return null;
}

const phaseOf = (conversation: Conversation, call: ToolCall): Phase =>
  toolOf(conversation, call)?.phase(conversation.workspace) ?? 'plan';

async function applyTool(
  run: AgentRun,
  conversation: Conversation,
  { step, call }: { step: number; call: ToolCall },
): Promise<ToolResult> {
  const { id, emit } = run;
  const { messages, progress, workspace } = conversation;
  const phase = phaseOf(conversation, call);
  const startedAt = Date.now();
  const report = (done: ToolResult): ToolResult => {
    const { ok } = done;
    if (!ok) logRefusals(run, workspace, { call: call.id, result: done.result });
    const result = run.tell({ call: call.id, phase, result: done.result, files: workspace.files });
    emit({ type: 'tool-finished', run: id, step, call: call.id, ok, result, milliseconds: Date.now() - startedAt });
    messages.push({ role: 'tool', callId: call.id, content: result });
    progress.finished(call, done, workspace.tree);
    return done;
  };
  const name = toolOf(conversation, call)?.description.name ?? call.name;
  emit({ type: 'tool-called', run: id, step, call: call.id, tool: name, phase });
  workspace.takeRefusals();
  try {
    const done = await callTool(run, conversation, { step, call });
    const isOther = conversation.tools.every(({ description }) => description.name !== call.name);
    const note = isOther
      ? `(There is no tool "${call.name}": it was taken for ${name}.)`
      : `(These are arguments of ${name}: it was taken for that.)`;
    return report(name === call.name ? done : { ...done, result: `${done.result}\n${note}` });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (endsRun(run, error)) {
      report(failure(message));
      throw error;
    }
    // A defect of a tool, or files that the sandbox refuses: the model may do without.
    await workspace.recover();
    return report(failure(`${call.name} failed: ${message}\nThe files are as they were before this call.`));
  }
}

/** A path that the policy keeps out of reach was asked for: the log says so as of any other refusal. */
function logRefusals(
  { id, emit }: AgentRun,
  workspace: Conversation['workspace'],
  { call, result }: { call: string; result: string },
): void {
  // What was asked about as a whole has been told.
  if (result.startsWith('Not allowed:')) return;
  for (const [reason, { path, action }] of workspace.takeRefusals()) {
    if (!result.includes(reason)) continue;
    const what = `${action} ${path}`;
    emit({ type: 'permission-decided', run: id, call, action, what, decision: 'denied', by: 'rule', reason });
  }
}

function toolOf({ tools, workspace }: Conversation, call: ToolCall): Tool | undefined {
  const named = tools.find(({ description }) => description.name === call.name) ?? toolByOtherName(tools, call);
  return named && toolByArguments(tools, named, { text: call.arguments, files: workspace.files });
}

function callTool(
  { id, clock, emit, person }: AgentRun,
  conversation: Conversation,
  { step, call }: { step: number; call: ToolCall },
): Promise<ToolResult> | ToolResult {
  const { tools, workspace, acceptance } = conversation;
  const tool = toolOf(conversation, call);
  if (tool)
    return tool.call(call.arguments, {
      run: id,
      step,
      call: call.id,
      workspace,
      acceptance,
      ...(person ? { person } : {}),
      signal: clock.signal,
      emit,
    });
  const names = tools.map(({ description }) => description.name).join(', ');
  return failure(`There is no tool "${call.name}". The tools are: ${names}.`);
}

function endsRun({ clock }: AgentRun, error: unknown): boolean {
  return (
    clock.signal.aborted ||
    error instanceof LimitReachedError ||
    error instanceof ModelError ||
    error instanceof SandboxLostError
  );
}

function leaveOver(
  run: AgentRun,
  { messages }: Conversation,
  { step, calls, reason }: Calls & { reason: string },
): void {
  for (const call of calls) {
    const result = `Not carried out: ${reason}.`;
    run.emit({ type: 'tool-finished', run: run.id, step, call: call.id, ok: false, result, milliseconds: 0 });
    messages.push({ role: 'tool', callId: call.id, content: result });
  }
}

async function waitAtGate({ gate, spending, clock }: AgentRun, call: ToolCall): Promise<void> {
  clock.signal.throwIfAborted();
  if (gate) await spending.pause(() => clock.pause(() => gate(call)));
  clock.signal.throwIfAborted();
}
