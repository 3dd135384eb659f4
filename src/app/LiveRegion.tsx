import { announcementOf } from './announce.ts';
import { useSession } from './context.tsx';

/** Tells screen readers what happens: the last step, test results and how a run ended. */
export function LiveRegion() {
  const text = announcementOf(useSession());
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {text}
    </div>
  );
}
