import type { Outcome, OutcomeKind } from '../../session/events.ts';
import { Icon, type IconName } from '../icons.tsx';

const WORDS: Record<OutcomeKind, { readonly title: string; readonly icon: IconName }> = {
  solved: { title: 'Solved', icon: 'check' },
  'gave-up': { title: 'Gave up', icon: 'skip' },
  stopped: { title: 'Stopped', icon: 'stop' },
  'limit-reached': { title: 'Limit reached', icon: 'skip' },
  failed: { title: 'Failed', icon: 'cross' },
};

export function OutcomeBanner({ outcome }: { outcome: Outcome }) {
  const { title, icon } = WORDS[outcome.kind];
  return (
    <div className={`outcome outcome-${outcome.kind}`}>
      <p className="outcome-title">
        <Icon name={icon} /> {title}
      </p>
      <p>{outcome.explanation}</p>
    </div>
  );
}
