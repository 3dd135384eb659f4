import { Dialog } from 'radix-ui';
import { useState } from 'react';
import { useView, useWorkbench } from '../../context.tsx';
import type { Settings } from '../../settings.ts';
import { CheckFields } from './CheckFields.tsx';
import { LimitFields } from './LimitFields.tsx';
import { ModelFields } from './ModelFields.tsx';
import { PermissionFields } from './PermissionFields.tsx';
import { SandboxFields } from './SandboxFields.tsx';
import { StrategyFields } from './StrategyFields.tsx';

export function SettingsForm({ onDone }: { onDone: () => void }) {
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
      <StrategyFields draft={draft} change={change} />
      <CheckFields draft={draft} change={change} />
      <PermissionFields draft={draft} change={change} />
      <LimitFields draft={draft} change={change} />
      <SandboxFields draft={draft} change={change} />
      <div className="form-end form-end-sticky">
        <Dialog.Close className="button">Cancel</Dialog.Close>
        <button type="submit" className="button primary">
          Save
        </button>
      </div>
    </form>
  );
}
