import { PRESETS } from '../../../model/presets.ts';
import { ConnectionTest } from './ConnectionTest.tsx';
import type { FieldsProps } from './fields.ts';

export function ModelFields({ draft, change }: FieldsProps) {
  return (
    <fieldset>
      <legend>Model</legend>
      <label className="choice">
        <input
          type="radio"
          name="model"
          checked={draft.model === 'solver'}
          onChange={() => change({ model: 'solver' })}
        />
        Built-in solver: no key, no network
      </label>
      <label className="choice">
        <input
          type="radio"
          name="model"
          checked={draft.model === 'openai'}
          onChange={() => change({ model: 'openai' })}
        />
        OpenAI-compatible server
      </label>
      <label className="choice">
        <input
          type="radio"
          name="model"
          checked={draft.model === 'person'}
          onChange={() => change({ model: 'person' })}
        />
        You: take the agent's seat and choose every call yourself
      </label>
      {draft.model === 'openai' && <ServerFields draft={draft} change={change} />}
    </fieldset>
  );
}

function ServerFields({ draft, change }: FieldsProps) {
  const preset = PRESETS.find(({ baseUrl }) => baseUrl === draft.baseUrl);
  return (
    <>
      <label>
        Host
        <select
          value={preset?.id ?? ''}
          onChange={({ target }) => {
            const chosen = PRESETS.find(({ id }) => id === target.value);
            if (chosen) change({ baseUrl: chosen.baseUrl });
          }}
        >
          {!preset && <option value="">Another one</option>}
          {PRESETS.map(({ id, name, isLocal }) => (
            <option key={id} value={id}>
              {isLocal ? `${name} (on this machine)` : name}
            </option>
          ))}
        </select>
      </label>
      {preset?.fromPage === 'no' && (
        <p className="quiet-text">This host sends no CORS headers: pages cannot reach it. The command line can.</p>
      )}
      {preset?.note && <p className="quiet-text">{preset.note}</p>}
      <label>
        Base URL
        <input type="url" required value={draft.baseUrl} onChange={({ target }) => change({ baseUrl: target.value })} />
      </label>
      <label>
        Model name
        <input
          required
          list="listed-models"
          value={draft.modelName}
          onChange={({ target }) => change({ modelName: target.value })}
        />
      </label>
      <label>
        Key
        <input
          type="password"
          autoComplete="off"
          value={draft.key}
          onChange={({ target }) => change({ key: target.value })}
        />
      </label>
      <label className="choice">
        <input
          type="checkbox"
          checked={draft.rememberKey}
          onChange={({ target }) => change({ rememberKey: target.checked })}
        />
        Remember the key on this device. It is never part of a session or a link.
      </label>
      <ConnectionTest key={`${draft.baseUrl} ${draft.key}`} draft={draft} />
    </>
  );
}
