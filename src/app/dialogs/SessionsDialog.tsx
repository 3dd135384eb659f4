import { Dialog } from 'radix-ui';
import { useState } from 'react';
import type { SessionSummary } from '../../session/storage/session-storage.ts';
import { useView, useWorkbench } from '../context.tsx';
import { formatCount } from '../format.ts';
import { Icon } from '../icons.tsx';
import { isBusy } from '../view.ts';

/** The sessions that this browser keeps: open, delete, begin a new one, open one from a file. */
export function SessionsDialog() {
  const [isOpen, setOpen] = useState(false);
  return (
    <Dialog.Root open={isOpen} onOpenChange={setOpen}>
      <Dialog.Trigger className="button quiet" aria-label="Sessions">
        <Icon name="folder" /> <span className="wide-only">Sessions</span>
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="dialog" aria-describedby={undefined}>
          <Dialog.Title>Sessions</Dialog.Title>
          <SessionList onDone={() => setOpen(false)} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function SessionList({ onDone }: { onDone: () => void }) {
  const { opening } = useWorkbench();
  const sessions = useView((view) => view.sessions);
  const unsaved = useView((view) => view.unsaved);
  const busy = useView((view) => isBusy(view.activity));
  return (
    <div className="form">
      <p className="quiet-text">{unsaved ?? 'They are kept in this browser only, as they happen.'}</p>
      {sessions.length === 0 && <p className="quiet-text">None is stored yet.</p>}
      <ul className="session-list" aria-label="Stored sessions">
        {sessions.map((session) => (
          <SessionRow
            key={session.id}
            session={session}
            busy={busy}
            onOpen={() => {
              void opening.openStored(session.id);
              onDone();
            }}
          />
        ))}
      </ul>
      <div className="form-end">
        <FilePicker disabled={busy} onDone={onDone} />
        <button
          type="button"
          className="button"
          disabled={busy}
          onClick={() => {
            void opening.beginAgain();
            onDone();
          }}
        >
          New session
        </button>
        <Dialog.Close className="button">Close</Dialog.Close>
      </div>
    </div>
  );
}

interface SessionRowProps {
  readonly session: SessionSummary;
  readonly busy: boolean;
  readonly onOpen: () => void;
}

function SessionRow({ session, busy, onOpen }: SessionRowProps) {
  const { opening } = useWorkbench();
  const [asked, setAsked] = useState(false);
  const isCurrent = useView((view) => view.session.id === session.id);
  const { id, title, updated, outcome, eventCount } = session;
  return (
    <li className="session-row" aria-current={isCurrent ? 'true' : undefined}>
      <span className="session-what">
        <strong className="ellipsis">{title}</strong>
        <span className="quiet-text">
          {outcome ?? 'no finished run'} · {formatCount(eventCount, 'event')} ·{' '}
          {new Date(updated).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })}
        </span>
      </span>
      {isCurrent ? (
        <span className="tag tag-accent">open</span>
      ) : (
        <button type="button" className="button" disabled={busy} aria-label={`Open ${title}`} onClick={onOpen}>
          Open
        </button>
      )}
      <button
        type="button"
        className={`button quiet ${asked ? 'bad' : ''}`}
        disabled={busy}
        aria-label={asked ? `Delete ${title} for good` : `Delete ${title}`}
        onClick={() => (asked ? void opening.removeStored(id) : setAsked(true))}
        onBlur={() => setAsked(false)}
      >
        {asked ? 'Really?' : 'Delete'}
      </button>
    </li>
  );
}

function FilePicker({ disabled, onDone }: { disabled: boolean; onDone: () => void }) {
  const { opening } = useWorkbench();
  return (
    <label className={`button file-picker ${disabled ? 'disabled' : ''}`}>
      Open a file…
      <input
        type="file"
        className="visually-hidden"
        accept=".json,application/json"
        disabled={disabled}
        aria-label="Session file"
        onChange={({ target }) => {
          const file = target.files?.[0];
          if (!file) return;
          void file.text().then((text) => opening.openFile(text));
          onDone();
        }}
      />
    </label>
  );
}
