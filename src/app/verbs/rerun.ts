/** A session done again in an empty sandbox, step by step, into the view's report. */
import type { ReplayStep } from '../../agent/replay/replay.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { SessionEvent, SessionFile } from '../../session/events.ts';
import { messageOf, type Page } from '../page.ts';
import type { Rerun } from '../view.ts';

interface RerunOptions {
  readonly boot: () => Promise<Sandbox>;
  readonly signal: AbortSignal;
}

const REPEATED: ReadonlySet<SessionEvent['type']> = new Set([
  'session-started',
  'files-changed',
  'command-finished',
  'check-finished',
  'attempt-made',
  'head-moved',
]);

/** Never rejects: how it ended is in the report. */
export async function rerunSession({ view, output }: Page, file: SessionFile, options: RerunOptions): Promise<void> {
  const { boot, signal } = options;
  const total = file.events.filter(({ type }) => REPEATED.has(type)).length;
  let steps: readonly ReplayStep[] = [];
  const show = (part: Partial<Rerun>) =>
    view.set({ rerun: { state: 'running', message: null, total, steps, ...part } });
  // A report that was closed stays closed.
  const report = (part: Partial<Rerun>) => view.get().rerun && show(part);
  show({});
  try {
    const [{ replaySession }, sandbox] = await Promise.all([import('../../agent/replay/replay.ts'), boot()]);
    signal.throwIfAborted();
    await sandbox.reboot({});
    await replaySession(file, sandbox, {
      signal,
      onStep(step) {
        steps = [...steps, step];
        report({});
      },
      onOutput: (text) => output.append(text),
    });
    report({ state: 'done' });
  } catch (error) {
    if (signal.aborted) report({ state: 'stopped' });
    else report({ state: 'failed', message: messageOf(error) });
  }
}
