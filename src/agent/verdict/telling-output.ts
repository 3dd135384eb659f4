import type { Verdict } from '../../session/values.ts';
import { withoutEscapes } from './without-escapes.ts';

/** A test that passed or was skipped, and sums, as the runners' reporters write them. */
const UNTOLD = [
  /^\s*(?:✔|✓|√|○|↓|﹣|ok \d+\b)/,
  /^PASS \S/,
  /^Summary of all failing tests$/,
  /^TAP version \d+$|^# ok$/,
  // Vitest: a file with failures, and the headings above them.
  /^\s*❯ \S+ \(\d+ tests?(?: \|[^)]*)?\)(?: +\d+ *m?s)?$/,
  /^\s*⎯+ Failed (?:Suites|Tests) \d+ ⎯+$/,
  /^(?:ℹ|#) (?:tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) +[\d.]+$/,
  /^\s*(?:RUN {2}v\d|(?:Test Files|Tests|Start at|Duration) {2}\S)/,
  /^(?:(?:Test Suites|Tests|Snapshots|Time): +\S|Ran all test suites)/,
  /^\s*\d+ (?:passing|failing|pending)(?: \([\d.]+\w+\))?$/,
  /^✖ failing tests:$|^\s*test at \S.*:\d+:\d+$/,
  // TAP: how many tests there are, how long they took.
  /^\s*(?:\d+\.\.\d+|# time=[\d.]+m?s|# failed \d+ (?:of \d+ )?tests?)$/,
  // A mark a test: the dots of mocha, of vitest and of uvu.
  /^\s*[.·•,!x]{6,}$/,
  // A rule.
  /^\s*[─⎯═]{1,}(?:\[\d+\/\d+\]─*⎯*)?$/,
  /^\s*(?:\S.* )?(?:• )+\s*\((\d+) \/ \1\)$/,
];
/** What npm says of a script, above what the script says: the scripts are known. */
const NPM_BANNER = /^\n?> \S+@\d\S* [\w:.-]+\n> .*\n/;
/** The table that says which lines were run: it matters where a threshold alone fails the command. */
const COVERAGE = /^(?:-+\|[-|]+|[^|]*\|(?: +% \w+ +\|| +[\d.]+ +\|){3,}.*|=+ Coverage summary =+|=+)$/;
const THRESHOLD = /coverage threshold|^ERROR: Coverage for/m;
const TITLE =
  /^\s*(?:▶|▼|❯|# Subtest:|#|✖|✘(?! \[)|✗|✕|×|●|-(?= )|✘ \[fail\]:|not ok \d+(?: -)?|\d+\))?\s*(.+?):?(?: \([\d.]+ ?m?s\)| +[\d.]+ ?m?s| # time=[\d.]+m?s)?$/;

/**
 * The output of tests without what their verdict tells: sums, lines of tests that passed or were skipped, titles of suites, and failures
 * whose messages were read. What the program printed is left. The output itself where no verdict could be read, unless that is
 * because the run was cut off.
 */
export function tellingOutput(written: string, { counts, tests }: Verdict, isCutOff = false): string {
  if (counts === null && !isCutOff) return written;
  const output = written.replace(NPM_BANNER, '');
  const names = tests.map(({ name, status, message }) =>
    message === undefined && status === 'passed' ? name.slice(0, -1) : name,
  );
  // AVA writes all of a name into one line.
  const titles = new Set(
    names.flatMap((name) => [...name, name.join(' › '), name.join(' > ')]).map((title) => title.trim()),
  );
  const told = new Set(tests.flatMap(({ message }) => message?.split('\n') ?? []).map((line) => line.trim()));
  const files = new Set(tests.flatMap(({ status, file }) => (status === 'failed' && file !== undefined ? [file] : [])));
  // " FAIL  test/a.test.ts > cart > adds", or the file twice.
  const isFailLine = (text: string): boolean => {
    const [, file = '', title] = /^FAIL {2}(?:\|[^|]*\| )?(\S+)(?: > (.+)| \[.*\])?$/.exec(text) ?? [];
    return files.has(file) && (title === undefined || titles.has(title));
  };
  // "→ expected 1 to be 2", where the message says which kind of error it is, too.
  const isShortReason = (text: string): boolean => {
    const reason = /^(?:→|↳) (.+)$/.exec(text)?.[1];
    return reason !== undefined && [...told].some((each) => each === reason || each.endsWith(`: ${reason}`));
  };
  const isTold = (line: string): boolean => {
    const text = line.trim();
    return (
      text !== '' &&
      (told.has(text) ||
        titles.has(text) ||
        isShortReason(text) ||
        isFailLine(text) ||
        files.has(/^FAIL (\S+)(?: \([\d.]+ m?s\))?$/.exec(text)?.[1] ?? '') ||
        UNTOLD.some((mark) => mark.test(line)) ||
        titles.has(TITLE.exec(line)?.[1] ?? ''))
    );
  };
  const hasFailed = counts !== null && counts.failed > 0;
  const isCoverage = (line: string) => COVERAGE.test(line) && (hasFailed || !THRESHOLD.test(written));
  const kept: string[] = [];
  let block: string | null = null;
  let before = '';
  for (const line of output.split('\n')) {
    const plain = withoutEscapes(line);
    const text = plain.trim();
    // TAP: details of the test above.
    if (block === null && text === '---' && /^\s*(?:not )?ok \d+\b/.test(before) && isTold(before)) block = plain;
    else if (block !== null) block = text === '...' ? null : block;
    else if (!isTold(plain) && !isCoverage(plain) && (text !== '' || kept.at(-1)?.trim() !== '')) kept.push(plain);
    before = plain;
  }
  return kept.join('\n').trim();
}
