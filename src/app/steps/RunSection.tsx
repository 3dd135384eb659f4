import type { RunState } from '../../session/state/session-state.ts';
import { describeCounts } from '../announce.ts';
import { useSession, useView } from '../context.tsx';
import { formatCount, formatDuration } from '../format.ts';
import { Icon } from '../icons.tsx';
import { OutcomeBanner } from './OutcomeBanner.tsx';
import { StepCard } from './StepCard.tsx';

interface RunSectionProps {
  readonly run: RunState;
  readonly number: number;
  readonly isLast: boolean;
}

/** One run: who works how, the plan, the steps, and how it ended. */
export function RunSection({ run, number, isLast }: RunSectionProps) {
  return (
    <section className="run" aria-label={`Run ${number}`}>
      <h3 className="run-title">
        Run {number}{' '}
        <span className="quiet-text ellipsis">
          {run.strategy} by {run.model}, from attempt {run.from}
        </span>
        {run.outcome && (
          <span className="figure">
            {formatCount(run.steps.length, 'step')} · {formatDuration(run.spent.milliseconds)}
          </span>
        )}
      </h3>
      <StartingTests run={run} />
      <Plan run={run} />
      <ol className="step-list">
        {run.steps.map((step) => (
          <StepCard key={step.number} step={step} runModel={run.model} reviews={run.reviews} />
        ))}
      </ol>
      <RunNotes run={run} />
      {run.outcome && (
        <OutcomeBanner
          outcome={run.outcome}
          canRunAgain={isLast && (run.outcome.kind !== 'solved' || run.outcome.left !== undefined)}
        />
      )}
      {!run.outcome && <Unfinished />}
    </section>
  );
}

/** What the tests said before the first step: the agent was told. */
function StartingTests({ run }: { run: RunState }) {
  const verdict = useSession().attempts[run.from]?.verdict;
  if (!run.start || !verdict) return null;
  return (
    <p className="run-start quiet-text">
      The tests were run first: <span className={verdict.passed ? 'good' : 'bad'}>{describeCounts(verdict)}</span>
    </p>
  );
}

const PLAN_ICONS = { pending: 'skip', active: 'play', done: 'check', failed: 'cross' } as const;

function Plan({ run }: { run: RunState }) {
  if (run.plan.length === 0) return null;
  return (
    <ol className="plan" aria-label="Plan">
      {run.plan.map(({ text, status }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a plan's steps are told apart by their place
        <li key={index} className={`plan-${status}`}>
          <Icon name={PLAN_ICONS[status]} size={14} /> {text} <span className="visually-hidden">({status})</span>
        </li>
      ))}
    </ol>
  );
}

/** What happened beside the steps: working copies, the sandbox started again, limits that nobody can watch. */
function RunNotes({ run }: { run: RunState }) {
  const kept = run.branches.filter((branch) => branch.kept).map(({ name }) => name);
  const notes = [
    ...(run.branches.length > 0
      ? [
          `${formatCount(run.branches.length, 'candidate')} in working copies of their own; kept: ${kept.join(', ') || 'none'}.`,
        ]
      : []),
    ...run.reboots.map((reason) => `The sandbox was started again: ${reason}`),
    ...run.unwatched.map(({ reason }) => reason),
  ];
  if (notes.length === 0) return null;
  return (
    <ul className="run-notes">
      {notes.map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  );
}

/** A recording of a run that has no end; one's own gets its end when it is opened. */
function Unfinished() {
  const access = useView((view) => view.access);
  if (access !== 'shared') return null;
  return <p className="outcome outcome-stopped">The recording ends in the middle of this run.</p>;
}
