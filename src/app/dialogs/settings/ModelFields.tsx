import { PRESETS } from '../../../model/presets.ts';
import { TOOL_MODES, type ToolMode } from '../../../model/tool-modes.ts';
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
      <Dialect draft={draft} change={change} />
      <ConnectionTest key={`${draft.baseUrl} ${draft.key}`} draft={draft} />
    </>
  );
}

const TOOLS: Readonly<Record<ToolMode, string>> = {
  auto: 'as the server has them, in text where it refuses',
  native: 'as the server has them',
  text: 'in the text of the reply, for models without tool calls',
};

function Dialect({ draft, change }: FieldsProps) {
  return (
    <details>
      <summary>How the model is spoken to</summary>
      <label>
        Tool calls
        <select
          value={draft.tools}
          onChange={({ target }) => change({ tools: TOOL_MODES.find((mode) => mode === target.value) ?? 'auto' })}
        >
          {TOOL_MODES.map((mode) => (
            <option key={mode} value={mode}>
              {TOOLS[mode]}
            </option>
          ))}
        </select>
      </label>
      <label>
        Context window in tokens
        <input
          type="number"
          min={1000}
          step={1}
          placeholder="what the server says"
          value={draft.contextWindow ?? ''}
          onChange={({ target }) =>
            change({ contextWindow: Number.isFinite(target.valueAsNumber) ? target.valueAsNumber : null })
          }
        />
      </label>
    </details>
  );
}
