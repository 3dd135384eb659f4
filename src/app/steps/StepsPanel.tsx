import { useEffect, useRef } from 'react';
import { AskingPanel } from '../asking/AskingPanel.tsx';
import { useSession, useView, useWorkbench } from '../context.tsx';
import { CompareDialog } from '../dialogs/CompareDialog.tsx';
import { RunSection } from './RunSection.tsx';

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
        <span className="panel-name">Steps</span>
        {runs.length > 1 && <CompareDialog />}
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
      <AskingPanel />
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
