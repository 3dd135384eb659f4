/** Run, Step, Stop, rollback and re-run: whatever keeps the sandbox busy, one at a time. */
import { CODE_CHECKS } from '../../agent/checks/check-command.ts';
import type { ChecksOptions } from '../../agent/checks/checks.ts';
import type { Person } from '../../agent/person.ts';
import type { Seat } from '../../model/person.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { changesBetween, filesOf } from '../../session/state/selectors.ts';
import type { Attempt } from '../../session/state/session-state.ts';
import { hashTree } from '../../session/tree.ts';
import type { AttemptId } from '../../session/values.ts';
import { formatRollback } from '../format.ts';
import { chooseModel, chooseRoleModels } from '../models.ts';
import { messageOf, type Page } from '../page.ts';
import type { CheckUse, Settings } from '../settings.ts';
import { createStepGate, type StepGate } from '../step-gate.ts';
import { isBusy } from '../view.ts';
import type { CurrentSession } from './current-session.ts';
import { rerunSession } from './rerun.ts';
import type { SandboxHolder } from './sandbox-holder.ts';

interface RunnerParts {
  readonly session: CurrentSession;
  readonly sandbox: SandboxHolder;
  readonly person: Person & Seat;
}

export class Runner {
  readonly #page: Page;
  readonly #session: CurrentSession;
  readonly #sandbox: SandboxHolder;
  readonly #person: Person & Seat;
  #gate: StepGate | null = null;
  #abort: AbortController | null = null;

  constructor(page: Page, { session, sandbox, person }: RunnerParts) {
    this.#page = page;
    this.#session = session;
    this.#sandbox = sandbox;
    this.#person = person;
  }

  run(): Promise<void> {
    if (this.#activity === 'paused') {
      this.#gate?.open();
      return Promise.resolve();
    }
    return this.#start(createStepGate('open', this.#onWait));
  }

  step(): Promise<void> {
    if (this.#activity === 'paused') {
      this.#gate?.pass();
      return Promise.resolve();
    }
    return this.#start(createStepGate('closed', this.#onWait));
  }

  stop(): void {
    const { activity } = this.#page.view.get();
    if (!this.#abort || activity.kind === 'stopping') return;
    const since = 'since' in activity ? activity.since : Date.now();
    this.#page.view.set({ activity: { kind: 'stopping', since } });
    this.#abort.abort(new DOMException('Stopped by you.', 'AbortError'));
  }

  async rollback(attempt: AttemptId): Promise<void> {
    const { access, activity, session } = this.#page.view.get();
    const target = session.attempts[attempt];
    if (access !== 'own' || isBusy(activity) || !target) return;
    this.#page.view.set({ activity: { kind: 'rolling-back', attempt } });
    try {
      await this.#moveHead(target);
    } catch (error) {
      this.#page.tell('bad', `Nothing was rolled back: ${messageOf(error)}`);
    } finally {
      await this.#end();
    }
  }

  /** Does all that the log holds again, in an empty sandbox, and compares. */
  async rerun(): Promise<void> {
    const { activity, session } = this.#page.view.get();
    if (isBusy(activity) || !session.task) return;
    const abort = new AbortController();
    this.#abort = abort;
    this.#page.output.clear();
    this.#page.view.set({ activity: { kind: 'rerunning', since: Date.now() } });
    await rerunSession(this.#page, this.#session.file, { boot: () => this.#sandbox.boot(), signal: abort.signal });
    await this.#end();
  }

  get #activity(): string {
    return this.#page.view.get().activity.kind;
  }

  async #start(gate: StepGate): Promise<void> {
    const { access, activity, session } = this.#page.view.get();
    if (access !== 'own' || isBusy(activity) || !session.task) return;
    const abort = new AbortController();
    this.#gate = gate;
    this.#abort = abort;
    this.#page.output.clear();
    const since = Date.now();
    this.#page.view.set({ activity: { kind: 'starting', since }, notice: null, liveText: '', panel: 'steps' });
    try {
      await this.#runAgent(gate, abort.signal, since);
    } catch (error) {
      if (abort.signal.aborted) this.#page.tell('info', 'Stopped before the run began.');
      else this.#page.tell('bad', `The run could not go on: ${messageOf(error)}`);
    } finally {
      await this.#end();
    }
  }

