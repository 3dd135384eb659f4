import { Dialog } from 'radix-ui';
import { useState } from 'react';
import type { Limits } from '../../session/events.ts';
import { useView, useWorkbench } from '../context.tsx';
import { Icon } from '../icons.tsx';
import type { Settings } from '../settings.ts';

const LIMITS: readonly { readonly key: Exclude<keyof Limits, 'output'>; readonly label: string }[] = [
  { key: 'steps', label: 'Steps' },
  { key: 'attempts', label: 'Attempts' },
  { key: 'seconds', label: 'Seconds' },
  { key: 'tokens', label: 'Tokens' },
  { key: 'cost', label: 'Cost (US$)' },
];

export function SettingsDialog() {
  const [isOpen, setOpen] = useState(false);
  return (
    <Dialog.Root open={isOpen} onOpenChange={setOpen}>
      <Dialog.Trigger className="button quiet">
        <Icon name="settings" /> <span className="wide-only">Settings</span>
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="dialog" aria-describedby={undefined}>
          <Dialog.Title>Settings</Dialog.Title>
          <SettingsForm onDone={() => setOpen(false)} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function SettingsForm({ onDone }: { onDone: () => void }) {
  const workbench = useWorkbench();
  const [draft, setDraft] = useState(useView((view) => view.settings));
  const change = (part: Partial<Settings>) => setDraft({ ...draft, ...part });
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        workbench.saveSettings(draft);
        onDone();
      }}
    >
      <ModelFields draft={draft} change={change} />
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
      <SandboxFields draft={draft} change={change} />
      <div className="form-end">
        <Dialog.Close className="button">Cancel</Dialog.Close>
        <button type="submit" className="button primary">
          Save
        </button>
      </div>
    </form>
  );
}

interface FieldsProps {
  readonly draft: Settings;
  readonly change: (part: Partial<Settings>) => void;
}

function ModelFields({ draft, change }: FieldsProps) {
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
      {draft.model === 'openai' && (
        <>
          <label>
            Base URL
            <input
              type="url"
              required
              value={draft.baseUrl}
              onChange={({ target }) => change({ baseUrl: target.value })}
            />
          </label>
          <label>
            Model name
            <input required value={draft.modelName} onChange={({ target }) => change({ modelName: target.value })} />
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
        </>
      )}
    </fieldset>
  );
}

function SandboxFields({ draft, change }: FieldsProps) {
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
