import { memo } from 'react';
import type { CallState, Review, StepState } from '../../session/state/session-state.ts';
import { describeCounts } from '../announce.ts';
import { useSession } from '../context.tsx';
import { formatDuration, formatTokens } from '../format.ts';
import { Icon } from '../icons.tsx';
import { describeArguments } from './describe-arguments.ts';

/** A result longer than this is cut in the panel; the output tab has it all. */
const SHOWN = 6000;

interface StepCardProps {
  readonly step: StepState;
  readonly runModel: string;
  readonly reviews: readonly Review[];
}

export const StepCard = memo(function StepCard({ step, runModel, reviews }: StepCardProps) {
  const review = reviews.find((one) => one.step === step.number);
  return (
    <li className="step">
      <span className="step-number">{step.number}</span>
      {(step.role !== 'agent' || step.model !== runModel) && (
        <p className="step-who">
          <span className="tag tag-accent">{step.role}</span>{' '}
          {step.model !== runModel && <span className="quiet-text">{step.model}</span>}
        </p>
      )}
      <StepTroubles step={step} />
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
      {review && (
        <p className="step-review">
          <span className={review.approved ? 'good' : 'bad'}>{review.approved ? 'Approved' : 'Objected'}</span>{' '}
          {review.comments}
        </p>
      )}
      {step.told.map((text) => (
        <p className="step-told" key={text}>
          Told to the model: {text}
        </p>
      ))}
    </li>
  );
});

/** What went wrong before the reply stood. */
function StepTroubles({ step }: { step: StepState }) {
  const lines = [
    ...step.retries.map(
      ({ reason, waitMilliseconds }) => `${reason} Tried again after ${formatDuration(waitMilliseconds)}.`,
    ),
    ...step.compactions.map(
      ({ before, after }) =>
        `The conversation was shortened to fit: ${formatTokens(before.tokens)} to ${formatTokens(after.tokens)} tokens.`,
    ),
    ...(step.correction === null ? [] : [step.correction]),
  ];
  if (lines.length === 0) return null;
  return (
    <ul className="step-troubles">
      {lines.map((text, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same may happen twice
        <li key={index}>{text}</li>
      ))}
    </ul>
  );
}

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
        <CallNotes call={call} />
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

/** What was asked and decided about a call, and what a person should know of it. */
function CallNotes({ call }: { call: CallState }) {
  const { permissions = [], question, warnings = [] } = call;
  return (
    <>
      {permissions.map(({ what, decision, reasons }) => (
        <p key={what}>
          {decision === null ? (
            <span className="quiet-text">Waits for permission: {what}</span>
          ) : (
            <>
              <span className={decision.allowed ? 'good' : 'bad'}>{decision.allowed ? 'Allowed' : 'Refused'}</span> by{' '}
              {DECIDERS[decision.by]}: {decision.reason || reasons.join(' ')}
            </>
          )}
        </p>
      ))}
      {question && (
        <p>
          Asked: {question.text} {question.answer === null && <span className="quiet-text">Nobody was there.</span>}
          {typeof question.answer === 'string' && <strong>{question.answer}</strong>}
        </p>
      )}
      {warnings.map((text) => (
        <p key={text} className="bad">
          {text}
        </p>
      ))}
    </>
  );
}

const DECIDERS = {
  rule: 'a rule',
  mode: 'the mode',
  person: 'the person',
  reviewer: 'the reviewer',
  default: 'default',
} as const;

function CallEnd({ call }: { call: CallState }) {
  const { attempts } = useSession();
  const verdict = call.attempt === null ? null : attempts[call.attempt]?.verdict;
  if (verdict) return <span className={verdict.passed ? 'good' : 'bad'}>{describeCounts(verdict)}</span>;
  if (call.permissions?.some(({ decision }) => decision?.allowed === false))
    return <span className="bad">refused</span>;
  if ((call.warnings?.length ?? 0) > 0) return <span className="bad">see the warning</span>;
  if (
    call.permissions?.some(({ decision }) => decision === null) ||
    (call.question?.answer === undefined && call.question)
  )
    return <span className="quiet-text">waits for you</span>;
  if (call.status === 'running') return <span className="quiet-text thinking">running…</span>;
  if (call.status === 'error' && call.phase) return <span className="bad">error</span>;
  return call.milliseconds === null ? null : <span className="figure">{formatDuration(call.milliseconds)}</span>;
}
