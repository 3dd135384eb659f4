import {
  type Branch,
  type CommandResult,
  type FolderEntry,
  SandboxLostError,
  type WorkingCopy,
} from '../../sandbox/sandbox.ts';
import { applyChanges } from '../../session/apply-changes.ts';
import { contentAt } from '../../session/content.ts';
import type { NewEvent } from '../../session/events.ts';
import type { Content, FileChange, Files } from '../../session/files.ts';
import { filesOf } from '../../session/state/selectors.ts';
import type { SessionState } from '../../session/state/session-state.ts';
import { diffFiles, hashTree, overlayFiles } from '../../session/tree.ts';
import type {
  AttemptId,
  CheckName,
  CheckResult,
  Limits,
  Phase,
  RunId,
  TestResult,
  TreeHash,
  Verdict,
} from '../../session/values.ts';
import type { TaskDescription } from '../../task/task.ts';
import { elide } from '../elide.ts';
import { describeAsked, hasLists, leftByTask, unaskedIn } from '../left/left-by-task.ts';
import { failingAlike } from '../left/same-failure.ts';
import { unlike } from '../left/unlike.ts';
import { DEFAULT_DEADLINES, DEFAULT_OUTPUT } from '../limits/limits.ts';
import type { Spending } from '../limits/spending.ts';
import { changedBeside, touchedSince } from '../policy/audit.ts';
import { PermissionDenied } from '../policy/permission-denied.ts';
import type { Permissions, Scene } from '../policy/permissions.ts';
import { createPolicy, type Policy } from '../policy/policy.ts';
import { type Guard, putBackHidden, settle, type Undone } from '../policy/put-back.ts';
import { type Refusal, Refusals } from '../policy/refusals.ts';
import type { Redactor } from '../policy/secrets/redact.ts';
import { findSecretFiles } from '../policy/secrets/secret-files.ts';
import { seenPlaceholders } from '../policy/secrets/seen-placeholders.ts';
import { type AgainstStart, compareWithStart } from '../verdict/against-start.ts';
import { doubtOf } from '../verdict/doubt-verdict.ts';
import { parseVerdict } from '../verdict/parse-verdict.ts';
import { type AttemptBook, type BookedAttempt, createAttemptBook } from './attempt-book.ts';
import { createOutputs } from './outputs.ts';
import { SupervisedCopy } from './supervised-copy.ts';

/** Once the tests are known to end, an attempt that takes this many times as long is taken for an endless loop. */
const TEST_PATIENCE = 10;
const SHORTEST_TEST_DEADLINE = 10;
const CHECK_SECONDS = 180;
/** So few tests that fail anew are run once more, where that does not take long: a race or a timer may have failed them. */
const MOST_DOUBTED = 2;
const LONGEST_AGAIN_SECONDS = 60;
/** The first files are tested once more at the end of a run alone. */
const LONGEST_START_SECONDS = 150;
/** Of what is protected, what is run, or compared with: other files are results. */
const JUDGES = /\.(?:[cm]?[jt]sx?|snap(?:shot)?)$/i;
const TAMPERED = 'It was written or moved while the tests ran, so what they said does not count.';
export interface CommandReport {
  readonly result: CommandResult;
  readonly changes: readonly FileChange[];
  /** Paths that the command changed against the policy: put back. */
  readonly undone: readonly string[];
}

export interface Verification {
  readonly attempt: AttemptId;
  readonly verdict: Verdict;
  readonly output: string;
  readonly ended: CommandResult['ended'];
  /** How long the tests ran. */
  readonly seconds: number;
  /** What they did to the tests that failed when the run began; null on the files of then, and where it is not known. */
  readonly sinceStart: AgainstStart | null;
  /** Names of tests that failed in one of two runs on the same files; they were run twice where one or two alone had failed anew. */
  readonly unsteady?: readonly string[];
  /** Keys of the tests that fail with the message of the start. */
  readonly asAtStart?: ReadonlySet<string>;
  /** Keys of failing tests that the task does not ask for. */
  readonly unasked?: ReadonlySet<string>;
  /** Where the task lists tests: what they say of the failing ones, in a sentence for the model. */
  readonly asked?: string;
}

/** The tests' run, before it is judged. */
interface Tested {
  readonly result: CommandResult;
  readonly verdict: Verdict;
  /** Protected files that were written meanwhile. */
  readonly touched: readonly string[];
  readonly undone: readonly Undone[];
  /** Of all that, what may have changed what the tests say. */
  readonly tampered: readonly Undone[];
}

/** What the tests said before anything was changed. */
export interface Baseline {
  readonly files: Files;
  readonly verdict: Verdict;
}

