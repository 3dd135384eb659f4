/** The fold of the log into what is shown. Pure: an event never changes a state, it makes the next one. */
import type { SessionEvent } from '../events.ts';
import type { CheckResult, Spent } from '../values.ts';
import { type RunEvent, reduceRun } from './run-reducer.ts';
import type { Attempt, RunState, SessionState } from './session-state.ts';

export const START_ATTEMPT = '0';
export const NOTHING_SPENT: Spent = {
  steps: 0,
  attempts: 0,
  milliseconds: 0,
  inputTokens: 0,
  outputTokens: 0,
  cost: 0,
};

type EventOf<Type extends SessionEvent['type']> = Extract<SessionEvent, { type: Type }>;

export function initialState(id: string): SessionState {
  return {
    id,
    task: null,
    files: {},
    attempts: {},
    order: [],
    head: START_ATTEMPT,
    runs: [],
    eventCount: 0,
  };
}

function addAttempt(state: SessionState, attempt: Attempt): SessionState {
  return {
    ...state,
    attempts: { ...state.attempts, [attempt.id]: attempt },
    order: [...state.order, attempt.id],
    // What is made beside the run's own working copy does not move it.
    head: attempt.branch === undefined ? attempt.id : state.head,
  };
}

function startSession(state: SessionState, event: EventOf<'session-started'>): SessionState {
  const start: Attempt = {
    id: event.attempt,
    parent: null,
    run: null,
    tree: event.tree,
    changes: [],
    verdict: null,
    spent: null,
    checks: [],
    at: event.at,
  };
  return addAttempt({ ...state, task: event.task, files: event.files }, start);
}

function startRun(state: SessionState, event: EventOf<'run-started'>): SessionState {
  const run: RunState = {
    id: event.run,
    model: event.model,
    strategy: event.strategy,
    limits: event.limits,
    from: event.from,
    startedAt: event.at,
    steps: [],
    attempts: [],
    start: null,
    plan: [],
    reviews: [],
    reboots: [],
    branches: [],
    unwatched: [],
    outcome: null,
    best: null,
    spent: NOTHING_SPENT,
  };
  return { ...state, runs: [...state.runs, run], head: event.from };
}

function reachVerdict(state: SessionState, event: EventOf<'verdict-reached'>): SessionState {
  const attempt = state.attempts[event.attempt];
  if (!attempt) throw new Error(`Event ${event.seq} judges attempt "${event.attempt}", which was never made`);
  const judged: Attempt = { ...attempt, verdict: event.verdict, spent: event.spent };
  return { ...state, attempts: { ...state.attempts, [judged.id]: judged } };
}

function finishCheck(state: SessionState, event: EventOf<'check-finished'>): SessionState {
  const attempt = state.attempts[event.attempt];
  if (!attempt) throw new Error(`Event ${event.seq} checks attempt "${event.attempt}", which was never made`);
  const others = attempt.checks.filter(({ check }) => check !== event.check);
  const checked: Attempt = { ...attempt, checks: [...others, checkResultOf(event)] };
  return { ...state, attempts: { ...state.attempts, [checked.id]: checked } };
}

function checkResultOf(event: EventOf<'check-finished'>): CheckResult {
  const { check, command, exitCode, ended, output, milliseconds, passed, verdict, problems } = event;
  const base = { check, command, exitCode, ended, output, milliseconds, passed };
  return { ...base, ...(verdict ? { verdict } : {}), ...(problems ? { problems } : {}) };
}

function inRun(state: SessionState, event: RunEvent): SessionState {
  const index = state.runs.findLastIndex((run) => run.id === event.run);
  const run = state.runs[index];
  if (!run) throw new Error(`Event ${event.seq} (${event.type}) belongs to run "${event.run}", which never started`);
  return { ...state, runs: state.runs.with(index, reduceRun(run, event)) };
}

function reduceKnown(state: SessionState, event: SessionEvent): SessionState {
  switch (event.type) {
    case 'session-started':
      return startSession(state, event);
    case 'run-started':
      return startRun(state, event);
    case 'attempt-made':
      return addAttempt(inRun(state, event), {
        id: event.attempt,
        parent: event.parent,
        run: event.run,
        tree: event.tree,
        changes: event.changes,
        verdict: null,
        spent: null,
        checks: [],
        ...(event.branch === undefined ? {} : { branch: event.branch }),
        at: event.at,
      });
    case 'verdict-reached':
      return reachVerdict(inRun(state, event), event);
    case 'check-finished':
      return finishCheck(inRun(state, event), event);
    case 'head-moved':
      return { ...state, head: event.attempt };
    // All others belong to a run: one that does not is no RunEvent, and does not compile.
    default:
      return inRun(state, event);
  }
}

/** The state after one more event. Throws when the event speaks of a run or an attempt that was never made. */
export function reduce(state: SessionState, event: SessionEvent): SessionState {
  return { ...reduceKnown(state, event), eventCount: state.eventCount + 1 };
}

export function foldEvents(id: string, events: readonly SessionEvent[]): SessionState {
  return events.reduce(reduce, initialState(id));
}
