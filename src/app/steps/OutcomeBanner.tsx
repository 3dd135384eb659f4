import type { LeftFailing, Outcome, OutcomeKind } from '../../session/values.ts';
import { useView, useWorkbench } from '../context.tsx';
import { Icon, type IconName } from '../icons.tsx';

const WORDS: Record<OutcomeKind, { readonly title: string; readonly icon: IconName }> = {
  solved: { title: 'Solved', icon: 'check' },
  'gave-up': { title: 'Gave up', icon: 'skip' },
  stopped: { title: 'Stopped', icon: 'stop' },
  'limit-reached': { title: 'Limit reached', icon: 'skip' },
  failed: { title: 'Failed', icon: 'cross' },
};

const LEFT: Record<LeftFailing['by'], string> = {
  task: 'Solved: what the task asks for',
  agent: 'Solved by its own account: not all tests pass',
  person: 'Solved, as agreed: not all tests pass',
};

export function OutcomeBanner({ outcome, canRunAgain }: { outcome: Outcome; canRunAgain: boolean }) {
  const { running } = useWorkbench();
  const isIdle = useView(({ access, activity }) => access === 'own' && activity.kind === 'idle');
  const { title, icon } = WORDS[outcome.kind];
  const { left } = outcome;
  const isDoubtful = left !== undefined && left.by !== 'task';
  return (
    <div className={`outcome outcome-${isDoubtful ? 'left' : outcome.kind}`}>
      <p className="outcome-title">
        <Icon name={icon} /> {left ? LEFT[left.by] : title}
      </p>
      <p>{outcome.explanation}</p>
      {canRunAgain && isIdle && (
        <button type="button" className="button" onClick={() => void running.run()}>
          Run again
        </button>
      )}
    </div>
  );
}
