import { type CodeScore, scorecardOf } from '../../session/state/scorecard.ts';
import { useSession } from '../context.tsx';
import { formatCost, formatCount, formatTokens } from '../format.ts';

/** What is known of an attempt beside its tests, in a line. */
export function AttemptScore({ id }: { id: string }) {
  const card = scorecardOf(useSession(), id);
  const { diff, hidden, lint, types, newFailures, steps, inputTokens, outputTokens, cost } = card;
  const facts: { readonly text: string; readonly tone?: 'good' | 'bad' }[] = [
    { text: `+${diff.linesAdded} −${diff.linesRemoved} in ${formatCount(diff.files, 'file')}` },
    ...(diff.testFiles > 0
      ? [{ text: `${formatCount(diff.testFiles, 'test file')} changed`, tone: 'bad' as const }]
      : []),
    ...(newFailures.length > 0 ? [{ text: formatCount(newFailures.length, 'new failure'), tone: 'bad' as const }] : []),
    ...(hidden ? [{ text: hiddenText(card.passed, hidden.passed), tone: toneOf(hidden.passed) }] : []),
    ...codeFact('lint', lint),
    ...codeFact('types', types),
    ...(steps === null ? [] : [{ text: `after ${formatCount(steps, 'step')}` }]),
    ...(inputTokens === null ? [] : [{ text: `${formatTokens(inputTokens + (outputTokens ?? 0))} tokens` }]),
    ...(steps === null ? [] : [{ text: formatCost(cost) }]),
  ];
  return (
    <ul className="score" aria-label={`Scorecard of attempt ${id}`}>
      {facts.map(({ text, tone }) => (
        <li key={text} className={tone}>
          {text}
        </li>
      ))}
    </ul>
  );
}

const toneOf = (passed: boolean) => (passed ? ('good' as const) : ('bad' as const));

function hiddenText(passesVisible: boolean | null, passesHidden: boolean): string {
  if (passesHidden) return 'passes the held-out tests';
  return passesVisible ? 'passes the visible tests, fails the held-out ones' : 'fails the held-out tests';
}

function codeFact(name: string, score: CodeScore | null) {
  if (!score) return [];
  const added = score.added === null ? 'fails' : `${formatCount(score.added, 'new problem')}`;
  return [{ text: `${name}: ${score.passed ? 'nothing new' : added}`, tone: toneOf(score.passed) }];
}
