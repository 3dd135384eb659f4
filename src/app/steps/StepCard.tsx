import { memo } from 'react';
import type { CallState, StepState } from '../../session/events.ts';
import { describeCounts } from '../announce.ts';
import { useSession } from '../context.tsx';
import { formatDuration } from '../format.ts';
import { Icon } from '../icons.tsx';
import { describeArguments } from './describe-arguments.ts';

/** A result longer than this is cut in the panel; the output tab has it all. */
const SHOWN = 6000;

export const StepCard = memo(function StepCard({ step }: { step: StepState }) {
  return (
    <li className="step">
      <span className="step-number">{step.number}</span>
      {step.text !== '' && <p className="step-text">{step.text}</p>}
      {step.text === '' && step.calls.length === 0 && (
        <span className="quiet-text thinking">{step.status === 'done' ? 'said nothing' : 'thinking…'}</span>
      )}
      {step.reasoning !== '' && (
        <details className="reasoning">
          <summary>Reasoning</summary>
          <p>{step.reasoning}</p>
        </details>
      )}
      {step.calls.map((call) => (
        <Call key={call.id} call={call} />
      ))}
    </li>
  );
});

function Call({ call }: { call: CallState }) {
  return (
    <details className={`call call-${call.status}`}>
      <summary>
        {call.phase ? (
          <span className={`phase phase-${call.phase}`}>
            <Icon name={call.phase} size={14} /> {call.phase}
          </span>
        ) : (
          <span className="phase">{call.status === 'error' ? 'not run' : call.status}</span>
        )}
        <code className="ellipsis">
          {call.tool} {describeArguments(call.arguments)}
        </code>
        <CallEnd call={call} />
      </summary>
      <div className="call-body">
        <h4>Arguments</h4>
        <pre>{call.arguments}</pre>
        {call.result !== null && (
          <>
            <h4>Result</h4>
            <pre>
              {call.result.slice(0, SHOWN)}
              {call.result.length > SHOWN && `\n… ${call.result.length - SHOWN} more characters`}
            </pre>
          </>
        )}
      </div>
    </details>
  );
}

function CallEnd({ call }: { call: CallState }) {
  const { attempts } = useSession();
  const verdict = call.attempt === null ? null : attempts[call.attempt]?.verdict;
  if (verdict) return <span className={verdict.passed ? 'good' : 'bad'}>{describeCounts(verdict)}</span>;
  if (call.status === 'running') return <span className="quiet-text thinking">running…</span>;
  if (call.status === 'error' && call.phase) return <span className="bad">error</span>;
  return call.milliseconds === null ? null : <span className="figure">{formatDuration(call.milliseconds)}</span>;
}
