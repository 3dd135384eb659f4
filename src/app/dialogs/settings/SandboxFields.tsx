import type { FieldsProps } from './fields.ts';

export function SandboxFields({ draft, change }: FieldsProps) {
  return (
    <fieldset>
      <legend>Sandbox</legend>
      <label className="choice">
        <input
          type="radio"
          name="sandbox"
          checked={draft.sandbox === 'embedded'}
          onChange={() => change({ sandbox: 'embedded' })}
        />
        Embedded: works offline
      </label>
      <label className="choice">
        <input
          type="radio"
          name="sandbox"
          checked={draft.sandbox === 'hosted'}
          onChange={() => change({ sandbox: 'hosted' })}
        />
        Hosted WebContainer, from StackBlitz: needs the network
      </label>
      {draft.sandbox === 'hosted' && (
        <p className="quiet-text">
          Commercial production use of the WebContainer API requires a licence from StackBlitz.
        </p>
      )}
    </fieldset>
  );
}
