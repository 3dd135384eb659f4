/**
 * A run: a strategy pursues the task until the tests pass, the model gives up, a limit is reached or a person stops it.
 *
 *     start -> (think -> act)* -> finish
 */
import { type Model, ModelError, type ToolCall } from '../model/model.ts';
import { type Sandbox, SandboxLostError } from '../sandbox/sandbox.ts';
import type { NewEvent } from '../session/events.ts';
import type { SessionLog } from '../session/log.ts';
import type { SessionState } from '../session/state/session-state.ts';
import type { LeftFailing, Limits, Outcome, Verdict } from '../session/values.ts';
import type { TaskDescription } from '../task/task.ts';
import { createAcceptance } from './acceptance.ts';
import type { AgentRun, Models } from './agent-run.ts';
import { type Checks, type ChecksOptions, createChecks } from './checks/checks.ts';
import { requireChecks } from './checks/require-checks.ts';
import { createCallIds } from './conversation/call-ids.ts';
import { DEFAULT_PATIENCE } from './conversation/progress.ts';
import { verifyUnasked } from './conversation/verify-unasked.ts';
import { explainEnd } from './explain.ts';
import { describeLeft } from './left/describe-left.ts';
import { LimitReachedError } from './limits/limits.ts';
import { createRunClock } from './limits/run-clock.ts';
import { createSpending } from './limits/spending.ts';
import { waitedFor } from './limits/waited-for.ts';
import type { Person } from './person.ts';
import type { CommandRules } from './policy/commands/command-rules.ts';
import { DEFAULT_MODE, type Mode } from './policy/modes.ts';
import { createPermissions } from './policy/permissions.ts';
import { createRedactor } from './policy/secrets/redact.ts';
import { createTell } from './policy/tell.ts';
import { withReview } from './review/with-review.ts';
import { parseStrategy } from './strategies/parse-strategy.ts';
import type { Strategy } from './strategies/strategy.ts';
import { isMostlySkipped, summarizeCounts } from './verdict/describe-verdict.ts';
import { Workspace } from './workspace/workspace.ts';

export interface RunAgentOptions {
  readonly task: TaskDescription;
  readonly log: Pick<SessionLog, 'append'>;
  /** The run starts from its head. */
  readonly state: SessionState;
  readonly sandbox: Sandbox;
  readonly model: Model;
  /** Models for single roles; `model` does the rest. */
  readonly models?: Models;
  /** A name that `parseStrategy` knows: "loop", "plan+review". */
  readonly strategy: string;
  readonly limits: Limits;
  readonly signal: AbortSignal;
  /** Attempts in a row, each built on the last, that may fail to make things better. Default 6. */
  readonly patience?: number;
  /** Of strategies that make several at once. Default 3. */
  readonly candidates?: number;
  /** What the attempt that the run ends with is checked with beside its tests. */
  readonly checks?: ChecksOptions;
  /** Nothing ends as solved while a test fails, whatever the agent shows of it. */
  readonly allTests?: boolean;
  /** Whoever sits in front of the run; without one it goes on by the defaults. */
  readonly person?: Person;
  /** Awaited before each tool call; the clock of the run stands still meanwhile. */
  readonly gate?: (call: ToolCall) => Promise<void>;
  /** Who decides what the rules leave open. Default: hands off, nobody is asked. */
  readonly mode?: Mode;
  /** What must never reach the model's context or the log: keys of the models. */
  readonly secrets?: readonly string[];
  /** The person's own rules for commands: what was "always" allowed, too. */
  readonly rules?: CommandRules;
  /** The model's text as it streams. */
  readonly onText?: (text: string) => void;
  /** Output of commands as it arrives. */
  readonly onOutput?: (text: string) => void;
}

const SHORTEST_KEY = 12;
const DEFAULT_CANDIDATES = 3;

/**
 * Runs the agent from the state's head and logs all it does. Resolves with the outcome that the log ends with: failures of the model
 * and of the sandbox, limits, stops and our own errors are outcomes. Rejects with StrategyError, before anything is logged.
 */
