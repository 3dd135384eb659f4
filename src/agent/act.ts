/** The acting half of a step: each call of a reply is carried out, in order, and answered. */
import type { ToolCall } from '../model/model.ts';
import type { AgentRun } from './agent-run.ts';
import type { Conversation } from './conversation.ts';
import { failure, type ToolResult } from './tools/tool.ts';

/** Carries out the calls. Resolves with the result that ends the conversation, null when it goes on. */
export async function actOn(
  run: AgentRun,
  conversation: Conversation,
  { step, calls }: { step: number; calls: readonly ToolCall[] },
): Promise<ToolResult | null> {
  for (const call of calls) {
    await waitAtGate(run, call);
    const done = await applyTool(run, conversation, { step, call });
    conversation.messages.push({ role: 'tool', callId: call.id, content: done.result });
    conversation.progress.finished(call, done.ok);
    if (done.outcome || done.ends) return done;
  }
  return null;
}

async function applyTool(
  run: AgentRun,
  conversation: Conversation,
  { step, call }: { step: number; call: ToolCall },
): Promise<ToolResult> {
  const { id, emit, clock } = run;
  const { tools, workspace, acceptance } = conversation;
  const tool = tools.find(({ description }) => description.name === call.name);
  const phase = tool?.phase(workspace) ?? 'plan';
  const startedAt = Date.now();
  const report = ({ ok, result }: ToolResult) =>
    emit({ type: 'tool-finished', run: id, step, call: call.id, ok, result, milliseconds: Date.now() - startedAt });
  emit({ type: 'tool-called', run: id, step, call: call.id, tool: call.name, phase });
  try {
    const names = tools.map(({ description }) => description.name).join(', ');
    const context = { run: id, step, call: call.id, workspace, acceptance, signal: clock.signal, emit };
    const result = tool
      ? await tool.call(call.arguments, context)
      : failure(`There is no tool "${call.name}". The tools are: ${names}.`);
    report(result);
    return result;
  } catch (error) {
    report(failure(error instanceof Error ? error.message : String(error)));
    throw error;
  }
}

async function waitAtGate({ gate, spending, clock }: AgentRun, call: ToolCall): Promise<void> {
  clock.signal.throwIfAborted();
  if (gate) await spending.pause(() => clock.pause(() => gate(call)));
  clock.signal.throwIfAborted();
}
