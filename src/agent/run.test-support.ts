/** A small task whose tests run natively, run by a scripted model: for tests of the loop and of the strategies. */
import { onTestFinished } from 'vitest';
import { createScriptedModel, type ScriptedModel } from '../model/scripted.ts';
import type { SessionEvent } from '../session/events.ts';
import type { Files } from '../session/files.ts';
import { parseSessionText } from '../session/format/parse-session.ts';
import { createLog } from '../session/log.ts';
import { foldEvents } from '../session/state/reducer.ts';
import type { SessionState } from '../session/state/session-state.ts';
import { hashTree } from '../session/tree.ts';
import type { Limits, Outcome } from '../session/values.ts';
import type { TaskDescription } from '../task/task.ts';
import { DEFAULT_LIMITS } from './limits/limits.ts';
import { NativeSandbox } from './native-sandbox.test-support.ts';
import { replaySession } from './replay/replay.ts';
import { type RunAgentOptions, runAgent } from './run-agent.ts';

export const SUM_FILES: Files = {
  'package.json': '{"scripts":{"test":"node test/sum.test.js"}}',
  'src/sum.js': 'exports.sum = (a, b) => a - b;\n',
  'test/sum.test.js':
    "const { sum } = require('../src/sum.js');\n" +
    'const results = [[1, 2, 3], [2, 2, 4], [5, 0, 5]].map(([a, b, c]) => sum(a, b) === c);\n' +
    "console.log('1..3');\n" +
    "for (const ok of results) console.log(ok ? 'ok - adds' : 'not ok - adds');\n" +
    'process.exitCode = results.every(Boolean) ? 0 : 1;\n',
};
export const SUM_TASK = {
  name: 'sum',
  title: 'Sum',
  goal: 'Make sum add.',
  test: 'node test/sum.test.js',
  level: 'starter',
  editable: [],
  protected: ['test/**'],
  hints: [],
} as const;
/** The call that repairs it. */
export const fix = ['edit_file', { path: 'src/sum.js', edits: [{ find: 'a - b', replace: 'a + b' }] }] as const;
/** A call that changes it to another wrong thing. */
export const spoil = (to: string, from = 'a - b') =>
  ['edit_file', { path: 'src/sum.js', edits: [{ find: from, replace: to }] }] as const;
export const test = ['run_tests', {}] as const;

export type Script = Parameters<typeof createScriptedModel>[0];

export interface RunSetup extends Partial<Omit<RunAgentOptions, 'limits' | 'task' | 'sandbox'>> {
  sandbox?: NativeSandbox;
  task?: Partial<TaskDescription>;
  limits?: Partial<Limits>;
  files?: Files;
}

interface Ran {
  outcome: Outcome;
  /** Without the session's start. */
  events: readonly SessionEvent[];
  /** Each event in one line: what a reader of the log would say. */
  lines: readonly string[];
  /** What the tools said. */
  results: readonly string[];
  state: SessionState;
  model: ScriptedModel;
  sandbox: NativeSandbox;
}

/** Runs the agent with a script. The log is checked as it is stored; the sandbox is there until the test ends. */
export async function runScript(script: Script, setup: RunSetup = {}): Promise<Ran> {
  const files = setup.files ?? SUM_FILES;
  const task = { ...SUM_TASK, ...setup.task };
  const sandbox = setup.sandbox ?? (await NativeSandbox.create(files));
  onTestFinished(() => sandbox.dispose());
  const log = createLog({ now: () => 0 });
  log.append({ type: 'session-started', task, files, tree: hashTree(files), attempt: '0' });
  const model = createScriptedModel(script);
  const outcome = await runAgent({
    log,
    state: foldEvents('s', log.events),
    sandbox,
    model,
    strategy: 'loop',
    signal: new AbortController().signal,
    ...setup,
    task,
    limits: { ...DEFAULT_LIMITS, ...setup.limits },
  });
  const file = { format: 'fixpoint-session/1', id: 's', events: log.events };
  parseSessionText(JSON.stringify(file));
  const events = log.events.slice(1);
  return {
    outcome,
    events,
    lines: events.map(line),
    results: events.flatMap((event) => (event.type === 'tool-finished' ? [event.result] : [])),
    state: foldEvents('s', log.events),
    model,
    sandbox,
  };
}

/** What a replay of the run in a fresh sandbox finds different. */
export async function replayDifferences({ state, events }: Ran): Promise<readonly string[]> {
  const sandbox = await NativeSandbox.create();
  const start: SessionEvent = {
    seq: 0,
    at: 0,
    type: 'session-started',
    task: state.task ?? SUM_TASK,
    files: state.files,
    tree: hashTree(state.files),
    attempt: '0',
  };
  const file = { format: 'fixpoint-session/1' as const, id: 's', events: [start, ...events] };
  const report = await replaySession(file, sandbox, { signal: new AbortController().signal });
  sandbox.dispose();
  return report.steps.flatMap(({ action, differences }) => differences.map((each) => `${action}: ${each}`));
}

function line(event: SessionEvent): string {
  switch (event.type) {
    case 'step-started':
      return [`step ${event.step}`, event.role, event.branch].filter((part) => part !== undefined).join(' ');
    case 'model-replied':
      return `replied: ${event.calls.map(({ name }) => name).join(', ') || event.text}`;
    case 'tool-called':
      return `called ${event.tool} (${event.phase})`;
    case 'files-changed':
      return `changed ${event.changes.map(({ path }) => path)}`;
    case 'command-finished':
      return `command "${event.command}" -> ${event.exitCode}${event.changes.map(({ path }) => ` ${path}`)}`;
    case 'attempt-made':
      return `attempt ${event.attempt} from ${event.parent}`;
    case 'verdict-reached':
      return `verdict on ${event.attempt}: ${event.verdict.passed ? 'passed' : `${event.verdict.counts?.failed} failed`}`;
    case 'tool-finished':
      return `finished ${event.ok ? 'ok' : 'error'}`;
    case 'check-finished':
      return `${event.check} of ${event.attempt}: ${event.passed ? 'passed' : 'failed'}`;
    case 'run-finished':
      return `run ${event.outcome.kind}, best ${event.best}`;
    case 'head-moved':
      return `head ${event.attempt}`;
    case 'run-started':
      return `run by ${event.model} from ${event.from}`;
    case 'plan-updated':
      return `plan ${event.steps.map(({ text, status }) => `${text}: ${status}`).join('; ')}`;
    case 'review-given':
      return `review of ${event.attempt}: ${event.approved ? 'approved' : 'objected'}`;
    case 'sandbox-rebooted':
      return 'rebooted';
    case 'model-told':
      return `told: ${event.text}`;
    default:
      return event.type;
  }
}
