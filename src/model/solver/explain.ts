import { changedPaths, type Knowledge } from './conversation.ts';

/** What was wrong, as far as the solver can tell: the lines it changed. */
export function explainSuccess(known: Knowledge): string {
  const changes = changesOf(known);
  if (changes === '') return 'The tests pass; nothing had to be changed.';
  return `The tests pass after ${known.trials} ${known.trials === 1 ? 'trial' : 'trials'}. Changed:\n${changes}`;
}

export function explainDefeat(known: Knowledge, untried: number): string {
  const { trials, improvements, report, texts } = known;
  const parts = [
    `The built-in solver tried ${trials} small repairs (one operator, constant, condition, call or name at a time) in ${texts.size} files; ${
      improvements === 0
        ? 'none made more tests pass'
        : `${improvements} helped and ${improvements === 1 ? 'was' : 'were'} kept`
    }.`,
    untried > 0
      ? `${untried} less likely candidates were left when its budget of test runs was used up.`
      : 'No candidate is left: the repair needs more than one small change, or new code.',
    improvements > 0 ? `Kept:\n${changesOf(known)}` : '',
    report?.failures[0]
      ? `It looked first at "${report.failures[0].name}": ${firstLine(report.failures[0].message)}`
      : '',
    'A language model, or a person, can take it from here.',
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function changesOf({ base, original }: Knowledge): string {
  return changedPaths(original, base)
    .flatMap((path) => lineChanges(path, original.get(path) ?? '', base.get(path) ?? ''))
    .join('\n');
}

/** The lines that differ, before and after; one block a file, which is enough for small repairs. */
function lineChanges(path: string, before: string, after: string): string[] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  if (old.length === now.length) {
    return old.flatMap((line, index) =>
      line === now[index] ? [] : [`${path}:${index + 1}: ${line.trim()}  ->  ${now[index]?.trim() ?? ''}`],
    );
  }
  const index = now.findIndex((line, at) => line !== old[at]);
  return [`${path}:${index + 1}: ${now[index]?.trim() ?? ''}`];
}

function firstLine(text: string): string {
  return (
    text
      .split('\n')
      .find((line) => line.trim() !== '')
      ?.trim() ?? 'no message'
  );
}
