import type { ToolCall } from '../../model/model.ts';
import type { TreeHash } from '../../session/values.ts';
import type { ToolResult } from '../tools/tool.ts';
import type { Workspace } from '../workspace/workspace.ts';

export const DEFAULT_PATIENCE = 8;

/** How often the same may happen before the model is warned, and before the conversation ends. */
interface Measure {
  readonly warn: number;
  readonly stop: number;
}
const FAILED_CALLS: Measure = { warn: 2, stop: 3 };
const EQUAL_RESULTS: Measure = { warn: 3, stop: 6 };
const EQUAL_CHANGES: Measure = { warn: 2, stop: 3 };

/** Sentences: `warning` for the model, `stop` for a person, when it has gone on in spite of the warning. */
export interface Findings {
  readonly warning: string | null;
  readonly stop: string | null;
}

/** Notices a conversation that turns in circles. */
export interface Progress {
  /** After each call; `tree` is what the call left. */
  finished(call: ToolCall, done: Pick<ToolResult, 'ok' | 'result'>, tree: TreeHash): void;
  /** After each step: what has come up since the last time. */
  look(workspace: Workspace): Findings;
}

/** `startStale` is how many fruitless attempts there were before: they are not this conversation's. */
export function createProgress(patience: number, startStale = 0): Progress {
  const calls = createCounter();
  const changes = createCounter();
  const stale: Measure = { warn: Math.ceil(patience / 2), stop: patience };
  let tree: TreeHash | null = null;
  let before = startStale;
  let lastStale = 0;
  let found: Findings = { warning: null, stop: null };
  const note = (count: number, measure: Measure, texts: { warning: string; stop: string }) => {
    if (count >= measure.stop) found = { ...found, stop: found.stop ?? texts.stop };
    else if (count === measure.warn) found = { ...found, warning: texts.warning };
  };
  return {
    finished: (call, { ok, result }, now) => {
      if (tree !== null && tree !== now) {
        // On other files the same call may have another result.
        calls.clear();
        note(changes.add(`${tree} ${now}`), EQUAL_CHANGES, describeChanges());
      }
      tree = now;
      // Times and process ids differ from call to call and say nothing new.
      const count = calls.add(`${call.name} ${call.arguments} ${ok ? result.replace(/\d+(\.\d+)?/g, '#') : ''}`);
      note(count, ok ? EQUAL_RESULTS : FAILED_CALLS, describeCalls(call.name, { ok, count }));
    },
    look: (workspace) => {
      // Only attempts built on one another count: going back to the best one and trying something else is a search, not a circle.
      const { stale: made } = workspace.attempts.base;
      if (made < before) before = 0;
      const count = made - before;
      if (count > lastStale) note(count, stale, describeStale(count));
      lastStale = count;
      const findings = found;
      found = { warning: null, stop: null };
      return findings;
    },
  };
}

function createCounter() {
  const counts = new Map<string, number>();
  return {
    add: (key: string): number => {
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      return count;
    },
    clear: () => counts.clear(),
  };
}

function describeCalls(name: string, { ok, count }: { ok: boolean; count: number }) {
  return ok
    ? {
        warning: `You have made this call of ${name} ${count} times, always with the same result. It will not change: use what it told you, or do something else.`,
        stop: `The same call of ${name} was made ${count} times, always with the same result.`,
      }
    : {
        warning: `The same call of ${name} has failed ${count} times. Do not repeat it: read the error, and make another call.`,
        stop: `The same call of ${name} failed ${count} times.`,
      };
}

function describeChanges() {
  return {
    warning:
      'You have made, taken back and made again the same change. It does not help: say what you learned from it, and try another cause.',
    stop: 'The same change was made and taken back again and again.',
  };
}

function describeStale(count: number) {
  return {
    warning: `${count} attempts in a row, each built on the last, made no further test pass. Stop and think: read the failing test and the code that it reaches once more, name another possible cause, and take back what did not help.`,
    stop: `${count} attempts in a row, each built on the last, made no test pass.`,
  };
}
