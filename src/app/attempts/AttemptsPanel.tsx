import { type AttemptNode, attemptTree, changesBetween } from '../../session/state/selectors.ts';
import { describeCounts } from '../announce.ts';
import { useSession, useView, useWorkbench } from '../context.tsx';
import { formatCount, formatRollback } from '../format.ts';
import { Icon } from '../icons.tsx';
import { moveFocus } from '../roving.ts';
import { selectedAttempt } from '../selected.ts';
import { isBusy } from '../view.ts';
import { AttemptScore } from './AttemptScore.tsx';
import { attemptRows } from './attempt-rows.ts';

/** Every attempt there was; nothing is ever removed from it. */
export function AttemptsPanel() {
  const state = useSession();
  const selection = useView((view) => view.selection);
  const workbench = useWorkbench();
  const attempt = selectedAttempt(state, selection);
  const root = attemptTree(state);
  return (
    <section className="panel" aria-label="Attempts">
      <h2 className="panel-title">Attempts</h2>
      <div className="tree scroll" role="tree" aria-label="Attempts" onKeyDown={moveFocus}>
        {root &&
          attemptRows(root).map((row) => (
            <AttemptRow
              key={row.node.attempt.id}
              node={row.node}
              indent={row.indent}
              isSelected={row.node.attempt.id === attempt?.id}
              onSelect={() => workbench.select({ attempt: row.node.attempt.id, tab: 'diff', file: null })}
            />
          ))}
      </div>
      {attempt && attempt.parent !== null && <AttemptScore id={attempt.id} />}
      {attempt && attempt.id !== state.head && <Rollback to={attempt.id} />}
    </section>
  );
}

interface AttemptRowProps {
  readonly node: AttemptNode;
  readonly indent: number;
  readonly isSelected: boolean;
  readonly onSelect: () => void;
}

function AttemptRow({ node, indent, isSelected, onSelect }: AttemptRowProps) {
  const { attempt, depth, isHead, isBest } = node;
  const { verdict } = attempt;
  const heldOut = attempt.checks.find(({ check }) => check === 'hidden');
  return (
    <button
      type="button"
      role="treeitem"
      aria-level={depth + 1}
      aria-selected={isSelected}
      aria-current={isHead ? 'true' : undefined}
      tabIndex={isSelected ? 0 : -1}
      className="tree-row"
      style={{ paddingInlineStart: `${indent * 16 + 14}px` }}
      onClick={onSelect}
    >
      <span className="attempt-id">{attempt.parent === null ? 'Start' : `#${attempt.id}`}</span>
      {verdict ? (
        <span className={`attempt-verdict ${verdict.passed ? 'good' : 'bad'}`}>
          <Icon name={verdict.passed ? 'check' : 'cross'} size={14} /> {describeCounts(verdict)}
        </span>
      ) : (
        <span className="attempt-verdict quiet-text">not tested</span>
      )}
      {attempt.parent !== null && (
        <span className="figure attempt-files">{formatCount(attempt.changes.length, 'file')}</span>
      )}
      {heldOut && <span className="tag">held-out tests {heldOut.passed ? 'pass' : 'fail'}</span>}
      {isBest && <span className="tag tag-good">best</span>}
      {isHead && <span className="tag tag-accent">head</span>}
    </button>
  );
}

function Rollback({ to }: { to: string }) {
  const state = useSession();
  const workbench = useWorkbench();
  const busy = useView((view) => isBusy(view.activity) || view.access !== 'own');
  const changes = changesBetween(state, state.head, to);
  const removed = changes.filter(({ content }) => content === null).length;
  return (
    <div className="panel-foot">
      <button type="button" className="button" disabled={busy} onClick={() => void workbench.running.rollback(to)}>
        <Icon name="rollback" /> Roll back to this attempt
      </button>
      <span className="quiet-text">{formatRollback(changes.length - removed, removed)}</span>
    </div>
  );
}
