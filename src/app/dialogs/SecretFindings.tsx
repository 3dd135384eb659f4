import type { SecretFinding } from '../../share/redact.ts';
import { formatCount } from '../format.ts';

interface SecretFindingsProps {
  readonly findings: readonly SecretFinding[];
  readonly onMask: () => void;
  readonly onKeep: () => void;
}

/** What looks like a secret, and where; the same one in the same place once. */
export function SecretFindings({ findings, onMask, onKeep }: SecretFindingsProps) {
  const places = Map.groupBy(findings, ({ kind, shown }) => `${kind} ${shown}`);
  return (
    <>
      <p role="status">
        <strong>{formatCount(places.size, 'possible secret')}</strong> found:
      </p>
      <ul className="findings" aria-label="Possible secrets">
        {[...places].map(([key, group]) => (
          <li key={key}>
            {group[0]?.kind}: <code>{group[0]?.shown}</code>{' '}
            <span className="quiet-text">{[...new Set(group.map(({ place }) => place))].join(', ')}</span>
          </li>
        ))}
      </ul>
      <p className="quiet-text">A masked session may re-run with other results where the tests need the real value.</p>
      <div className="form-end">
        <button type="button" className="button" onClick={onKeep}>
          Share as it is
        </button>
        <button type="button" className="button primary" onClick={onMask}>
          Mask and make the link
        </button>
      </div>
    </>
  );
}
