/**
 * The loop: think, act, look at what came of it, until the tests pass, the model gives up, a limit is reached or a person stops it.
 *
 *     start -> (think -> act)* -> finish
 */
import { type Message, type Model, ModelError, type ModelReply, type ToolCall } from '../model/model.ts';
import { type Sandbox, SandboxLostError } from '../sandbox/sandbox.ts';
import type { Limits, NewEvent, Outcome, RunId, SessionState } from '../session/events.ts';
import type { SessionLog } from '../session/log.ts';
import type { TaskDescription } from '../task/task.ts';
import { explainEnd } from './explain.ts';
import { limitReached } from './limits.ts';
import { createProgress, DEFAULT_PATIENCE, type Progress } from './progress.ts';
import { NUDGE } from './prompts/loop.ts';
import { createRunClock, type RunClock } from './run-clock.ts';
import { createSpending, type Spending } from './spending.ts';
import { STRATEGIES, type Strategy, type StrategyName } from './strategy.ts';
import { failure, type ToolResult } from './tools/tool.ts';
import { Workspace } from './workspace.ts';

export interface RunAgentOptions {
  readonly task: TaskDescription;
  readonly log: Pick<SessionLog, 'append'>;
  /** The run starts from its head. */
  readonly state: SessionState;
  readonly sandbox: Sandbox;
  readonly model: Model;
  readonly strategy: StrategyName;
  readonly limits: Limits;
  readonly signal: AbortSignal;
  /** Attempts in a row, each built on the last, that may fail to make things better. Default 6. */
  readonly patience?: number;
  /** Awaited before each tool call; the clock of the run stands still meanwhile. */
  readonly gate?: (call: ToolCall) => Promise<void>;
  /** The model's text as it streams. */
  readonly onText?: (text: string) => void;
  /** Output of commands as it arrives. */
  readonly onOutput?: (text: string) => void;
}

interface Run extends Omit<RunAgentOptions, 'strategy'> {
  readonly id: RunId;
  readonly strategy: Strategy;
  readonly messages: Message[];
  readonly workspace: Workspace;
  readonly spending: Spending;
  readonly progress: Progress;
  readonly clock: RunClock;
  readonly emit: (event: NewEvent) => void;
}

/** Replies in a row without a tool call after which the model is taken to have stopped. */
const SILENT_REPLIES = 3;

/**
 * Runs the agent from the state's head and logs all it does. Resolves with the outcome that the log ends with: failures of the model
 * and of the sandbox, limits and stops are outcomes. Rejects for programming errors only.
 */
export async function runAgent(options: RunAgentOptions): Promise<Outcome> {
  const run = start(options);
  try {
    return finish(run, await pursue(run));
  } finally {
    run.clock.dispose();
  }
}

function start(options: RunAgentOptions): Run {
  const { log, limits, model, state, task, sandbox, onOutput } = options;
  const id = `run-${state.runs.length + 1}`;
  const emit = (event: NewEvent) => void log.append(event);
  const spending = createSpending();
  const clock = createRunClock(options.signal, limits.seconds);
  const { signal } = clock;
  const strategy = STRATEGIES[options.strategy];
  const workspace = new Workspace({ run: id, task, state, sandbox, spending, signal, emit, onOutput });
  emit({ type: 'run-started', run: id, model: model.name, strategy: strategy.name, limits, from: state.head });
  const progress = createProgress(options.patience ?? DEFAULT_PATIENCE);
  const messages = strategy.opening(task, Object.keys(workspace.files));
  return { ...options, id, strategy, messages, workspace, spending, progress, clock, emit };
}

async function pursue(run: Run): Promise<Outcome> {
  try {
    await run.workspace.open();
    for (let step = 1, silent = 0; ; step += 1) {
      const limit = limitReached(run.limits, run.spending.now());
      if (limit !== null) return end(run, 'limit-reached', limit);
      const calls = await think(run, step);
      silent = calls.length === 0 ? silent + 1 : 0;
      if (silent >= SILENT_REPLIES) return end(run, 'gave-up', `The model called no tool in ${silent} replies.`);
      const outcome = await act(run, step, calls);
      if (outcome) return outcome.kind === 'solved' ? outcome : end(run, 'gave-up', outcome.explanation);
      const stuck = run.progress.stuck(run.workspace);
      if (stuck !== null) return end(run, 'gave-up', stuck);
    }
  } catch (error) {
    return interrupted(run, error);
  }
}

