import { useView, useWorkbench } from '../context.tsx';
import { SessionsDialog } from '../dialogs/SessionsDialog.tsx';
import { ShareDialog } from '../dialogs/ShareDialog.tsx';
import { SettingsDialog } from '../dialogs/settings/SettingsDialog.tsx';
import { Icon } from '../icons.tsx';
import { isBusy } from '../view.ts';
import { RunStatus } from './RunStatus.tsx';
import { ThemeToggle } from './ThemeToggle.tsx';

export function Header() {
  return (
    <header className="header">
      <h1 className="brand">
        <img src="/favicon.svg" alt="" width="22" height="22" />
        <span>Fixpoint</span>
      </h1>
      <TaskPicker />
      <RunControls />
      <RunStatus />
      <div className="header-end">
        <SessionsDialog />
        <ShareDialog />
        <SettingsDialog />
        <ThemeToggle />
      </div>
    </header>
  );
}

function TaskPicker() {
  const workbench = useWorkbench();
  const gallery = useView((view) => view.gallery);
  const name = useView((view) => view.session.task?.name ?? '');
  const busy = useView((view) => isBusy(view.activity));
  const title = useView((view) => view.session.task?.title ?? '');
  return (
    <select
      className="task-picker"
      aria-label="Task"
      value={name}
      disabled={busy}
      onChange={(event) => void workbench.opening.selectTask(event.target.value)}
    >
      {name === '' && <option value="">Loading tasks…</option>}
      {name !== '' && !gallery.some((task) => task.name === name) && <option value={name}>{title}</option>}
      {gallery.map((task) => (
        <option key={task.name} value={task.name}>
          {task.title} · {task.level}
        </option>
      ))}
    </select>
  );
}

function RunControls() {
  const workbench = useWorkbench();
  const { kind } = useView((view) => view.activity);
  const hasTask = useView((view) => view.session.task !== null);
  const access = useView((view) => view.access);
  const canStart = access === 'own' && ((kind === 'idle' && hasTask) || kind === 'paused');
  const canStop = kind === 'starting' || kind === 'running' || kind === 'paused' || kind === 'rerunning';
  return (
    <fieldset className="run-controls" aria-label="Run">
      <button
        type="button"
        className="button primary"
        disabled={!canStart}
        onClick={() => void workbench.running.run()}
      >
        <Icon name="play" /> {kind === 'paused' ? 'Continue' : 'Run'}
      </button>
      <button type="button" className="button" disabled={!canStart} onClick={() => void workbench.running.step()}>
        <Icon name="step" /> Step
      </button>
      <button type="button" className="button" disabled={!canStop} onClick={() => workbench.running.stop()}>
        <Icon name="stop" /> Stop
      </button>
    </fieldset>
  );
}
