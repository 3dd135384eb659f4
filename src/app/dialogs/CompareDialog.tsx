import { Dialog } from 'radix-ui';
import { useState } from 'react';
import { comparePlacedRuns } from '../../session/state/compare-runs.ts';
import type { RunState } from '../../session/state/session-state.ts';
import { useSession } from '../context.tsx';

/** Two runs of this session beside each other: two models on one task, or two strategies. */
export function CompareDialog() {
  return (
    <Dialog.Root>
      <Dialog.Trigger className="button quiet small" title="Puts two runs beside each other">
        Compare
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="dialog dialog-wide" aria-describedby={undefined}>
          <Dialog.Title>Compare runs</Dialog.Title>
          <Comparison />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Comparison() {
  const session = useSession();
  const { runs } = session;
  const [one, setOne] = useState(runs.length - 2);
  const [two, setTwo] = useState(runs.length - 1);
  const [first, second] = [runs[one], runs[two]];
  if (!first || !second) return null;
  const { figures, parting, summary } = comparePlacedRuns({ session, run: first }, { session, run: second });
  const mark = (isBetter: boolean) => (isBetter ? 'good' : '');
  return (
    <div className="form">
      <p>{summary}</p>
      <table className="comparison">
        <thead>
          <tr>
            <td />
            <th scope="col">
              <RunPicker label="First run" runs={runs} chosen={one} onChoose={setOne} />
            </th>
            <th scope="col">
              <RunPicker label="Second run" runs={runs} chosen={two} onChoose={setTwo} />
            </th>
          </tr>
        </thead>
        <tbody>
          {figures.map(({ name, first: left, second: right, better }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className={mark(better === 'first')}>{left}</td>
              <td className={mark(better === 'second')}>{right}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="quiet-text">
        {parting
          ? `They part at step ${parting.step}. First: ${parting.first}. Second: ${parting.second}.`
          : 'They did the same, step by step.'}
      </p>
      <div className="form-end">
        <Dialog.Close className="button">Close</Dialog.Close>
      </div>
    </div>
  );
}

interface RunPickerProps {
  readonly label: string;
  readonly runs: readonly RunState[];
  readonly chosen: number;
  readonly onChoose: (index: number) => void;
}

function RunPicker({ label, runs, chosen, onChoose }: RunPickerProps) {
  return (
    <select aria-label={label} value={chosen} onChange={({ target }) => onChoose(Number(target.value))}>
      {runs.map((run, index) => (
        <option key={run.id} value={index}>
          Run {index + 1}
        </option>
      ))}
    </select>
  );
}
