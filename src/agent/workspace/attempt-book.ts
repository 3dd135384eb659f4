import type { Files } from '../../session/files.ts';
import { compareVerdicts, filesOf } from '../../session/state/selectors.ts';
import type { SessionState } from '../../session/state/session-state.ts';
import type { AttemptId, TreeHash, Verdict } from '../../session/values.ts';

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

/**
 * The attempts of a session as a working copy of a run sees them: found by their tree, compared by their verdicts. Two working copies
 * that come to the same files have made two attempts, each with its own verdict.
 */
export interface AttemptBook {
  /** The attempt that the next one is made from: the last whose files the working tree has been. */
  readonly base: BookedAttempt;
  /** The attempt that a reader of the log takes for the working copy's. */
  readonly newest: AttemptId;
  readonly hasOwnFailure: boolean;
  /** The best of the start and of the attempts made in this working copy and in those that began from it, the earliest of equals. */
  readonly best: BookedAttempt;
  /** Those made in this working copy and in those that began from it, in their order. */
  readonly made: readonly BookedAttempt[];
  of(tree: TreeHash): BookedAttempt | null;
  get(id: AttemptId): BookedAttempt;
  add(tree: TreeHash, files: Files): BookedAttempt;
  judge(id: AttemptId, verdict: Verdict): void;
  /** The working tree is now this one: where it is an attempt's, that attempt is the base. */
  settle(tree: TreeHash): void;
  /** The working tree is now this attempt's, and the log says so. */
  moveTo(id: AttemptId): void;
  /** What came before does not count any more: this attempt is the one to be better than. */
  beginAt(id: AttemptId): void;
  /** The book of a further working copy that begins with this attempt. */
  fork(from: AttemptId): AttemptBook;
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
  return openBook({ byId, byTree, start: state.head, made: () => undefined });
}

interface Pages {
  /** Of the session: shared by all books of a run. */
  readonly byId: Map<AttemptId, BookedAttempt>;
  readonly byTree: Map<TreeHash, AttemptId>;
  readonly start: AttemptId;
  /** Tells the book that this one was forked from. */
  readonly made: (id: AttemptId) => void;
}

function openBook({ byId, byTree, start: first, made: tell }: Pages): AttemptBook {
  const made = new Set<AttemptId>();
  let start = first;
  let base = start;
  let newest = start;
  let hasOwnFailure = false;

  const get = (id: AttemptId): BookedAttempt => {
    const attempt = byId.get(id);
    if (!attempt) throw new Error(`There is no attempt "${id}" in this session`);
    return attempt;
  };
  byTree.set(get(start).tree, start);
  const best = (): BookedAttempt => {
    let result = get(start);
    for (const attempt of [...made].map(get)) {
      if (!attempt.verdict) continue;
      if (!result.verdict || compareVerdicts(attempt.verdict, result.verdict) < 0) result = attempt;
    }
    return result;
  };
  const noteMade = (id: AttemptId) => {
    made.add(id);
    tell(id);
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
    get made() {
      return [...made].map(get);
    },
    of: (tree) => {
      const id = byTree.get(tree);
      return id === undefined ? null : get(id);
    },
    get,
    add: (tree, files) => {
      const id = String(byId.size);
      const stale = base === start ? 0 : get(base).stale;
      byId.set(id, { id, tree, files, verdict: null, own: true, stale: stale + 1 });
      byTree.set(tree, id);
      noteMade(id);
      base = id;
      newest = id;
      return get(id);
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
    moveTo: (id) => {
      byTree.set(get(id).tree, id);
      base = id;
      newest = id;
    },
    beginAt: (id) => {
      start = id;
      made.clear();
      hasOwnFailure = false;
    },
    fork: (from) => openBook({ byId, byTree: new Map(byTree), start: from, made: noteMade }),
  };
}
