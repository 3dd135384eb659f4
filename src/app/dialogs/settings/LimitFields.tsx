import type { Limits } from '../../../session/values.ts';
import type { FieldsProps } from './fields.ts';

const LIMITS: readonly { readonly key: Exclude<keyof Limits, 'output'>; readonly label: string }[] = [
  { key: 'steps', label: 'Steps' },
  { key: 'attempts', label: 'Attempts' },
  { key: 'seconds', label: 'Seconds' },
  { key: 'tokens', label: 'Tokens' },
  { key: 'cost', label: 'Cost (US$)' },
  { key: 'commandSeconds', label: 'Seconds of a command' },
  { key: 'testSeconds', label: 'Seconds of a test run' },
];

export function LimitFields({ draft, change }: FieldsProps) {
  return (
    <fieldset>
      <legend>Limits of a run</legend>
      <div className="limit-fields">
        {LIMITS.map(({ key, label }) => (
          <label key={key}>
            {label}
            <input
              type="number"
              required
              min={key === 'cost' ? 0 : 1}
              step={key === 'cost' ? 'any' : 1}
              value={draft.limits[key]}
              onChange={({ target }) => change({ limits: { ...draft.limits, [key]: target.valueAsNumber || 0 } })}
            />
          </label>
        ))}
      </div>
    </fieldset>
  );
}
