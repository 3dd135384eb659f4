import { Dialog } from 'radix-ui';
import { useEffect, useRef } from 'react';
import type { ReplayStep } from '../../agent/replay/replay.ts';
import { useView, useWorkbench } from '../context.tsx';
import { Icon } from '../icons.tsx';
import type { Rerun } from '../view.ts';
import { describeRerun } from './describe-rerun.ts';

/** The report of a re-run: step by step while it goes on, and what came of it. Closing it stops it. */
export function RerunDialog() {
  const workbench = useWorkbench();
  const rerun = useView((view) => view.rerun);
  return (
    <Dialog.Root open={rerun !== null} onOpenChange={(isOpen) => !isOpen && workbench.closeRerun()}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="dialog dialog-wide" aria-describedby={undefined}>
          <Dialog.Title>Re-run</Dialog.Title>
          {rerun && <Report rerun={rerun} />}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Report({ rerun }: { rerun: Rerun }) {
  const { running } = useWorkbench();
  const stopping = useView((view) => view.activity.kind === 'stopping');
  const list = useRef<HTMLOListElement>(null);
  const { length } = rerun.steps;
  useEffect(() => {
    if (length > 0) list.current?.lastElementChild?.scrollIntoView({ block: 'nearest' });
  }, [length]);
  const { tone, text } = describeRerun(rerun);
  return (
    <div className="form">
      <p className="quiet-text">
        Everything this session did is done again in an empty sandbox; exit codes, test counts and the files' hashes are
        compared with the recording.
      </p>
      <progress aria-label="Steps done" value={length} max={rerun.total} />
      <ol className="rerun-steps" ref={list} aria-label="Steps of the re-run">
        {rerun.steps.map((step) => (
          <Step key={step.seq} step={step} />
        ))}
      </ol>
      <p role="status" className={`rerun-result ${tone}`}>
        {text}
      </p>
      <div className="form-end">
        {rerun.state === 'running' && (
          <button type="button" className="button" disabled={stopping} onClick={() => running.stop()}>
            <Icon name="stop" /> Stop
          </button>
        )}
        <Dialog.Close className="button">Close</Dialog.Close>
      </div>
    </div>
  );
}

function Step({ step }: { step: ReplayStep }) {
  const agrees = step.differences.length === 0;
  return (
    <li className="rerun-step">
      <span className={agrees ? 'good' : 'bad'}>
        <Icon name={agrees ? 'check' : 'cross'} size={14} />
        <span className="visually-hidden">{agrees ? 'agrees: ' : 'differs: '}</span>
      </span>
      <span>
        <code>{step.action}</code>
        <span className="quiet-text"> {step.agreed.join(' · ')}</span>
        {!agrees && <span className="bad"> {step.differences.join('; ')}</span>}
        {step.agreed.length + step.differences.length === 0 && <span className="quiet-text"> nothing to compare</span>}
      </span>
    </li>
  );
}
