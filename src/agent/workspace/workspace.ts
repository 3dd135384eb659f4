import { type Branch, type CommandResult, type FolderEntry, SandboxLostError } from '../../sandbox/sandbox.ts';
import { applyChanges } from '../../session/apply-changes.ts';
import { contentAt } from '../../session/content.ts';
import type { Content, FileChange, Files } from '../../session/files.ts';
import { filesOf } from '../../session/state/selectors.ts';
import { diffFiles, hashTree } from '../../session/tree.ts';
import type { AttemptId, CheckResult, Phase, TestResult, TreeHash, Verdict } from '../../session/values.ts';
import { elide } from '../elide.ts';
import { DEFAULT_DEADLINES, DEFAULT_OUTPUT } from '../limits/limits.ts';
import { changedBeside } from '../policy/audit.ts';
import { PermissionDenied } from '../policy/permission-denied.ts';
import type { Scene } from '../policy/permissions.ts';
import { createPolicy, type Policy } from '../policy/policy.ts';
import { type Guard, judgeSnapshot, putBack, putBackHidden, type Undone } from '../policy/put-back.ts';
import { type Refusal, Refusals } from '../policy/refusals.ts';
import { findSecretFiles } from '../policy/secrets/secret-files.ts';
import { seenPlaceholders } from '../policy/secrets/seen-placeholders.ts';
import { type AttemptBook, type BookedAttempt, createAttemptBook } from './attempt-book.ts';
import { type CheckWork, checkAttempt } from './check-attempt.ts';
import { createOutputs } from './outputs.ts';
import { SupervisedCopy } from './supervised-copy.ts';
import type { DoneCommand, TestGround } from './test-ground.ts';
import type { Baseline, Verification } from './verification.ts';
import { Verifier } from './verifier.ts';
import type { WorkspaceOptions } from './workspace-options.ts';

export interface CommandReport {
  readonly result: CommandResult;
  readonly changes: readonly FileChange[];
  /** Paths that the command changed against the policy: put back. */
  readonly undone: readonly string[];
}

/** The task's files while a run works on them: every change and every command goes through here, and into the log. */
export class Workspace {
  readonly attempts: AttemptBook;
  /** Long outputs, to be read on in. */
  readonly outputs = createOutputs();
  #files: Files;
  readonly #options: WorkspaceOptions;
  readonly #copy: SupervisedCopy;
  #policy: Policy;
  readonly #refusals = new Refusals();
  /** The working copy's name, where it is not the run's own. */
  readonly #place: { readonly branch?: string };
  #guard: Guard;
  /** What the run put placeholders in place of. */
  #secrets: readonly FileChange[] = [];
  readonly #ground: TestGround;
  readonly #verifier: Verifier;

