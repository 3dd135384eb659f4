/** What the solver understands of a run_tests result: it is told as text, like everything a model is told. */

export interface Frame {
  readonly file: string;
  readonly line: number;
}

export interface Failure {
  /** The last part of the test's path of names. */
  readonly title: string;
  readonly name: string;
  readonly message: string;
  readonly frames: readonly Frame[];
  /** As the assertion printed them. */
  readonly actual: string | null;
  readonly expected: string | null;
}

export interface TestReport {
  readonly passed: boolean;
  readonly failedCount: number;
  readonly passedCount: number;
  readonly counted: boolean;
  readonly failures: readonly Failure[];
  readonly output: string;
}

const HEAD = /^Tests (PASS|FAIL): (?:(\d+) failed, (\d+) passed)?/m;

export function readReport(result: string): TestReport | null {
  const head = HEAD.exec(result);
  if (!head) return null;
  const [, word, failed, passed] = head;
  const split = result.indexOf('\nOutput:\n');
  const verdict = split === -1 ? result : result.slice(0, split);
  const output = split === -1 ? '' : result.slice(split + '\nOutput:\n'.length);
  return {
    passed: word === 'PASS' || /^What the task asks for is reached:/m.test(verdict),
    counted: failed !== undefined,
    failedCount: Number(failed ?? 1),
    passedCount: Number(passed ?? 0),
    failures: readFailures(verdict),
    output,
  };
}

function readFailures(verdict: string): Failure[] {
  const blocks = verdict.split(/^FAILED: /m).slice(1);
  return blocks.map((block) => {
    const [first = '', ...rest] = block.split('\n');
    const [, named = first, same = ''] = /^(.*?): (.*) \(at the same place as above\)$/.exec(first) ?? [];
    const name = named.replace(/ \(\S+\)$/, '');
    const message = [same, ...rest].map((line) => line.replace(/^ {4}/, '')).join('\n');
    return {
      name,
      title: name.split(' > ').at(-1) ?? name,
      message,
      frames: readFrames(message),
      ...readValues(message),
    };
  });
}

/** Places in files, innermost first. */
export function readFrames(text: string): Frame[] {
  const found = text.matchAll(/(?:file:\/\/)?([^\s()'"]+\.[cm]?[jt]s):(\d+)(?::\d+)?/g);
  return [...found].map(([, file = '', line]) => ({ file, line: Number(line) }));
}

/** Actual and expected value: from node:assert's properties, jest's and chai's words, or the short form "1 !== 2". */
function readValues(message: string): Pick<Failure, 'actual' | 'expected'> {
  const last = (pattern: RegExp) => [...message.matchAll(pattern)].at(-1)?.[1]?.replace(/,$/, '') ?? null;
  const actual = last(/^\s*(?:actual|Received): +(.+)$/gm);
  const expected = last(/^\s*(?:expected|Expected): +(.+)$/gm);
  if (actual !== null && expected !== null) return { actual, expected };
  const short = /^\s*(\S.*) !==? (.+)$/m.exec(message) ?? /expected (\S+) to (?:be|equal) (\S+)/.exec(message);
  return { actual: short?.[1] ?? null, expected: short?.[2] ?? null };
}

/** Whether the second report is an improvement on the first. */
export function isBetter(after: TestReport, before: TestReport): boolean {
  if (after.passed !== before.passed) return after.passed;
  if (!after.counted || !before.counted) return false;
  if (after.passedCount !== before.passedCount) return after.passedCount > before.passedCount;
  return after.failedCount < before.failedCount && before.passedCount > 0;
}