  async #runAgent(gate: StepGate, signal: AbortSignal, since: number): Promise<void> {
    const { view, output } = this.#page;
    const { session, settings } = view.get();
    const { log } = this.#session;
    if (!session.task) return;
    const [{ runAgent }, model, models, sandbox, hidden] = await abortable(
      Promise.all([
        import('../../agent/run-agent.ts'),
        chooseModel(settings, this.#person),
        chooseRoleModels(settings),
        this.#sandbox.boot(),
        this.#session.heldOut(),
      ]),
      signal,
    );
    view.set({ activity: { kind: 'running', since } });
    const unsubscribe = log.subscribe(({ type }) => {
      if (type === 'model-replied' || type === 'model-retried') view.set({ liveText: '' });
      if (type === 'attempt-made' || type === 'verdict-reached')
        view.set({ selection: { ...view.get().selection, attempt: null, tab: 'diff', file: null } });
    });
    try {
      await runAgent({
        task: session.task,
        log,
        state: session,
        sandbox,
        model,
        models,
        strategy: settings.strategy,
        candidates: settings.candidates,
        person: this.#person,
        mode: settings.mode,
        rules: { allow: settings.allowed },
        secrets: [settings.key],
        limits: settings.limits,
        checks: { ...(hidden ? { hidden } : {}), ...checksOf(settings) },
        signal,
        gate: (call) => gate.wait(call.name, signal),
        onText: (text) => view.set({ liveText: view.get().liveText + text }),
        onOutput: (text) => output.append(text),
      });
    } finally {
      unsubscribe();
    }
  }

  /** Idle again; a sandbox that was lost meanwhile is brought back first. */
  async #end(): Promise<void> {
    const { view } = this.#page;
    const { session } = view.get();
    this.#abort = null;
    this.#gate = null;
    await this.#sandbox.revive(filesOf(session, session.head));
    view.set({ activity: { kind: 'idle' }, liveText: '' });
  }

  #onWait = (tool: string | null): void => {
    const { activity } = this.#page.view.get();
    if (activity.kind !== 'running' && activity.kind !== 'paused') return;
    const { since } = activity;
    this.#page.view.set({ activity: tool === null ? { kind: 'running', since } : { kind: 'paused', since, tool } });
  };

  async #moveHead(target: Attempt): Promise<void> {
    const { view } = this.#page;
    const { session, selection } = view.get();
    const changes = changesBetween(session, session.head, target.id);
    const sandbox: Sandbox = await this.#sandbox.boot();
    const { milliseconds } = await sandbox.restore(filesOf(session, target.id));
    const tree = hashTree((await sandbox.snapshot()).files);
    if (tree !== target.tree) {
      throw new Error(`the files' hash is ${tree.slice(0, 10)}, and should be ${target.tree.slice(0, 10)}.`);
    }
    const removed = changes.filter(({ content }) => content === null).length;
    const written = changes.length - removed;
    this.#session.log.append({ type: 'head-moved', attempt: target.id, tree, written, removed, milliseconds });
    view.set({ selection: { ...selection, attempt: null } });
    this.#page.tell(
      'good',
      `Rolled back to attempt ${target.id}: ${formatRollback(written, removed)}. Verified: tree ${tree.slice(0, 12)}.`,
    );
  }
}

/** Which of lint and types run, and which must pass. */
function checksOf({ checks }: Settings): Pick<ChecksOptions, 'run' | 'require'> {
  const used = (use: CheckUse) => CODE_CHECKS.filter((check) => checks[check] === use);
  return { run: used('show'), require: used('require') };
}

function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    promise.then(resolve, reject);
  });
}