  /** The run's own; a further one is made with `fork`. */
  constructor(options: WorkspaceOptions, fork?: { readonly attempts: AttemptBook; readonly branch: string }) {
    this.#options = options;
    this.#copy = new SupervisedCopy(options, () => this.#files);
    this.#policy = this.#refusals.of(createPolicy(options.task));
    this.attempts = fork?.attempts ?? createAttemptBook(options.state);
    this.#files = fork ? fork.attempts.base.files : filesOf(options.state, options.state.head);
    this.#place = fork ? { branch: fork.branch } : {};
    const holds = options.redactor?.holds ?? (() => null);
    this.#guard = { policy: this.policy, masked: [], exposed: options.task.secrets === true, links: {}, holds };
    this.#ground = {
      options,
      copy: this.#copy,
      attempts: this.attempts,
      place: this.#place,
      files: () => this.#files,
      policy: () => this.#policy,
      keep: () => this.keep(),
      putBack: () => this.#putBack(),
      putBackInstalled: () => this.#putBackInstalled(),
      logCommand: (call, done) => this.#emitCommand(call, done),
      logUndone: (call, undone) => this.#emitUndone(call, undone),
      forLog: (output) => elide(output, options.limits.output ?? DEFAULT_OUTPUT),
    };
    this.#verifier = new Verifier(this.#ground);
  }

  /** The deadline that a command gets, in seconds: what is wished, as far as the limits allow it. */
  deadlineOf(seconds: number): number {
    return Math.min(seconds, this.#options.limits.commandSeconds ?? DEFAULT_DEADLINES.commandSeconds);
  }

  /** A further working copy, which holds this one's files already; they must be an attempt. */
  fork(copy: Branch, onOutput: WorkspaceOptions['onOutput']): Workspace {
    const attempts = this.attempts.fork(this.keep());
    const forked = new Workspace({ ...this.#options, sandbox: copy, onOutput }, { attempts, branch: copy.name });
    forked.#policy = forked.#refusals.of(this.#policy);
    forked.#verifier.learn(this.#verifier);
    forked.#guard = this.#guard;
    // It gets the masked files before its first command.
    if (!this.#guard.exposed) forked.#copy.furnish(this.#guard.masked);
    return forked;
  }

  get files(): Files {
    return this.#files;
  }

  get tree(): TreeHash {
    return hashTree(this.#files);
  }

  get testCommand(): string {
    return this.#verifier.testCommand;
  }

  get policy(): Policy {
    return this.#policy;
  }

  /** Why paths were refused since it was last asked. */
  takeRefusals(): ReadonlyMap<string, Refusal> {
    return this.#refusals.take();
  }

  /** From now on other rules hold, or another command runs the tests. */
  adopt({ policy, testCommand }: { readonly policy?: Policy; readonly testCommand?: string }): void {
    if (policy) this.#policy = this.#refusals.of(policy);
    if (policy ?? testCommand) this.#verifier.beginAnew(testCommand);
  }

  /** The verdict on the files as they are now; null when they were not tested yet. */
  get verdict(): Verdict | null {
    return this.#verifier.verdict;
  }

  /** The last run of the tests, where it was on the files as they are now. */
  get verification(): Verification | null {
    return this.#verifier.verification;
  }

  /** What the tests said of the session's first files; null where that is not known, or they are not the tests of now. */
  get baseline(): Baseline | null {
    return this.#verifier.baseline;
  }

  /** The failing tests, where the task says of each that it need not pass; a sentence where it does not; null where all pass. */
  get left(): readonly TestResult[] | string | null {
    return this.#verifier.left;
  }

  /** The tests pass, as far as the task asks for them. */
  get isGood(): boolean {
    return typeof this.left !== 'string';
  }

  /** Keeps the files as an attempt if they are new, and runs the task's tests on them: `Verifier.verify`. */
  verify(call: string, mostSeconds?: number): Promise<Verification> {
    return this.#verifier.verify(call, mostSeconds);
  }

  /** Runs the tests once more on the session's first files: `Verifier.verifyStart`. */
  verifyStart(): Promise<Verdict | null> {
    return this.#verifier.verifyStart();
  }

  /** Runs a check on an attempt's files: `checkAttempt`. */
  check(attempt: Pick<BookedAttempt, 'id' | 'files'>, work: CheckWork): Promise<CheckResult | null> {
    return checkAttempt(this.#ground, attempt, work);
  }

  /** Makes the sandbox hold the files that the run starts from. */
  async open(): Promise<void> {
    await this.recover();
    await this.#maskSecrets();
    this.#options.signal.throwIfAborted();
  }

  /** What is to be done once the run has its outcome, whatever it was: the files with secrets are the real ones again. */
  async unmask(): Promise<void> {
    const real = this.#secrets;
    this.#secrets = [];
    if (real.length === 0) return;
    try {
      await this.#options.sandbox.write(real);
    } catch (error) {
      // A sandbox that is booted again has them: it was told.
      if (!(error instanceof SandboxLostError)) throw error;
    }
  }

  async #maskSecrets(): Promise<void> {
    const { sandbox, redactor, emit, run, task } = this.#options;
    const { omitted, links = {} } = await this.#copy.use((copy) => copy.snapshot());
    const { real, masked, values } = await this.#copy.use((copy) => findSecretFiles(copy, omitted));
    this.#guard = { ...this.#guard, masked, links };
    redactor?.know('.env file', values, this.#files);
    if (real.length === 0) return;
    const exposed = task.secrets === true;
    emit({ type: 'secrets-masked', run, files: masked, exposed });
    if (exposed) return;
    this.#secrets = real;
    await sandbox.write(masked);
  }

  /** Makes the sandbox hold what the log says: after something failed in the middle. */
  async recover(): Promise<void> {
    await this.#copy.use((sandbox) => sandbox.restore(this.#files));
  }

  /** A file as it is, also of what is installed, ignored or large; null when there is none. The caller has asked the policy. */
  async read(path: string): Promise<Content | null> {
    return contentAt(this.#files, path) ?? (await this.#copy.use((sandbox) => sandbox.read(path)));
  }

  /** What is in a folder, also of what is installed or ignored; null when there is no such folder. */
  list(folder: string): Promise<readonly FolderEntry[] | null> {
    return this.#copy.use((sandbox) => sandbox.list(folder));
  }

  /** An edit. Rejects with PermissionDenied, and has changed nothing then. */
  async change(call: string, changes: readonly FileChange[]): Promise<void> {
    for (const change of changes) {
      const refusal = this.policy.refuseChange(change, contentAt(this.#files, change.path) ?? null);
      if (refusal !== null) throw new PermissionDenied(refusal);
    }
    await this.#options.permissions?.change(call, changes, this.#scene());
    await this.#write(call, changes);
  }

  /** An edit that is granted already, of what is protected: its code alone is judged. Rejects with PermissionDenied. */
  async changeProtected(call: string, changes: readonly FileChange[], policy: Policy): Promise<void> {
    await this.#options.permissions?.change(call, changes, { ...this.#scene(), policy, isGranted: true });
    await this.#write(call, changes);
  }

  async #write(call: string, changes: readonly FileChange[]): Promise<void> {
    await this.#copy.use((sandbox) => sandbox.write(changes));
    this.#hold(applyChanges(this.#files, changes));
    const { emit, run } = this.#options;
    emit({ type: 'files-changed', run, ...this.#place, call, changes, tree: this.tree });
  }

  /** Runs a command; what it changes is found, logged, and kept where the policy allows it. */
  async run(call: string, command: string, timeoutSeconds: number): Promise<CommandReport> {
    const granted = await this.#options.permissions?.command(call, command, this.#scene());
    const result = await this.#copy.execute(command, this.deadlineOf(timeoutSeconds));
    const { changes, undone } = await this.#settle();
    this.#emitCommand(call, { command, result, changes });
    this.#emitSeen(call, result.output);
    const beside = granted?.installs ? [] : await this.#putBackInstalled();
    this.#emitUndone(call, [...undone, ...beside]);
    this.#options.signal.throwIfAborted();
    return { result, changes, undone: [...undone, ...beside].map(({ path }) => path) };
  }

  /** After a command. What it did is known before anything is put back: a sandbox that is lost meanwhile is booted with what may stay. */
  async #settle(): Promise<{ readonly changes: readonly FileChange[]; readonly undone: readonly Undone[] }> {
    const before = this.#files;
    const snapshot = await this.#copy.use((sandbox) => sandbox.snapshot());
    const judged = judgeSnapshot(snapshot, before, this.#guard);
    this.#hold(judged.files);
    const hidden = await this.#copy.use((sandbox) =>
      putBack(sandbox, { snapshot, judged, before, guard: this.#guard }),
    );
    return { changes: judged.changes, undone: [...judged.forbidden, ...hidden] };
  }

  /** Asks whether the tests may be run, where each step is to be confirmed. Rejects with PermissionDenied. */
  async askForTests(call: string): Promise<void> {
    await this.#options.permissions?.tests(call, this.testCommand);
  }

  /** Runs a command to see what it says: what it writes is put back. */
  async tryOut(call: string, command: string, timeoutSeconds: number): Promise<CommandResult> {
    await this.#options.permissions?.command(call, command, this.#scene());
    const result = await this.#copy.execute(command, this.deadlineOf(timeoutSeconds));
    const undone = await this.#putBack();
    this.#emitCommand(call, { command, result, changes: [], putBack: true });
    this.#emitUndone(call, undone);
    this.#options.signal.throwIfAborted();
    return result;
  }

  /** Asks whether the run may end as solved although tests fail. Whether somebody was asked; rejects with PermissionDenied. */
  async askToFinish(call: string, what: string, reasons: readonly string[]): Promise<boolean> {
    return (await this.#options.permissions?.finish(call, what, reasons)) ?? false;
  }

  /** Goes on from an attempt: the working copy has its files. Of the run's own working copy only. */
  async moveTo(attempt: AttemptId): Promise<void> {
    const { emit, signal } = this.#options;
    const { files, tree } = this.attempts.get(attempt);
    const restored = await this.#copy.use((sandbox) => sandbox.restore(files));
    const { written, removed, milliseconds } = restored;
    this.#files = files;
    this.attempts.moveTo(attempt);
    emit({ type: 'head-moved', attempt, tree, written, removed, milliseconds });
    signal.throwIfAborted();
  }

  /** Nothing is lost at the end: files that no attempt holds become one, and head names the attempt that the run's own files are. */
  close(): void {
    const head = this.attempts.newest;
    const current = this.keep();
    if (this.#place.branch === undefined && this.attempts.newest === head && current !== head) {
      const { emit } = this.#options;
      emit({ type: 'head-moved', attempt: current, tree: this.tree, written: 0, removed: 0, milliseconds: 0 });
    }
  }

  /** `repair` once an attempt of this run has failed; `edit` before. */
  get changingPhase(): Phase {
    return this.attempts.hasOwnFailure ? 'repair' : 'edit';
  }

  /** The attempt that the files are: made now if there is none. */
  keep(): AttemptId {
    const known = this.attempts.of(this.tree);
    if (known) return known.id;
    const { emit, run, spending } = this.#options;
    const parent = this.attempts.base;
    const changes = diffFiles(parent.files, this.#files);
    const made = this.attempts.add(this.tree, this.#files);
    spending.attempt();
    emit({ type: 'attempt-made', run, ...this.#place, attempt: made.id, parent: parent.id, tree: this.tree, changes });
    return made.id;
  }

  #scene(): Scene {
    const { sandbox } = this.#options;
    const read = async (paths: readonly string[]): Promise<Files> => {
      const found = await Promise.all(paths.map(async (path) => [path, await sandbox.read(path)] as const));
      return Object.fromEntries(found.flatMap(([path, content]) => (content === null ? [] : [[path, content]])));
    };
    const list = async (folder: string) => ((await sandbox.list(folder)) ?? []).map(({ name }) => name);
    return { files: this.#files, folder: sandbox.folder, read, list, policy: this.#policy };
  }

  /** What a command changed in installed code is gone with the sandbox that it ran in. */
  async #putBackInstalled(): Promise<readonly Undone[]> {
    const { signal } = this.#options;
    if (signal.aborted) return [];
    const found = await this.#copy.use((copy) => changedBeside(copy, this.#copy.startedAt, signal));
    if (found.length === 0) return [];
    await this.#copy.reboot('Installed code or programs were changed.');
    return found;
  }

  #emitSeen(call: string, output: string): void {
    const { emit, run } = this.#options;
    const findings = this.#guard.exposed ? [] : seenPlaceholders(output, this.#guard.masked);
    if (findings.length > 0) emit({ type: 'risk-found', run, call, findings });
  }

  #emitUndone(call: string, undone: readonly Undone[]): void {
    const { emit, run } = this.#options;
    if (undone.length > 0) emit({ type: 'changes-undone', run, call, undone });
  }

  #hold(files: Files): void {
    this.#files = files;
    this.attempts.settle(this.tree);
  }

  /** The files of the copy are what they were before a command. What it did to hidden files is told. */
  async #putBack(): Promise<readonly Undone[]> {
    const hidden = await this.#copy.use(async (sandbox) =>
      putBackHidden(sandbox, await sandbox.snapshot(), this.#guard),
    );
    await this.#copy.use((sandbox) => sandbox.restore(this.#files));
    return hidden;
  }

  #emitCommand(call: string, { command, result, changes, putBack }: DoneCommand): void {
    const { exitCode, ended, milliseconds } = result;
    const output = this.#ground.forLog(result.output);
    const { emit, run } = this.#options;
    emit({
      type: 'command-finished',
      run,
      ...this.#place,
      call,
      command,
      exitCode,
      ended,
      output,
      milliseconds,
      tree: this.tree,
      changes,
      ...(putBack ? { putBack } : {}),
    });
  }
}
