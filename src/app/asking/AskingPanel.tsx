import { useEffect, useRef } from 'react';
import { useView } from '../context.tsx';
import { Permission } from './Permission.tsx';
import { Question } from './Question.tsx';
import { SeatForm } from './SeatForm.tsx';

/** What the run waits for its person to say; it stands where the steps are, so that everything else can be looked at meanwhile. */
export function AskingPanel() {
  const asking = useView((view) => view.asking);
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    // Not a button: a key that was meant for something else must not answer.
    if (asking && asking.kind !== 'seat') section.current?.focus();
  }, [asking]);
  if (!asking) return null;
  return (
    <section
      ref={section}
      tabIndex={-1}
      className="asking"
      aria-label={asking.kind === 'seat' ? "The agent's seat" : 'The agent asks'}
      aria-live="assertive"
    >
      {asking.kind === 'permission' && <Permission key={asking.ask.call} ask={asking.ask} />}
      {asking.kind === 'question' && <Question key={asking.question} question={asking.question} />}
      {asking.kind === 'seat' && <SeatForm tools={asking.tools} />}
    </section>
  );
}
