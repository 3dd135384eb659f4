/** One run's part of the fold: its steps, their calls, and what was spent. */
import { assertNever } from '../assert-never.ts';
import type { SessionEvent } from '../events.ts';
import { reducePolicy } from './policy-reducer.ts';
import type { CallState, RunState, StepState } from './session-state.ts';

export type RunEvent = Exclude<Extract<SessionEvent, { run: string }>, { type: 'run-started' }>;
type EventOf<Type extends SessionEvent['type']> = Extract<SessionEvent, { type: Type }>;

const isOpen = (call: CallState) => call.status === 'waiting' || call.status === 'running';

/** Steps of several working copies run at once: an event belongs to the step that it names. */
function updateStep(run: RunState, number: number, update: (step: StepState) => StepState): RunState {
  const at = run.steps.findLastIndex((step) => step.number === number);
  const step = run.steps[at];
  return step ? { ...run, steps: run.steps.with(at, update(step)) } : run;
}

/** Changes the newest call with this id: models may use an id again in a later step. */
function updateCall(run: RunState, id: string, update: (call: CallState) => CallState): RunState {
  const at = run.steps.findLastIndex((step) => step.calls.some((call) => call.id === id));
  const step = run.steps[at];
  if (!step) return run;
  const calls = step.calls.map((call) => (call.id === id ? update(call) : call));
  return { ...run, steps: run.steps.with(at, { ...step, calls }) };
}

function newCall(id: string, tool: string, text: string): CallState {
  return {
    id,
    tool,
    arguments: text,
    phase: null,
    status: 'waiting',
    result: null,
    changes: [],
    command: null,
    attempt: null,
    milliseconds: null,
  };
}

function startStep(run: RunState, event: EventOf<'step-started'>): RunState {
  const step: StepState = {
    run: run.id,
    number: event.step,
    role: event.role ?? 'agent',
    branch: event.branch ?? null,
    model: event.model ?? run.model,
    text: '',
    reasoning: '',
    calls: [],
    told: [],
    status: 'thinking',
    startedAt: event.at,
    cost: null,
    inputTokens: 0,
    outputTokens: 0,
    retries: [],
    compactions: [],
    correction: null,
  };
  const before = run.steps.findLast(({ role, branch }) => role === step.role && branch === step.branch);
  const settled = before ? updateStep(run, before.number, (one) => ({ ...one, status: 'done' })) : run;
  return { ...settled, steps: [...settled.steps, step], spent: { ...run.spent, steps: run.spent.steps + 1 } };
}

function reply(run: RunState, event: EventOf<'model-replied'>): RunState {
  const { spent } = run;
  const replied = updateStep(run, event.step, (step) => ({
    ...step,
    text: event.text,
    reasoning: event.reasoning ?? '',
    calls: event.calls.map((call) => newCall(call.id, call.name, call.arguments)),
    status: event.calls.length > 0 ? 'acting' : 'done',
    cost: event.cost ?? null,
    inputTokens: event.inputTokens ?? 0,
    outputTokens: event.outputTokens ?? 0,
    correction: event.correction ?? null,
  }));
  return { ...replied, spent: addCounts(spent, event) };
}

type Counts = Pick<EventOf<'model-replied'>, 'inputTokens' | 'outputTokens' | 'cost'>;

function addCounts(spent: RunState['spent'], { inputTokens = 0, outputTokens = 0, cost }: Counts): RunState['spent'] {
  return {
    ...spent,
    inputTokens: spent.inputTokens + inputTokens,
    outputTokens: spent.outputTokens + outputTokens,
    // One reply of unknown price makes the sum unknown.
    cost: spent.cost === null || cost === undefined ? null : spent.cost + cost,
  };
}

function retry(run: RunState, event: EventOf<'model-retried'>): RunState {
  const { reason, waitMilliseconds } = event;
  const told = updateStep(run, event.step, (step) => ({
    ...step,
    retries: [...step.retries, { reason, waitMilliseconds }],
  }));
  return event.inputTokens === undefined ? told : { ...told, spent: addCounts(told.spent, event) };
}

function compact(run: RunState, event: EventOf<'context-compacted'>): RunState {
  const { seq: _, at: __, type: ___, run: ____, step: number, ...compaction } = event;
  return updateStep(run, number, (step) => ({ ...step, compactions: [...step.compactions, compaction] }));
}

function callTool(run: RunState, event: EventOf<'tool-called'>): RunState {
  const step = run.steps.findLast(({ number }) => number === event.step);
  const known = step?.calls.some((call) => call.id === event.call) ?? false;
  const listed = known
    ? run
    : updateStep(run, event.step, (step) => ({ ...step, calls: [...step.calls, newCall(event.call, event.tool, '')] }));
  return updateCall(listed, event.call, (call) => ({
    ...call,
    tool: event.tool,
    phase: event.phase,
    status: 'running',
  }));
}

