import { MODIFIERS, STRATEGIES } from '../../../agent/strategies/index.ts';
import type { FieldsProps } from './fields.ts';

/** One strategy, and whatever modifies it: together a name such as "tree+review". */
export function StrategyFields({ draft, change }: FieldsProps) {
  const parts = draft.strategy.split('+');
  const base = STRATEGIES.find(({ name }) => parts.includes(name)) ?? STRATEGIES[0];
  const chosen = MODIFIERS.filter(({ name }) => parts.includes(name)).map(({ name }) => name);
  const choose = (name: string, modifiers: readonly string[]) => change({ strategy: [name, ...modifiers].join('+') });
  if (!base) return null;
  return (
    <fieldset>
      <legend>Strategy</legend>
      <label>
        How the agent works
        <select value={base.name} onChange={({ target }) => choose(target.value, chosen)}>
          {STRATEGIES.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <p className="quiet-text">{base.description}</p>
      {base.name === 'tree' && (
        <label>
          Candidates at once
          <input
            type="number"
            required
            min={2}
            max={8}
            value={draft.candidates}
            onChange={({ target }) => change({ candidates: target.valueAsNumber || 2 })}
          />
        </label>
      )}
      {MODIFIERS.map(({ name, description }) => (
        <label className="choice" key={name}>
          <input
            type="checkbox"
            checked={chosen.includes(name)}
            onChange={({ target }) =>
              choose(base.name, target.checked ? [...chosen, name] : chosen.filter((other) => other !== name))
            }
          />
          <span>
            {name}: {description}
          </span>
        </label>
      ))}
      {draft.model === 'openai' && <RoleModels draft={draft} change={change} />}
    </fieldset>
  );
}

const ROLES = [
  { role: 'planner', label: 'Planner' },
  { role: 'executor', label: 'Executor' },
  { role: 'reviewer', label: 'Reviewer' },
] as const;

function RoleModels({ draft, change }: FieldsProps) {
  return (
    <details>
      <summary>Other models of the same server for single roles</summary>
      {ROLES.map(({ role, label }) => (
        <label key={role}>
          {label}
          <input
            value={draft.roleModels[role]}
            placeholder={draft.modelName || 'the model of the run'}
            onChange={({ target }) => change({ roleModels: { ...draft.roleModels, [role]: target.value } })}
          />
        </label>
      ))}
    </details>
  );
}
