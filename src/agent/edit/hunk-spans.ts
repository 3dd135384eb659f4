import type { Hunk, HunkLine } from './hunk.ts';
import { type ChangeRun, changeRuns, type Placement } from './placing/placement.ts';
import { Refusal } from './refusal.ts';
import { endingNear, hasBom, type SourceText, withoutBom } from './source-text.ts';
import type { Span } from './span.ts';

/** What the placed hunks put in and take out: only lines that change, so that all others keep their bytes. */
export function spansOf(source: SourceText, placements: readonly Placement[]): Span[] {
  refuseUntold(source, placements);
  refuseLinesBeforeMark(placements);
  const keepsEndings =
    source.ends.every((end) => end === '') ||
    (source.ends.includes('\r\n') &&
      placements.some(({ hunk }) => mixesEndings(hunk)) &&
      placements.every((one) => hasEndings(source, one)));
  return placements.flatMap((placement) =>
    changeRuns(placement.hunk)
      .map((run) => spanOf(source, placement, { run, keepsEndings }))
      .filter((span): span is Span => span !== null),
  );
}

/** A file without any line break does not tell whether Windows line ends are meant, or came with the edit. */
function refuseUntold({ lines, ends }: SourceText, placements: readonly Placement[]): void {
  if (lines.length === 0 || ends.some((end) => end !== '')) return;
  const isUntold = ({ hunk }: Placement) => hunk.lines.some(({ op, isWindows }) => op !== '+' && isWindows);
  if (placements.some(isUntold))
    throw new Refusal('the file has no line break, so whether those of the edit ("\\r\\n") are meant is not certain.');
}

/** A byte order mark in the second line is none: whether it is to stay in front is not said. */
function refuseLinesBeforeMark(placements: readonly Placement[]): void {
  const isBefore = ({ hunk: { lines }, at }: Placement) =>
    at[0] === 0 &&
    lines[0]?.op === '+' &&
    !hasBom(lines[0].text) &&
    lines.some(({ op, text }) => op === ' ' && hasBom(text));
  if (placements.some(isBefore))
    throw new Refusal(
      'new lines stand above the one that begins with the byte order mark (U+FEFF): put the mark in front of the first new line.',
    );
}

/** A hunk whose lines end in both ways was made from such a file, and means the endings of the lines that it adds. */
function mixesEndings({ lines }: Hunk): boolean {
  return lines.some(({ isWindows }) => isWindows) && lines.some(({ isWindows }) => !isWindows);
}

function hasEndings({ ends }: SourceText, { hunk, at }: Placement): boolean {
  const old = hunk.lines.filter(({ op }) => op !== '+');
  return old.every(({ isWindows }, index) => {
    const end = ends[at[index] ?? -1];
    return end === '' || (end === '\r\n') === isWindows;
  });
}

interface Run {
  readonly run: ChangeRun;
  readonly keepsEndings: boolean;
}

function spanOf(source: SourceText, placement: Placement, { run, keepsEndings }: Run): Span | null {
  const { hunk, drift } = placement;
  const first = startOf(source, placement, run);
  const last = first + run.removed.length;
  const added = run.added.flatMap((index) => hunk.lines[index] ?? []);
  const reword = 'reword' in drift ? drift.reword : (line: string) => line;
  const seesBom = first === 0 && hasBom(source.text) && hasBom(hunk.lines[0]?.text ?? '');
  // A hunk that does not show the byte order mark does not mean it.
  const texts = added.map(({ text }, index) =>
    reword(first === 0 && index === 0 && !seesBom && hasBom(source.text) ? withoutBom(text) : text),
  );
  const endings = added.map((line, index) =>
    keepsEndings ? (line.isWindows ? '\r\n' : '\n') : endingFor(source, first + index, last),
  );
  const start = seesBom ? 0 : (source.starts[first] ?? source.text.length);
  const end = source.starts[last] ?? source.text.length;
  let prefix = '';
  if (last === source.lines.length && added.length > 0) {
    const isOpen = source.text !== '' && source.ends.at(-1) === '';
    endings[endings.length - 1] = endsOpen(hunk, added, isOpen)
      ? keepsEndings && added.at(-1)?.isWindows
        ? '\r'
        : ''
      : (endings.at(-1) ?? '\n');
    // The file's last line gets the line break that it lacked.
    if (isOpen && first === source.lines.length)
      prefix = keepsEndings && added[0]?.isWindows ? '\r\n' : endingNear(source, first);
  }
  // A file without a last line break stays so when its last lines go.
  if (last === source.lines.length && added.length === 0 && first > 0 && isStillOpen(source, hunk))
    return { start: start - (source.ends[first - 1]?.length ?? 0), end, text: '', label: hunk.label };
  const text = prefix + texts.map((line, index) => line + (endings[index] ?? '\n')).join('');
  return source.text.slice(start, end) === text ? null : { start, end, text, label: hunk.label };
}

function startOf(source: SourceText, { at, insertAt }: Placement, { before, removed }: ChangeRun): number {
  if (removed.length > 0) return at[before] ?? 0;
  const above = at[before - 1];
  return above === undefined ? (at[before] ?? insertAt ?? source.lines.length) : above + 1;
}

/** A line takes the ending of the one that it replaces, else that of its neighbour. */
function endingFor(source: SourceText, line: number, last: number): string {
  return (line < last ? source.ends[line] : '') || endingNear(source, Math.min(line, last));
}

const isStillOpen = (source: SourceText, hunk: Hunk) =>
  source.ends.at(-1) === '' && !hunk.lines.some(({ isOpen }) => isOpen);

/** Whether the new last line has no line break: as the hunk says, where it says anything, else as the file has it. */
function endsOpen(hunk: Hunk, added: readonly HunkLine[], isOpen: boolean): boolean {
  return hunk.lines.some((line) => line.isOpen) ? added.at(-1)?.isOpen === true : isOpen;
}