export async function runAgent(options: RunAgentOptions): Promise<Outcome> {
  const strategy = parseStrategy(options.strategy);
  const started = startRun(options, strategy);
  const { workspace, clock, spending } = started;
  const place = { task: options.task, workspace, signal: clock.signal, stop: options.signal };
  const checks = createChecks(options.checks ?? {}, place);
  const checked = { ...started, acceptance: requireChecks(started.acceptance, checks) };
  const run = { ...checked, acceptance: withReview(checked, { always: strategy.reviewed }) };
  const pursue = async () => {
    try {
      await workspace.open();
      // Checking is the measurement, not the work.
      await spending.pause(() => clock.pause(() => checks.measureStart()));
      return conclude(run, await strategy.pursue(run));
    } catch (error) {
      return conclude(run, interruption(run, options.signal, await afterTests(run, error)));
    }
  };
  try {
    return await finishRun(run, checks, await pursue());
  } finally {
    clock.dispose();
    await workspace.unmask();
  }
}

function startRun(options: RunAgentOptions, strategy: Strategy): AgentRun {
  const { log, limits, model, models = {}, state, task, sandbox, person, gate, onText, onOutput } = options;
  const id = `run-${state.runs.length + 1}`;
  const emit = (event: NewEvent) => void log.append(event);
  const spending = createSpending();
  const clock = createRunClock(options.signal, limits.seconds);
  const waited = person ? waitedFor(person, { spending, clock }) : null;
  const permissions = createPermissions({
    run: id,
    task,
    mode: options.mode ?? DEFAULT_MODE,
    person: waited,
    rules: options.rules ?? {},
    startFiles: state.files,
    emit,
    signal: clock.signal,
  });
  const redactor = createRedactor();
  // Local servers take any word for a key: those are no secrets.
  const keys = (options.secrets ?? []).filter((key) => key.length >= SHORTEST_KEY);
  redactor.know('key of the model', keys, state.files);
  const workspace = new Workspace({
    redactor,
    permissions,
    run: id,
    task,
    state,
    sandbox,
    limits,
    spending,
    signal: clock.signal,
    emit,
    onOutput,
  });
  emit({ type: 'run-started', run: id, model: model.name, strategy: strategy.name, limits, from: state.head });
  const byRole: Readonly<Record<string, Model | undefined>> = models;
  let step = 0;
  return {
    id,
    task,
    state,
    sandbox,
    limits,
    patience: options.patience ?? DEFAULT_PATIENCE,
    candidates: options.candidates ?? DEFAULT_CANDIDATES,
    focus: null,
    workspace,
    acceptance: createAcceptance({ task, isFinal: true, allTests: options.allTests ?? false }),
    moreTools: [],
    hasReviewer: strategy.reviewed || models.reviewer !== undefined,
    tell: createTell({ run: id, redactor, permissions, emit }),
    spending,
    clock,
    emit,
    modelFor: (role) => (Object.hasOwn(byRole, role) ? byRole[role] : undefined) ?? model,
    nextStep: () => {
      step += 1;
      return step;
    },
    callId: createCallIds(),
    ...(waited ? { person: waited } : {}),
    ...(gate ? { gate } : {}),
    ...(onText ? { onText } : {}),
    ...(onOutput ? { onOutput } : {}),
  };
}

