import { filesOf } from '../../session/state/selectors.ts';
import { useSession, useView, useWorkbench } from '../context.tsx';
import { selectedAttempt } from '../selected.ts';
import { FileTree } from './FileTree.tsx';

export function TaskPanel() {
  const state = useSession();
  const selection = useView((view) => view.selection);
  const workbench = useWorkbench();
  const attempt = selectedAttempt(state, selection);
  if (!state.task || !attempt) {
    return (
      <section className="panel" aria-label="Task">
        <p className="quiet-text">Loading the task…</p>
      </section>
    );
  }
  const { title, goal, test, level, hints } = state.task;
  const changed = new Set(attempt.changes.map(({ path }) => path));
  return (
    <section className="panel scroll" aria-label="Task">
      <div className="task">
        <p className="eyebrow">{level}</p>
        <h2>{title}</h2>
        <p className="goal">{goal}</p>
        <p className="quiet-text">
          Done when <code>{test}</code> passes.
        </p>
        {hints.length > 0 && (
          <details>
            <summary>Hints</summary>
            <ul>
              {hints.map((hint) => (
                <li key={hint}>{hint}</li>
              ))}
            </ul>
          </details>
        )}
      </div>
      {state.runs.length === 0 && (
        <p className="welcome">
          A coding agent works on this task here, in your browser: no account, no key. Press <strong>Run</strong>.
        </p>
      )}
      <h3 className="section-title">Files</h3>
      <FileTree
        paths={Object.keys(filesOf(state, attempt.id))}
        changed={changed}
        selected={selection.file}
        onSelect={(file) => {
          workbench.select({ file, tab: 'file' });
          if (window.matchMedia('(max-width: 719px)').matches) workbench.showPanel('code');
        }}
      />
    </section>
  );
}