async function think(run: Run, step: number): Promise<readonly ToolCall[]> {
  const { id, emit, model, messages, strategy, spending, clock, onText } = run;
  spending.step();
  emit({ type: 'step-started', run: id, step });
  const startedAt = Date.now();
  const request = { messages: [...messages], tools: strategy.tools.map(({ description }) => description) };
  const reply = await model.respond(request, { signal: clock.signal, ...(onText ? { onText } : {}) });
  clock.signal.throwIfAborted();
  spending.reply(reply);
  emit({ type: 'model-replied', run: id, step, ...replyForLog(reply), milliseconds: Date.now() - startedAt });
  messages.push(reply.message);
  if (reply.message.toolCalls.length === 0) messages.push({ role: 'user', content: NUDGE });
  return reply.message.toolCalls;
}

async function act(run: Run, step: number, calls: readonly ToolCall[]): Promise<Outcome | null> {
  for (const call of calls) {
    await waitAtGate(run, call);
    const { ok, result, outcome } = await applyTool(run, step, call);
    run.messages.push({ role: 'tool', callId: call.id, content: result });
    run.progress.finished(call, ok);
    if (outcome) return outcome;
  }
  return null;
}

async function applyTool(run: Run, step: number, call: ToolCall): Promise<ToolResult> {
  const { id, emit, strategy, workspace } = run;
  const tool = strategy.tools.find(({ description }) => description.name === call.name);
  const phase = tool?.phase(workspace) ?? 'plan';
  const startedAt = Date.now();
  const report = ({ ok, result }: ToolResult) =>
    emit({ type: 'tool-finished', run: id, step, call: call.id, ok, result, milliseconds: Date.now() - startedAt });
  emit({ type: 'tool-called', run: id, step, call: call.id, tool: call.name, phase });
  try {
    const names = strategy.tools.map(({ description }) => description.name).join(', ');
    const result = tool
      ? await tool.call(call.arguments, { call: call.id, workspace })
      : failure(`There is no tool "${call.name}". The tools are: ${names}.`);
    report(result);
    return result;
  } catch (error) {
    report(failure(error instanceof Error ? error.message : String(error)));
    throw error;
  }
}

async function waitAtGate({ gate, spending, clock }: Run, call: ToolCall): Promise<void> {
  clock.signal.throwIfAborted();
  if (gate) await spending.pause(() => clock.pause(() => gate(call)));
  clock.signal.throwIfAborted();
}

function end(run: Run, kind: 'gave-up' | 'limit-reached' | 'stopped' | 'failed', reason: string): Outcome {
  const { verdict, attempts } = run.workspace;
  // Green is green, also when a limit came before the model could say so.
  if (kind === 'limit-reached' && verdict?.passed && attempts.base.own)
    return { kind: 'solved', explanation: `The tests pass. ${reason}` };
  return explainEnd(kind, reason, attempts.best);
}

/** What an error in mid-run means. Programming errors are thrown on. */
function interrupted(run: Run, error: unknown): Outcome {
  if (run.signal.aborted) return end(run, 'stopped', 'The run was stopped.');
  if (run.clock.expired) return end(run, 'limit-reached', `The limit of ${run.limits.seconds} seconds was reached.`);
  if (error instanceof ModelError) return end(run, 'failed', `The model failed: ${error.message}`);
  if (error instanceof SandboxLostError) return end(run, 'failed', `The sandbox was lost: ${error.message}`);
  throw error;
}

function finish(run: Run, outcome: Outcome): Outcome {
  const { id, emit, workspace, spending } = run;
  workspace.close();
  const { best, base } = workspace.attempts;
  const named = outcome.kind === 'solved' ? base.id : best.id;
  emit({ type: 'run-finished', run: id, outcome, best: named, spent: spending.now() });
  return outcome;
}

function replyForLog({ message, usage, cost }: ModelReply) {
  return {
    text: message.content,
    ...(message.reasoning === undefined ? {} : { reasoning: message.reasoning }),
    calls: message.toolCalls,
    ...(usage ? { inputTokens: usage.inputTokens, outputTokens: usage.outputTokens } : {}),
    ...(usage?.cachedTokens === undefined ? {} : { cachedTokens: usage.cachedTokens }),
    ...(cost === undefined ? {} : { cost }),
  };
}