interface StartVerdict {
  /** The tests' command. */
  readonly command: string;
  readonly files: Files;
  readonly verdict: Verdict | null;
  readonly touched: ReadonlySet<string>;
}

export interface CheckWork {
  readonly check: CheckName;
  readonly command: string;
  /** Laid over the attempt's files for this check alone. */
  readonly over?: Files;
  readonly judge: (result: CommandResult) => Pick<CheckResult, 'passed' | 'verdict' | 'problems'>;
  readonly signal: AbortSignal;
}

export interface WorkspaceOptions {
  readonly run: RunId;
  readonly task: TaskDescription;
  readonly state: SessionState;
  readonly sandbox: WorkingCopy;
  readonly limits: Limits;
  readonly spending: Spending;
  readonly signal: AbortSignal;
  readonly emit: (event: NewEvent) => void;
  readonly onOutput: ((text: string) => void) | undefined;
  /** Without it nothing is asked: the policy alone decides. */
  readonly permissions?: Permissions;
  /** Secrets that it knows never come out of a command. */
  readonly redactor?: Redactor;
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
  #testCommand: string;
  /** The working copy's name, where it is not the run's own. */
  readonly #place: { readonly branch?: string };
  #guard: Guard;
  /** What the run put placeholders in place of. */
  #secrets: readonly FileChange[] = [];
  /** Until it is known how long the tests run. */
  #testSeconds = Number.POSITIVE_INFINITY;
  #verification: Verification | null = null;
  /** What the tests said of the files that the run started from, and which protected files they write themselves. */
  #start: StartVerdict;

