/** Runs the task's tests on the files of a workspace, and knows what they said before. */
import type { CommandResult } from '../../sandbox/sandbox.ts';
import { contentAt } from '../../session/content.ts';
import type { Files } from '../../session/files.ts';
import { diffFiles, hashTree } from '../../session/tree.ts';
import type { AttemptId, TestResult, Verdict } from '../../session/values.ts';
import { describeAsked, hasLists, leftByTask, unaskedIn } from '../left/left-by-task.ts';
import { failingAlike } from '../left/same-failure.ts';
import { unlike } from '../left/unlike.ts';
import { DEFAULT_DEADLINES } from '../limits/limits.ts';
import { touchedSince } from '../policy/audit.ts';
import type { Undone } from '../policy/put-back.ts';
import { compareWithStart } from '../verdict/against-start.ts';
import { doubtOf } from '../verdict/doubt-verdict.ts';
import { parseVerdict } from '../verdict/parse-verdict.ts';
import { checkAttempt, judgeTests } from './check-attempt.ts';
import type { TestGround } from './test-ground.ts';
import type { Baseline, StartVerdict, Verification } from './verification.ts';

/** Once the tests are known to end, an attempt that takes this many times as long is taken for an endless loop. */
const TEST_PATIENCE = 10;
const SHORTEST_TEST_DEADLINE = 10;
/** So few tests that fail anew are run once more, where that does not take long: a race or a timer may have failed them. */
const MOST_DOUBTED = 2;
const LONGEST_AGAIN_SECONDS = 60;
/** The first files are tested once more at the end of a run alone. */
const LONGEST_START_SECONDS = 150;
/** Of what is protected, what is run, or compared with: other files are results. */
const JUDGES = /\.(?:[cm]?[jt]sx?|snap(?:shot)?)$/i;
const STRAYED = 'It was not as the edits and commands before had left it when the tests were to run.';
const TAMPERED = 'It was written or moved while the tests ran, so what they said does not count.';

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

export class Verifier {
  readonly #ground: TestGround;
  #testCommand: string;
  /** Until it is known how long the tests run. */
  #testSeconds = Number.POSITIVE_INFINITY;
  #verification: Verification | null = null;
  #start: StartVerdict;

