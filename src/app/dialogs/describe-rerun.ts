import { formatCount } from '../format.ts';
import type { Rerun } from '../view.ts';

/** What came of a re-run, in one sentence. */
export function describeRerun({ state, steps, total, message }: Rerun): { tone: 'good' | 'bad' | ''; text: string } {
  const differing = steps.filter(({ differences }) => differences.length > 0).length;
  const done = `${steps.length} of ${formatCount(total, 'step')}`;
  switch (state) {
    case 'running':
      return { tone: '', text: `${done} done…` };
    case 'stopped':
      return { tone: '', text: `Stopped after ${done}.` };
    case 'failed':
      return { tone: 'bad', text: `The re-run could not go on after ${done}: ${message}` };
    case 'done':
      if (differing === 0) return { tone: 'good', text: `All ${formatCount(steps.length, 'step')} agree.` };
      return { tone: 'bad', text: `${differing} of ${formatCount(steps.length, 'step')} differ.` };
  }
}