function finishTool(run: RunState, event: EventOf<'tool-finished'>): RunState {
  const finished = updateCall(run, event.call, (call) => ({
    ...call,
    status: event.ok ? 'ok' : 'error',
    result: event.result,
    milliseconds: event.milliseconds,
  }));
  return updateStep(finished, event.step, (step) => (step.calls.some(isOpen) ? step : { ...step, status: 'done' }));
}

function finishCommand(run: RunState, event: EventOf<'command-finished'>): RunState {
  const { command: line, exitCode, output, milliseconds, changes } = event;
  const command = { line, exitCode, output, milliseconds };
  if (run.steps.length === 0) return { ...run, start: command };
  return updateCall(run, event.call, (call) => ({ ...call, changes: [...call.changes, ...changes], command }));
}

function makeAttempt(run: RunState, event: EventOf<'attempt-made'>): RunState {
  const ofBranch = run.steps.filter(({ branch }) => branch === (event.branch ?? null));
  const running = ofBranch.flatMap(({ calls }) => calls).findLast((call) => call.status === 'running');
  const counted: RunState = {
    ...run,
    attempts: [...run.attempts, event.attempt],
    spent: { ...run.spent, attempts: run.spent.attempts + 1 },
  };
  return running ? updateCall(counted, running.id, (call) => ({ ...call, attempt: event.attempt })) : counted;
}

function endBranch(run: RunState, { branch, attempt, kept }: EventOf<'branch-ended'>): RunState {
  const at = run.branches.findLastIndex(({ name }) => name === branch);
  const begun = run.branches[at];
  return begun ? { ...run, branches: run.branches.with(at, { ...begun, attempt, kept }) } : run;
}

function finishRun(run: RunState, event: EventOf<'run-finished'>): RunState {
  const settle = (step: StepState): StepState =>
    step.status === 'done'
      ? step
      : {
          ...step,
          status: 'done',
          // What the end of the run cut off did not succeed.
          calls: step.calls.map((call) => (isOpen(call) ? { ...call, status: 'error' } : call)),
        };
  return { ...run, steps: run.steps.map(settle), outcome: event.outcome, best: event.best };
}

function reduceKnown(run: RunState, event: RunEvent): RunState {
  switch (event.type) {
    case 'step-started':
      return startStep(run, event);
    case 'model-replied':
      return reply(run, event);
    case 'model-retried':
      return retry(run, event);
    case 'context-compacted':
      return compact(run, event);
    case 'tool-called':
      return callTool(run, event);
    case 'files-changed':
      return updateCall(run, event.call, (call) => ({ ...call, changes: [...call.changes, ...event.changes] }));
    case 'command-finished':
      return finishCommand(run, event);
    case 'attempt-made':
      return makeAttempt(run, event);
    case 'verdict-reached':
    case 'check-finished':
      return run;
    case 'plan-updated':
      return { ...run, plan: event.steps };
    case 'review-given': {
      const { step, attempt, approved, comments } = event;
      return { ...run, reviews: [...run.reviews, { step, attempt, approved, comments }] };
    }
    case 'branch-started': {
      const { branch: name, from } = event;
      return { ...run, branches: [...run.branches, { name, from, attempt: null, kept: false }] };
    }
    case 'branch-ended':
      return endBranch(run, event);
    case 'sandbox-rebooted':
      return { ...run, reboots: [...run.reboots, event.reason] };
    case 'model-told':
      return updateStep(run, event.step, (step) => ({ ...step, told: [...step.told, event.text] }));
    case 'limit-unwatched':
      return { ...run, unwatched: [...run.unwatched, { limit: event.limit, reason: event.reason }] };
    case 'tool-finished':
      return finishTool(run, event);
    case 'question-asked':
    case 'question-answered':
    case 'permission-asked':
    case 'permission-decided':
    case 'risk-found':
    case 'changes-undone':
    case 'injection-suspected':
      return updateCall(run, event.call, (call) => reducePolicy(call, event));
    case 'secrets-masked':
      return run;
    case 'run-finished':
      return finishRun(run, event);
    default:
      return assertNever(event);
  }
}

export function reduceRun(run: RunState, event: RunEvent): RunState {
  const next = reduceKnown(run, event);
  const spent =
    event.type === 'run-finished' || event.type === 'verdict-reached'
      ? event.spent
      : { ...next.spent, milliseconds: event.at - run.startedAt };
  return { ...next, spent };
}