/** What a strategy came to, as a person reads it. Solved is what was accepted, and nothing else. */
function conclude(run: AgentRun, outcome: Outcome): Outcome {
  const { workspace, acceptance, limits, spending } = run;
  const { kind } = outcome;
  const said = outcome.explanation.trim();
  const { verdict } = workspace;
  if (kind === 'solved' && verdict?.passed)
    return {
      kind,
      explanation: (said || 'The tests pass.') + describeSkipped(verdict) + describeSilence(run, verdict),
    };
  const { best } = workspace.attempts;
  const left = leftOf(run, outcome);
  if (kind === 'solved' && verdict && left)
    return { kind, explanation: `${said}\n\n${describeLeft(left, verdict)}`.trim(), left };
  if (kind === 'solved') return explainEnd('gave-up', `Not verified: the tests do not pass. ${said}`, best);
  // Green is green, also when a limit or a failure came before the model could say so.
  if ((kind === 'limit-reached' || kind === 'failed') && workspace.attempts.base.own && acceptance.suffices(workspace))
    return conclude(run, { kind: 'solved', explanation: `${verdict?.passed ? 'The tests pass. ' : ''}${said}` });
  const end = explainEnd(kind, said || 'The model gave up and did not say why.', best);
  if (limits.cost <= 0 || spending.now().cost !== null) return end;
  const watched = spending.known() > 0 ? 'was watched for the others only' : 'could not be watched';
  const unwatched = `The price of a model is unknown, so the limit of $${limits.cost} ${watched}.`;
  return { kind, explanation: `${end.explanation}\n\n${unwatched}` };
}

/** The tests that fail although the run is solved: as it was accepted, or by the task's own lists. */
function leftOf({ workspace }: AgentRun, outcome: Outcome): LeftFailing | null {
  if (outcome.left) return outcome.left;
  const { left } = workspace;
  return left === null || typeof left === 'string' ? null : { by: 'task', tests: left.map(({ name }) => ({ name })) };
}

/** Green with most tests skipped is not what a person takes it for. */
const describeSkipped = (verdict: Verdict): string =>
  isMostlySkipped(verdict) ? `\n\nOnly some of the tests were run: ${summarizeCounts(verdict)}.` : '';

/** A command that says nothing, and said it before any change, too, shows nothing. */
function describeSilence({ workspace, state }: AgentRun, verdict: Verdict): string {
  const before = workspace.attempts.get(state.head).verdict;
  const isSilent = verdict.format === null && before?.passed === true && before.format === null;
  return isSilent ? '\n\nNo test says so: the test command names none, and ended well before any change, too.' : '';
}

/** A model that fails, or has cost enough, may have left the solution behind. Returns what the run ends by. */
async function afterTests(run: AgentRun, error: unknown): Promise<unknown> {
  const { workspace, state } = run;
  const isModels = error instanceof ModelError || error instanceof LimitReachedError;
  // Where the tests passed from the start they tell nothing of it.
  if (!isModels || workspace.attempts.get(state.head).verdict?.passed !== false) return error;
  try {
    await verifyUnasked(run, { workspace });
    return error;
  } catch (other) {
    return other;
  }
}

/** What an error in mid-run means. */
function interruption(run: AgentRun, stop: AbortSignal, error: unknown): Outcome {
  if (stop.aborted) return { kind: 'stopped', explanation: 'The run was stopped.' };
  if (run.clock.expired)
    return { kind: 'limit-reached', explanation: `The limit of ${run.limits.seconds} seconds was reached.` };
  if (error instanceof LimitReachedError) return { kind: 'limit-reached', explanation: error.message };
  if (error instanceof ModelError) return { kind: 'failed', explanation: `The model failed: ${error.message}` };
  if (error instanceof SandboxLostError)
    return { kind: 'failed', explanation: `The sandbox was lost: ${error.message}` };
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { kind: 'failed', explanation: `Fixpoint itself failed, which is a defect of it: ${text}` };
}

async function finishRun(run: AgentRun, checks: Checks, reached: Outcome): Promise<Outcome> {
  const { id, emit, workspace, spending } = run;
  workspace.close();
  const { best, base } = workspace.attempts;
  const named = reached.kind === 'solved' ? base : best;
  // Checking is the measurement, not the work.
  const outcome = await spending.pause(() => checks.conclude(reached, named)).catch(uncheckedBecause(reached));
  emit({ type: 'run-finished', run: id, outcome, best: named.id, spent: spending.now() });
  return outcome;
}

/** What the checks cannot say changes nothing of what was reached. */
const uncheckedBecause =
  (reached: Outcome) =>
  (error: unknown): Outcome => {
    const reason = error instanceof Error ? error.message : String(error);
    return { ...reached, explanation: `${reached.explanation}\n\nThe checks could not be run: ${reason}` };
  };
