/** Runs the agent on a task in a fresh embedded sandbox, with no person there. */
import { acceptableChanges } from '../../agent/acceptable-changes.ts';
import type { Models } from '../../agent/agent-run.ts';
import { DEFAULT_LIMITS } from '../../agent/limits/limits.ts';
import { runAgent } from '../../agent/run-agent.ts';
import { parseStrategy } from '../../agent/strategies/parse-strategy.ts';
import { createSandbox } from '../../sandbox/create-sandbox.ts';
import { contentToBytes, encodeBase64 } from '../../session/content.ts';
import type { SessionEvent } from '../../session/events.ts';
import { createLog } from '../../session/log.ts';
import { startSession } from '../../session/start-session.ts';
import { proofOf } from '../../session/state/proof.ts';
import { foldEvents, NOTHING_SPENT, START_ATTEMPT } from '../../session/state/reducer.ts';
import { scorecards } from '../../session/state/scorecard.ts';
import type { SessionState } from '../../session/state/session-state.ts';
import { encodeLink } from '../../share/link.ts';
import type { Task, TaskDescription } from '../../task/task.ts';
import type { AgentEnd, AgentRequest } from '../page-api.ts';
import { createModel } from './model.ts';
import { mountProject, readProject } from './project.ts';

export async function runAgentRequest(request: AgentRequest, stop = new AbortController().signal): Promise<AgentEnd> {
  // A wrong name is told before anything is booted.
  parseStrategy(request.strategy);
  const project = await readProject(request);
  const task = withLists(project.task, request);
  const model = await createModel(request.model);
  const models = await createModels(request.models);
  const sandbox = await createSandbox('embedded');
  try {
    const id = crypto.randomUUID();
    const log = createLog({ now: Date.now });
    log.subscribe((event) => void window.fixpointEmit({ type: 'logged', session: id, event }));
    log.subscribe(reportProgress);
    startSession(log, task, await mountProject(sandbox, project));
    const outcome = await runAgent({
      task: taskOf(foldEvents(id, log.events)),
      log,
      state: foldEvents(id, log.events),
      sandbox,
      model,
      models,
      strategy: request.strategy,
      mode: request.mode,
      secrets: keysOf(request),
      ...(request.candidates === null ? {} : { candidates: request.candidates }),
      limits: { ...DEFAULT_LIMITS, ...request.limits },
      signal: stop,
      allTests: request.checks.allTests,
      checks: { ...request.checks, ...(task.hidden ? { hidden: task.hidden } : {}) },
    });
    const state = foldEvents(id, log.events);
    const file = { format: 'fixpoint-session/1' as const, id, events: log.events };
    const best = state.runs.at(-1)?.best ?? START_ATTEMPT;
    const hidden = state.attempts[best]?.checks.find(({ check }) => check === 'hidden')?.passed ?? null;
    return {
      session: `${JSON.stringify(file, null, 1)}\n`,
      link: await encodeLink(file),
      outcome: outcome.kind,
      explanation: outcome.explanation,
      left: outcome.left ?? null,
      proof: proofOf({
        outcome,
        start: state.attempts[START_ATTEMPT]?.verdict ?? null,
        end: state.attempts[best]?.verdict ?? null,
        hidden,
      }),
      best,
      scorecards: scorecards(state),
      spent: state.runs.at(-1)?.spent ?? NOTHING_SPENT,
      hidden,
      changes: acceptableChanges(state, best, task).map(({ path, content }) => ({
        path,
        base64: content === null ? null : encodeBase64(contentToBytes(content)),
      })),
    };
  } finally {
    sandbox.dispose();
  }
}

function withLists({ target: named, known: listed, ...task }: Task, { target, known, checks }: AgentRequest): Task {
  if (checks.allTests) return task;
  const wanted = target.length > 0 ? target : named;
  const failing = known.length > 0 ? known : listed;
  return { ...task, ...(wanted ? { target: wanted } : {}), ...(failing ? { known: failing } : {}) };
}

/** What the session knows of the task: neither its held-out tests nor its solution. */
function taskOf(state: SessionState): TaskDescription {
  if (!state.task) throw new Error('The session has not started.');
  return state.task;
}

async function createModels({ planner, executor, reviewer }: AgentRequest['models']): Promise<Models> {
  return {
    ...(planner ? { planner: await createModel(planner) } : {}),
    ...(executor ? { executor: await createModel(executor) } : {}),
    ...(reviewer ? { reviewer: await createModel(reviewer) } : {}),
  };
}

function reportProgress(event: SessionEvent): void {
  const text = describeEvent(event);
  if (text !== null) void window.fixpointEmit({ type: 'progress', text });
}

function describeEvent(event: SessionEvent): string | null {
  switch (event.type) {
    case 'step-started':
      return event.role === undefined ? null : `step ${event.step}, ${event.role}`;
    case 'model-retried':
      return `step ${event.step}: ${event.reason} Next try in ${(event.waitMilliseconds / 1000).toFixed(1)} s.`;
    case 'context-compacted':
      return `step ${event.step}: the conversation was shortened from ${event.before.tokens} to ${event.after.tokens} tokens`;
    case 'tool-called':
      return `step ${event.step}: ${event.phase}: ${event.tool}`;
    case 'plan-updated':
      return `plan: ${event.steps.map(({ text, status }) => `${text} (${status})`).join('; ')}`;
    case 'question-asked':
      return `question: ${event.question}`;
    case 'review-given':
      return `review of attempt ${event.attempt}: ${event.approved ? 'approved' : `objected: ${event.comments}`}`;
    case 'sandbox-rebooted':
      return `the sandbox was started again: ${event.reason}`;
    case 'verdict-reached': {
      const { counts, exitCode } = event.verdict;
      const tests = counts ? `${counts.passed} passed, ${counts.failed} failed` : 'no counts';
      return `attempt ${event.attempt}: exit code ${exitCode}, ${tests}`;
    }
    default:
      return null;
  }
}

function keysOf({ model, models }: AgentRequest): string[] {
  return [model, ...Object.values(models)].flatMap((each) => (each?.kind === 'openai' ? [each.apiKey] : []));
}
