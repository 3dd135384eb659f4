import type { EvalRow } from './results.ts';

/** A finished, solved run; `over` says what is otherwise. */
export function rowWith(over: Partial<EvalRow> = {}): EvalRow {
  return {
    id: 'a--m--loop--000000-1',
    fingerprint: 'f',
    task: 'a',
    model: 'm',
    strategy: 'loop',
    repetition: 1,
    startedAt: '2026-01-01T00:00:00.000Z',
    outcome: 'solved',
    error: null,
    explanation: 'It subtracts.',
    left: null,
    proof: 'tests',
    success: true,
    solved: true,
    hidden: null,
    tests: { passed: 2, failed: 0, skipped: 0 },
    newFailures: 0,
    lint: null,
    types: null,
    diff: { files: 1, linesAdded: 1, linesRemoved: 1, testFiles: 0 },
    attempts: 1,
    steps: 4,
    inputTokens: 100,
    outputTokens: 10,
    cost: 0.5,
    seconds: 2,
    session: 'runs/a.json',
    ...over,
  };
}
