import { Dialog } from 'radix-ui';
import { lazy, Suspense, useState } from 'react';
import { Icon } from '../../icons.tsx';

// With the strategies and the presets: nobody waits for them before the dialog is opened.
const SettingsForm = lazy(() => import('./SettingsForm.tsx').then((module) => ({ default: module.SettingsForm })));

export function SettingsDialog() {
  const [isOpen, setOpen] = useState(false);
  return (
    <Dialog.Root open={isOpen} onOpenChange={setOpen}>
      <Dialog.Trigger className="button quiet" aria-label="Settings">
        <Icon name="settings" /> <span className="wide-only">Settings</span>
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="dialog" aria-describedby={undefined}>
          <Dialog.Title>Settings</Dialog.Title>
          <Suspense fallback={<p className="quiet-text">Loading…</p>}>
            <SettingsForm onDone={() => setOpen(false)} />
          </Suspense>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