  /** The run's own; a further one is made with `fork`. */
  constructor(options: WorkspaceOptions, fork?: { readonly attempts: AttemptBook; readonly branch: string }) {
    this.#options = options;
    this.#copy = new SupervisedCopy(options, () => this.#files);
    this.#policy = this.#refusals.of(createPolicy(options.task));
    this.#testCommand = options.task.test;
    this.attempts = fork?.attempts ?? createAttemptBook(options.state);
    this.#files = fork ? fork.attempts.base.files : filesOf(options.state, options.state.head);
    this.#place = fork ? { branch: fork.branch } : {};
    this.#start = {
      command: this.#testCommand,
      files: this.#files,
      verdict: this.attempts.base.verdict,
      touched: new Set(),
    };
    const holds = options.redactor?.holds ?? (() => null);
    this.#guard = { policy: this.policy, masked: [], exposed: options.task.secrets === true, links: {}, holds };
  }

  /** The deadline that a command gets, in seconds: what is wished, as far as the limits allow it. */
  deadlineOf(seconds: number): number {
    return Math.min(seconds, this.#options.limits.commandSeconds ?? DEFAULT_DEADLINES.commandSeconds);
  }

  get #longestTest(): number {
    return this.#options.limits.testSeconds ?? DEFAULT_DEADLINES.testSeconds;
  }

  /** A further working copy, which holds this one's files already; they must be an attempt. */
  fork(copy: Branch, onOutput: WorkspaceOptions['onOutput']): Workspace {
    const attempts = this.attempts.fork(this.keep());
    const forked = new Workspace({ ...this.#options, sandbox: copy, onOutput }, { attempts, branch: copy.name });
    forked.adopt(this);
    forked.#testSeconds = this.#testSeconds;
    forked.#verification = this.#verification;
    forked.#start = this.#start;
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
    return this.#testCommand;
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
    this.#testCommand = testCommand ?? this.#testCommand;
    const command = this.#testCommand;
    if (policy ?? testCommand) this.#start = { command, files: this.#files, verdict: null, touched: new Set() };
  }

  /** The verdict on the files as they are now; null when they were not tested yet. */
  get verdict(): Verdict | null {
    return this.attempts.of(this.tree)?.verdict ?? null;
  }

  /** What the tests said of the session's first files; null where that is not known, or they are not the tests of now. */
  get baseline(): Baseline | null {
    const { state } = this.#options;
    const [first] = state.order;
    const isFirst = first !== undefined && state.head === first;
    const { files, verdict, command } = this.#start;
    if (isFirst && command === this.#testCommand) return verdict === null ? null : { files, verdict };
    const origin = first === undefined || command !== this.#options.task.test ? null : this.attempts.get(first);
    return origin?.verdict ? { files: origin.files, verdict: origin.verdict } : null;
  }

  /** The failing tests, where the task says of each that it need not pass; a sentence where it does not; null where all pass. */
  get left(): readonly TestResult[] | string | null {
    const { verdict } = this;
    if (verdict?.passed) return null;
    const { task } = this.#options;
    if (verdict === null) return 'The tests were not run on these files.';
    return hasLists(task) ? leftByTask(task, this.baseline?.verdict ?? null, verdict) : 'All tests must pass.';
  }

  /** The tests pass, as far as the task asks for them. */
  get isGood(): boolean {
    return typeof this.left !== 'string';
  }

  /** The last run of the tests, where it was on the files as they are now. */
  get verification(): Verification | null {
    const current = this.attempts.of(this.tree)?.id;
    return this.#verification?.attempt === current ? this.#verification : null;
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
    const { files, changes, undone } = await this.#copy.use((sandbox) => settle(sandbox, this.#files, this.#guard));
    this.#hold(files);
    this.#emitCommand(call, { command, result, changes });
    this.#emitSeen(call, result.output);
    const beside = granted?.installs ? [] : await this.#putBackInstalled();
    this.#emitUndone(call, [...undone, ...beside]);
    this.#options.signal.throwIfAborted();
    return { result, changes, undone: [...undone, ...beside].map(({ path }) => path) };
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

  /**
   * Keeps the files as an attempt if they are new, runs the task's test command on them and judges it by its exit code and output. Where
   * what failed at the start passes and one or two others fail, the tests are run once more: the later run counts.
   */
  async verify(call: string, mostSeconds = this.#longestTest): Promise<Verification> {
    const first = await this.#verifyOnce(call, mostSeconds);
    const { sinceStart, ended, seconds } = first;
    const isDoubted = sinceStart && sinceStart.mended > 0 && sinceStart.broken.length > 0;
    if (!isDoubted || sinceStart.broken.length > MOST_DOUBTED || first.verdict.doubt !== undefined) return first;
    if (ended !== 'exited' || seconds > Math.min(LONGEST_AGAIN_SECONDS, mostSeconds)) return first;
    const second = await this.#verifyOnce(call, mostSeconds);
    const unsteady = unlike(first.verdict, second.verdict);
    if (unsteady.length > 0) this.#verification = { ...second, unsteady };
    return this.#verification ?? second;
  }

  async #verifyOnce(call: string, mostSeconds: number): Promise<Verification> {
    const { emit, run, signal, spending, task } = this.#options;
    const attempt = this.keep();
    let tested = await this.#test(mostSeconds);
    if (tested.verdict.passed && tested.tampered.length > 0) {
      // Something that an earlier command left behind may have done it: with all processes gone it is seen whether the code itself does.
      await this.#copy.use((sandbox) => sandbox.reboot(this.#files));
      emit({ type: 'changes-undone', run, call, undone: tested.tampered, rebooted: true });
      tested = await this.#test(mostSeconds);
    }
    const { result, undone, tampered } = tested;
    this.#emitCommand(call, { command: this.testCommand, result, changes: [] });
    signal.throwIfAborted();
    const verdict = this.#doubted(tested);
    const { files: startFiles, verdict: before } = this.#start;
    const sinceStart = this.#files === startFiles ? null : compareWithStart(before, verdict);
    const asAtStart = sinceStart && before ? failingAlike(before, verdict) : new Set<string>();
    this.#noteStart(attempt, tested);
    this.attempts.judge(attempt, verdict);
    emit({ type: 'verdict-reached', run, ...this.#place, attempt, verdict, spent: spending.now() });
    this.#emitUndone(call, verdict.doubt === undefined ? undone : [...undone, ...tampered]);
    const { output, ended, milliseconds } = result;
    const listed = hasLists(task) && !verdict.passed;
    const unasked = listed ? unaskedIn(task, this.baseline?.verdict ?? null, verdict) : new Set<string>();
    const asked = listed ? { asked: describeAsked(this.left), unasked } : {};
    const verification = {
      attempt,
      verdict,
      output,
      ended,
      seconds: milliseconds / 1000,
      sinceStart,
      asAtStart,
      ...asked,
    };
    this.#verification = verification;
    return verification;
  }

  /**
   * Runs the tests once more on the session's first files; the files are as before then. Null where that takes too long, was stopped, or
   * there is nothing to compare with.
   */
  async verifyStart(): Promise<Verdict | null> {
    const { baseline } = this;
    const attempt = baseline && this.attempts.of(hashTree(baseline.files));
    if (!attempt || (this.#verification?.seconds ?? 0) > LONGEST_START_SECONDS) return null;
    const { signal } = this.#options;
    const judge = ({ exitCode, output }: CommandResult) => {
      const verdict = parseVerdict(exitCode, output);
      return { passed: verdict.passed, verdict };
    };
    const found = await this.check(attempt, { check: 'start', command: this.testCommand, judge, signal });
    signal.throwIfAborted();
    return found?.ended === 'exited' ? (found.verdict ?? null) : null;
  }

  /** Asks whether the run may end as solved although tests fail. Whether somebody was asked; rejects with PermissionDenied. */
  async askToFinish(call: string, what: string, reasons: readonly string[]): Promise<boolean> {
    return (await this.#options.permissions?.finish(call, what, reasons)) ?? false;
  }

  /** Runs the tests; the files are as before then. */
  async #test(mostSeconds: number): Promise<Tested> {
    const result = await this.#copy.execute(
      this.testCommand,
      Math.min(this.#testSeconds, this.#longestTest, mostSeconds),
    );
    if (result.ended === 'exited') {
      const usual = (result.milliseconds / 1000) * TEST_PATIENCE;
      this.#testSeconds = Math.max(SHORTEST_TEST_DEADLINE, usual);
    }
    const verdict = parseVerdict(result.exitCode, result.output);
    const touched = verdict.passed || this.#start.verdict === null ? await this.#touchedTests() : [];
    // The verdict is about the attempt's files alone.
    const hidden = await this.#putBack();
    const beside = await this.#putBackInstalled();
    const changed = touched
      .filter((path) => !this.#start.touched.has(path))
      .map((path) => ({ path, reason: TAMPERED }));
    return { result, verdict, touched, undone: [...hidden, ...beside], tampered: [...changed, ...beside] };
  }

  /** Protected files that were written, replaced or moved while the tests ran, whatever they are now. */
  async #touchedTests(): Promise<readonly string[]> {
    const { signal } = this.#options;
    if (signal.aborted) return [];
    const paths = await this.#copy.use((copy) => touchedSince(copy, this.#copy.startedAt, signal));
    const names = Object.keys(this.#files);
    const isJudge = (path: string) =>
      (contentAt(this.#files, path) !== undefined && JUDGES.test(path)) ||
      names.some((name) => name.startsWith(`${path}/`));
    return paths.filter((path) => isJudge(path) && this.policy.refuseWrite(path) !== null);
  }

  #doubted({ verdict, tampered }: Tested): Verdict {
    const [first] = tampered;
    const { files, verdict: before } = this.#start;
    const doubt = first
      ? `${first.path} was changed while the tests ran.`
      : doubtOf(verdict, { before, startFiles: files, files: this.#files, command: this.testCommand });
    return verdict.passed && doubt !== null ? { ...verdict, passed: false, doubt } : verdict;
  }

  #noteStart(attempt: AttemptId, { verdict, touched }: Tested): void {
    const { command, files, verdict: before } = this.#start;
    if (before !== null || this.attempts.get(attempt).files !== files) return;
    this.#start = { command, files, verdict, touched: new Set(touched) };
  }

  /**
   * Runs a check on an attempt's files, with others laid over them, and puts back the files as they were before: nothing that it
   * writes stays. Null when it was stopped: then nothing is known, and nothing logged.
   */
  async check(attempt: Pick<BookedAttempt, 'id' | 'files'>, work: CheckWork): Promise<CheckResult | null> {
    const { check, command, over = {}, judge, signal } = work;
    const { run, emit } = this.#options;
    const files = overlayFiles(attempt.files, over);
    await this.#copy.use((sandbox) => sandbox.restore(files));
    const { output, ...result } = await this.#copy
      .execute(command, CHECK_SECONDS, { signal, files })
      .finally(() => this.#takeAway(over));
    if (result.ended === 'stopped') return null;
    const kept = this.#forLog(output);
    const found: CheckResult = { check, command, ...result, output: kept, ...judge({ ...result, output }) };
    emit({
      type: 'check-finished',
      run,
      attempt: attempt.id,
      ...(Object.keys(over).length > 0 || work.check === 'hidden' ? { files: over } : {}),
      tree: hashTree(files),
      ...found,
    });
    return found;
  }

  /** The files as they were before others were laid over them. What git ignores no snapshot shows: it is removed by name. */
  async #takeAway(over: Files): Promise<void> {
    const laid = Object.keys(over).filter((path) => !Object.hasOwn(this.#files, path));
    await this.#copy.use(async (sandbox) => {
      await sandbox.write(laid.map((path) => ({ path, content: null })));
      await sandbox.restore(this.#files);
    });
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

  #forLog(output: string): string {
    return elide(output, this.#options.limits.output ?? DEFAULT_OUTPUT);
  }

  /** The files of the copy are what they were before a command. What it did to hidden files is told. */
  #putBack() {
    return this.#copy.use(async (sandbox) => {
      const hidden = await putBackHidden(sandbox, await sandbox.snapshot(), this.#guard);
      await sandbox.restore(this.#files);
      return hidden;
    });
  }

  #emitCommand(
    call: string,
    done: { command: string; result: CommandResult; changes: readonly FileChange[]; putBack?: true },
  ): void {
    const { command, result, changes, putBack } = done;
    const { exitCode, ended, milliseconds } = result;
    const output = this.#forLog(result.output);
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
