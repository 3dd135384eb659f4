import { useEffect, useRef } from 'react';
import type { RunState, StepState } from '../../session/events.ts';
import { useSession, useView, useWorkbench } from '../context.tsx';
import { formatCount, formatDuration } from '../format.ts';
import { OutcomeBanner } from './OutcomeBanner.tsx';
import { StepCard } from './StepCard.tsx';

/** The steps as they stream, grouped by run. */
export function StepsPanel() {
  const { runs } = useSession();
  const { running } = useWorkbench();
  const access = useView((view) => view.access);
  const liveText = useView((view) => view.liveText);
  const activity = useView((view) => view.activity);
  const end = useRef<HTMLDivElement>(null);
  const steps = runs.at(-1)?.steps;
  const progress = `${runs.length}/${steps?.length}/${steps?.at(-1)?.calls.length}/${runs.at(-1)?.outcome?.kind}`;
  useEffect(() => {
    const scroller = end.current?.parentElement;
    if (!scroller || progress === '') return;
    const distance = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
    // Follows only a reader who is at the end already.
    if (distance < 400) scroller.scrollTop = scroller.scrollHeight;
  }, [progress]);
  return (
    <section className="panel" aria-label="Steps">
      <h2 className="panel-title">
        Steps
        {runs.length > 0 && access === 'own' && (
          <button
            type="button"
            className="button quiet small"
            title="Does everything again in an empty sandbox and compares"
            disabled={activity.kind !== 'idle'}
            onClick={() => void running.rerun()}
          >
            Re-run
          </button>
        )}
      </h2>
      <div className="steps scroll" role="log" aria-live="off">
        {runs.length === 0 && activity.kind !== 'starting' && <Empty />}
        {runs.map((run, index) => (
          <RunSection key={run.id} run={run} number={index + 1} isLast={index === runs.length - 1} />
        ))}
        {activity.kind === 'starting' && <p className="quiet-text thinking">Starting…</p>}
        {liveText !== '' && <p className="live-text">{liveText}</p>}
        <div ref={end} />
      </div>
    </section>
  );
}

function Empty() {
  return (
    <p className="quiet-text">
      The agent reads, plans, edits, runs and verifies; each step appears here, with what it did and what came of it.
    </p>
  );
}

function RunSection({ run, number, isLast }: { run: RunState; number: number; isLast: boolean }) {
  return (
    <section className="run" aria-label={`Run ${number}`}>
      <h3 className="run-title">
        Run {number}{' '}
        <span className="quiet-text">
          by {run.model}, from attempt {run.from}
        </span>
        {run.outcome && (
          <span className="figure">
            {formatCount(run.steps.length, 'step')} · {formatDuration(run.spent.milliseconds)}
          </span>
        )}
      </h3>
      <ol className="step-list">
        {run.steps.map((step: StepState) => (
          <StepCard key={step.number} step={step} />
        ))}
      </ol>
      {run.outcome && <OutcomeBanner outcome={run.outcome} canRunAgain={isLast && run.outcome.kind !== 'solved'} />}
      {!run.outcome && <Unfinished />}
    </section>
  );
}

/** A recording of a run that has no end; one's own gets its end when it is opened. */
function Unfinished() {
  const access = useView((view) => view.access);
  if (access !== 'shared') return null;
  return <p className="outcome outcome-stopped">The recording ends in the middle of this run.</p>;
}