  constructor(ground: TestGround) {
    this.#ground = ground;
    const { options, attempts } = ground;
    this.#testCommand = options.task.test;
    this.#start = {
      command: this.#testCommand,
      files: ground.files(),
      verdict: attempts.base.verdict,
      touched: new Set(),
    };
  }

  /** Knows all that the other one knows. */
  learn(other: Verifier): void {
    this.#testCommand = other.#testCommand;
    this.#testSeconds = other.#testSeconds;
    this.#verification = other.#verification;
    this.#start = other.#start;
  }

  /** What the tests said before counts no more: other rules hold, or another command runs them. */
  beginAnew(testCommand = this.#testCommand): void {
    this.#testCommand = testCommand;
    this.#start = { command: testCommand, files: this.#files, verdict: null, touched: new Set() };
  }

  get testCommand(): string {
    return this.#testCommand;
  }

  get #files(): Files {
    return this.#ground.files();
  }

  get longestTest(): number {
    return this.#ground.options.limits.testSeconds ?? DEFAULT_DEADLINES.testSeconds;
  }

  /** The verdict on the files as they are now; null when they were not tested yet. */
  get verdict(): Verdict | null {
    return this.#ground.attempts.of(hashTree(this.#files))?.verdict ?? null;
  }

  /** The last run of the tests, where it was on the files as they are now. */
  get verification(): Verification | null {
    const current = this.#ground.attempts.of(hashTree(this.#files))?.id;
    return this.#verification?.attempt === current ? this.#verification : null;
  }

  /** What the tests said of the session's first files; null where that is not known, or they are not the tests of now. */
  get baseline(): Baseline | null {
    const { options, attempts } = this.#ground;
    const { state, task } = options;
    const [first] = state.order;
    const isFirst = first !== undefined && state.head === first;
    const { files, verdict, command } = this.#start;
    if (isFirst && command === this.#testCommand) return verdict === null ? null : { files, verdict };
    const origin = first === undefined || command !== task.test ? null : attempts.get(first);
    return origin?.verdict ? { files: origin.files, verdict: origin.verdict } : null;
  }

  /** The failing tests, where the task says of each that it need not pass; a sentence where it does not; null where all pass. */
  get left(): readonly TestResult[] | string | null {
    const { verdict } = this;
    if (verdict?.passed) return null;
    const { task } = this.#ground.options;
    if (verdict === null) return 'The tests were not run on these files.';
    return hasLists(task) ? leftByTask(task, this.baseline?.verdict ?? null, verdict) : 'All tests must pass.';
  }

  /**
   * Keeps the files as an attempt if they are new, runs the task's test command on them and judges it by its exit code and output. Where
   * what failed at the start passes and one or two others fail, the tests are run once more: the later run counts.
   */
  async verify(call: string, mostSeconds = this.longestTest): Promise<Verification> {
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
    const { emit, run, signal, spending, task } = this.#ground.options;
    const attempt = this.#ground.keep();
    await this.#putBackStrayed(call);
    let tested = await this.#test(mostSeconds);
    if (tested.verdict.passed && tested.tampered.length > 0) {
      // Something that an earlier command left behind may have done it: with all processes gone it is seen whether the code itself does.
      await this.#ground.copy.use((sandbox) => sandbox.reboot(this.#files));
      emit({ type: 'changes-undone', run, call, undone: tested.tampered, rebooted: true });
      tested = await this.#test(mostSeconds);
    }
    const { result, undone, tampered } = tested;
    this.#ground.logCommand(call, { command: this.testCommand, result, changes: [] });
    signal.throwIfAborted();
    const verdict = this.#doubted(tested);
    const { files: startFiles, verdict: before } = this.#start;
    const sinceStart = this.#files === startFiles ? null : compareWithStart(before, verdict);
    const asAtStart = sinceStart && before ? failingAlike(before, verdict) : new Set<string>();
    this.#noteStart(attempt, tested);
    this.#ground.attempts.judge(attempt, verdict);
    emit({ type: 'verdict-reached', run, ...this.#ground.place, attempt, verdict, spent: spending.now() });
    this.#ground.logUndone(call, verdict.doubt === undefined ? undone : [...undone, ...tampered]);
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
    const attempt = baseline && this.#ground.attempts.of(hashTree(baseline.files));
    if (!attempt || (this.#verification?.seconds ?? 0) > LONGEST_START_SECONDS) return null;
    const { signal } = this.#ground.options;
    const found = await checkAttempt(this.#ground, attempt, {
      check: 'start',
      command: this.testCommand,
      judge: judgeTests,
      signal,
    });
    signal.throwIfAborted();
    return found?.ended === 'exited' ? (found.verdict ?? null) : null;
  }

  /** What changed behind the last command (a process that it left running, a file with two names) is no part of the attempt. */
  async #putBackStrayed(call: string): Promise<void> {
    const files = this.#files;
    const strayed = await this.#ground.copy.use(async (copy) => diffFiles(files, (await copy.snapshot()).files));
    if (strayed.length > 0) await this.#ground.copy.use((copy) => copy.restore(files));
    this.#ground.logUndone(
      call,
      strayed.map(({ path }) => ({ path, reason: STRAYED })),
    );
  }

  /** Runs the tests; the files are as before then. */
  async #test(mostSeconds: number): Promise<Tested> {
    const result = await this.#ground.copy.execute(
      this.testCommand,
      Math.min(this.#testSeconds, this.longestTest, mostSeconds),
    );
    if (result.ended === 'exited') {
      const usual = (result.milliseconds / 1000) * TEST_PATIENCE;
      this.#testSeconds = Math.max(SHORTEST_TEST_DEADLINE, usual);
    }
    const verdict = parseVerdict(result.exitCode, result.output);
    const touched = verdict.passed || this.#start.verdict === null ? await this.#touchedTests() : [];
    // The verdict is about the attempt's files alone.
    const hidden = await this.#ground.putBack();
    const beside = await this.#ground.putBackInstalled();
    const changed = touched
      .filter((path) => !this.#start.touched.has(path))
      .map((path) => ({ path, reason: TAMPERED }));
    return { result, verdict, touched, undone: [...hidden, ...beside], tampered: [...changed, ...beside] };
  }

  /** Protected files that were written, replaced or moved while the tests ran, whatever they are now. */
  async #touchedTests(): Promise<readonly string[]> {
    const { signal } = this.#ground.options;
    if (signal.aborted) return [];
    const paths = await this.#ground.copy.use((copy) => touchedSince(copy, this.#ground.copy.startedAt, signal));
    const names = Object.keys(this.#files);
    const isJudge = (path: string) =>
      (contentAt(this.#files, path) !== undefined && JUDGES.test(path)) ||
      names.some((name) => name.startsWith(`${path}/`));
    return paths.filter((path) => isJudge(path) && this.#ground.policy().refuseWrite(path) !== null);
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
    if (before !== null || this.#ground.attempts.get(attempt).files !== files) return;
    this.#start = { command, files, verdict, touched: new Set(touched) };
  }
}
