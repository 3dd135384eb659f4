import { Tabs } from 'radix-ui';
import { lazy, Suspense } from 'react';
import type { Content } from '../../session/files.ts';
import { changesBetween, filesOf } from '../../session/state/selectors.ts';
import type { SessionState } from '../../session/state/session-state.ts';
import { useSession, useView, useWorkbench } from '../context.tsx';
import { OutputView } from '../output/OutputView.tsx';
import { selectedAttempt } from '../selected.ts';
import type { CodeTab, Selection } from '../view.ts';
import { ChangedFiles } from './ChangedFiles.tsx';

const DiffEditor = lazy(() => import('../monaco/DiffEditor.tsx').then((module) => ({ default: module.DiffEditor })));
const FileEditor = lazy(() => import('../monaco/FileEditor.tsx').then((module) => ({ default: module.FileEditor })));
const LABELS: Record<CodeTab, string> = { diff: 'Diff', file: 'File', output: 'Output' };

export function CodePanel() {
  const workbench = useWorkbench();
  const state = useSession();
  const selection = useView((view) => view.selection);
  const { tab } = selection;
  return (
    <section className="panel" aria-label="Code">
      <Tabs.Root
        className="tabs"
        value={tab}
        onValueChange={(value) => workbench.select({ tab: value === 'diff' || value === 'file' ? value : 'output' })}
      >
        <Tabs.List className="tab-list" aria-label="Code">
          {(['diff', 'file', 'output'] as const).map((value) => (
            <Tabs.Trigger key={value} className="tab" value={value}>
              {LABELS[value]}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        <Tabs.Content className="tab-content" value={tab}>
          <Suspense fallback={<p className="quiet-text">Loading the editor…</p>}>
            {tab === 'diff' && <Diff state={state} selection={selection} />}
            {tab === 'file' && <File state={state} selection={selection} />}
            {tab === 'output' && <OutputView />}
          </Suspense>
        </Tabs.Content>
      </Tabs.Root>
    </section>
  );
}

interface ViewProps {
  readonly state: SessionState;
  readonly selection: Selection;
}

function Diff({ state, selection }: ViewProps) {
  const workbench = useWorkbench();
  const attempt = selectedAttempt(state, selection);
  const start = state.order[0];
  if (!attempt || start === undefined) return null;
  const from = selection.against === 'start' ? start : (attempt.parent ?? start);
  const changes = changesBetween(state, from, attempt.id);
  const change = changes.find(({ path }) => path === selection.file) ?? changes[0];
  return (
    <div className="diff">
      <div className="diff-head">
        {attempt.parent === null ? (
          <span>The start</span>
        ) : (
          <>
            <span>
              Attempt <strong>{attempt.id}</strong> against
            </span>
            <select
              aria-label="Compare with"
              value={selection.against}
              onChange={(event) => workbench.select({ against: event.target.value === 'start' ? 'start' : 'parent' })}
            >
              <option value="parent">its parent ({attempt.parent})</option>
              <option value="start">the start</option>
            </select>
          </>
        )}
        <ChangedFiles
          changes={changes}
          selected={change?.path ?? null}
          onSelect={(file) => workbench.select({ file })}
        />
      </div>
      {change ? (
        <DiffEditor
          path={change.path}
          original={textOf(filesOf(state, from)[change.path])}
          modified={textOf(change.content ?? undefined)}
        />
      ) : (
        <p className="quiet-text">{attempt.parent === null ? 'Nothing has changed yet.' : 'No file differs.'}</p>
      )}
    </div>
  );
}

function File({ state, selection }: ViewProps) {
  const attempt = selectedAttempt(state, selection);
  if (!attempt) return null;
  const files = filesOf(state, attempt.id);
  const path = selection.file ?? Object.keys(files)[0];
  if (path === undefined) return <p className="quiet-text">Choose a file.</p>;
  if (files[path] === undefined)
    return (
      <p className="quiet-text">
        {path} does not exist in attempt {attempt.id}.
      </p>
    );
  return (
    <div className="diff">
      <div className="diff-head">
        <code>{path}</code> <span className="quiet-text">attempt {attempt.id}</span>
      </div>
      <FileEditor path={path} text={textOf(files[path])} />
    </div>
  );
}

function textOf(content: Content | undefined): string {
  if (content === undefined) return '';
  return typeof content === 'string' ? content : `(binary, ${content.base64.length} characters of base64)`;
}
