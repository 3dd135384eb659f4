import type { AttemptId, SessionState, TreeHash, Verdict } from '../session/events.ts';
import type { Files } from '../session/files.ts';
import { compareVerdicts, filesOf } from '../session/selectors.ts';

export interface BookedAttempt {
  readonly id: AttemptId;
  readonly tree: TreeHash;
  readonly files: Files;
  readonly verdict: Verdict | null;
  /** Made in this run. */
  readonly own: boolean;
  /** Attempts of this run in a row, this one included, that are no better than the best before them. */
  readonly stale: number;
}

/** The attempts of a session as a run sees them: found by their tree, compared by their verdicts. */
export interface AttemptBook {
  /** The attempt that the next one is made from: the last whose files the working tree has been. */
  readonly base: BookedAttempt;
  /** The attempt made last, which a reader of the log takes for head. */
  readonly newest: AttemptId;
  readonly hasOwnFailure: boolean;
  /** The best of the start and this run's attempts, the earliest of equals. */
  readonly best: BookedAttempt;
  of(tree: TreeHash): BookedAttempt | null;
  get(id: AttemptId): BookedAttempt;
  add(tree: TreeHash, files: Files): BookedAttempt;
  judge(id: AttemptId, verdict: Verdict): void;
  /** The working tree is now this one: where it is an attempt's, that attempt is the base. */
  settle(tree: TreeHash): void;
}

export function createAttemptBook(state: SessionState): AttemptBook {
  const byTree = new Map<TreeHash, AttemptId>();
  const byId = new Map<AttemptId, BookedAttempt>();
  for (const id of state.order) {
    const attempt = state.attempts[id];
    if (!attempt) continue;
    const { tree, verdict } = attempt;
    byTree.set(tree, id);
    byId.set(id, { id, tree, files: filesOf(state, id), verdict, own: false, stale: 0 });
  }
  const start = state.head;
  const startTree = state.attempts[start]?.tree;
  if (startTree !== undefined) byTree.set(startTree, start);
  let base = start;
  let newest = start;
  let hasOwnFailure = false;

  const get = (id: AttemptId): BookedAttempt => {
    const attempt = byId.get(id);
    if (!attempt) throw new Error(`There is no attempt "${id}" in this session`);
    return attempt;
  };
  const best = (): BookedAttempt => {
    let result = get(start);
    for (const attempt of byId.values()) {
      if (!attempt.own || !attempt.verdict) continue;
      if (!result.verdict || compareVerdicts(attempt.verdict, result.verdict) < 0) result = attempt;
    }
    return result;
  };
  return {
    get base() {
      return get(base);
    },
    get newest() {
      return newest;
    },
    get hasOwnFailure() {
      return hasOwnFailure;
    },
    get best() {
      return best();
    },
    of: (tree) => {
      const id = byTree.get(tree);
      return id === undefined ? null : get(id);
    },
    get,
    add: (tree, files) => {
      const id = String(byId.size);
      const made: BookedAttempt = { id, tree, files, verdict: null, own: true, stale: get(base).stale + 1 };
      byId.set(id, made);
      byTree.set(tree, id);
      base = id;
      newest = id;
      return made;
    },
    judge: (id, verdict) => {
      const attempt = get(id);
      const before = best().verdict;
      const better = before === null || compareVerdicts(verdict, before) < 0;
      byId.set(id, { ...attempt, verdict, stale: better ? 0 : attempt.stale });
      if (attempt.own && !verdict.passed) hasOwnFailure = true;
    },
    settle: (tree) => {
      base = byTree.get(tree) ?? base;
    },
  };
}
