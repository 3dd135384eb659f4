import type { Mode } from '../../../agent/policy/modes.ts';
import type { FieldsProps } from './fields.ts';

const MODES: readonly { readonly mode: Mode; readonly label: string }[] = [
  { mode: 'confirm-each', label: 'Confirm each command and change' },
  { mode: 'confirm-risky', label: 'Confirm what is risky: installs, the network, what deletes much' },
  { mode: 'hands-off', label: 'Hands off: what is risky follows the rules, nobody is asked' },
];

export function PermissionFields({ draft, change }: FieldsProps) {
  return (
    <fieldset>
      <legend>Permissions</legend>
      {MODES.map(({ mode, label }) => (
        <label className="choice" key={mode}>
          <input type="radio" name="mode" checked={draft.mode === mode} onChange={() => change({ mode })} />
          {label}
        </label>
      ))}
      {draft.allowed.length > 0 && (
        <ul className="allowed" aria-label="Always allowed">
          {draft.allowed.map((pattern) => (
            <li key={pattern}>
              <code className="ellipsis">{pattern}</code>
              <button
                type="button"
                className="button quiet small"
                aria-label={`No longer allow ${pattern} always`}
                onClick={() => change({ allowed: draft.allowed.filter((other) => other !== pattern) })}
              >
                Remove
              </button>
            </li>
          ))}
        </ul>
      )}
    </fieldset>
  );
}
