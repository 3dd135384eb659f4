import { useEffect, useState } from 'react';
import type { SandboxStatus } from '../../sandbox/sandbox.ts';
import { spentOf } from '../../session/state/selectors.ts';
import { useSession, useView } from '../context.tsx';
import { formatCost, formatDuration, formatTokens } from '../format.ts';
import type { Activity } from '../view.ts';

/** What goes on, for how long, and what it used. */
export function RunStatus() {
  const activity = useView((view) => view.activity);
  const sandbox = useView((view) => view.sandbox);
  const state = useSession();
  const isAsked = useView((view) => view.asking !== null);
  const elapsed = useElapsed('since' in activity ? activity.since : null);
  const spent = spentOf(state);
  const tokens = spent.inputTokens + spent.outputTokens;
  return (
    <div className="run-status">
      <span className={`dot dot-${activity.kind}`} aria-hidden="true" />
      <span className="run-status-text" title={sandbox.state === 'failed' ? sandbox.message : undefined}>
        {isAsked ? 'Waiting for you' : describeActivity(activity, sandbox)}
      </span>
      {elapsed !== null && <span className="figure">{formatDuration(elapsed)}</span>}
      {state.runs.length > 0 && (
        <>
          {elapsed === null && <span className="figure">{formatDuration(spent.milliseconds)}</span>}
          <span className="figure wide-only">{formatTokens(tokens)} tokens</span>
          <span className="figure wide-only">{formatCost(spent.cost)}</span>
        </>
      )}
    </div>
  );
}

function describeActivity(activity: Activity, sandbox: SandboxStatus): string {
  switch (activity.kind) {
    case 'loading':
      return 'Loading';
    case 'starting':
      return sandbox.state === 'booting' ? 'Starting the sandbox' : 'Starting';
    case 'running':
      return 'Running';
    case 'paused':
      return `Waiting: ${activity.tool}`;
    case 'stopping':
      return 'Stopping';
    case 'rolling-back':
      return 'Rolling back';
    case 'rerunning':
      return 'Re-running';
    case 'idle':
      if (sandbox.state === 'booting') return 'Starting the sandbox';
      return sandbox.state === 'failed' ? 'No sandbox' : 'Ready';
  }
}

function useElapsed(since: number | null): number | null {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (since === null) return;
    const timer = setInterval(() => setNow(Date.now()), 100);
    return () => clearInterval(timer);
  }, [since]);
  return since === null ? null : Math.max(0, now - since);
}
