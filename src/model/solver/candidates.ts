import { stateKey, type Texts } from './conversation.ts';
import { readEvidence } from './evidence.ts';
import { asyncNamesIn, repairAwait, repairCalls } from './repairs/calls.ts';
import { repairGuards } from './repairs/guards.ts';
import { repairLiterals } from './repairs/literals.ts';
import { repairModule } from './repairs/modules.ts';
import { repairNames } from './repairs/names.ts';
import { repairOperators } from './repairs/operators.ts';
import type { Place, Repair, Repairer } from './repairs/repair.ts';
import { repairStatements } from './repairs/statements.ts';
import type { TestReport } from './report.ts';
import { lineOf, namesIn, parseSource, type Source, walk } from './source.ts';
import { createSuspicion, type Suspicion } from './suspicion.ts';
import { findTests } from './tests.ts';

/** One changed file that may pass more tests. */
export interface Candidate {
  readonly path: string;
  readonly before: string;
  readonly after: string;
  readonly line: number;
  readonly label: string;
  readonly score: number;
}

export interface Project {
  /** Files as they are in the best state, tests included. */
  readonly texts: Texts;
  readonly isEditable: (path: string) => boolean;
  readonly report: TestReport;
}

const REPAIRERS: readonly Repairer[] = [
  repairOperators,
  repairLiterals,
  repairCalls,
  repairAwait,
  repairStatements,
  repairNames,
  repairGuards,
];

/** All small repairs of a project, the likeliest first, each once. */
export function findCandidates(project: Project): Candidate[] {
  const parsed = [...project.texts].flatMap(([path, text]) => parseSource(path, text) ?? []);
  const sources = parsed.filter(({ path }) => project.isEditable(path));
  const tests = findTests(
    parsed.filter(({ path }) => !project.isEditable(path)),
    project.report,
  );
  const evidence = readEvidence(project.report, tests);
  const suspicion = createSuspicion(sources, tests, project.report);
  const vocabulary = countNames(parsed);
  const asyncNames = new Set(sources.flatMap(({ program }) => asyncNamesIn(program)));
  const found = new Map<string, Candidate>();
  for (const source of sources) {
    const repairs = repairsOf({ source, evidence, vocabulary, asyncNames });
    for (const candidate of toCandidates(source, repairs, suspicion)) {
      const key = stateKey(candidate.path, candidate.after);
      if ((found.get(key)?.score ?? 0) < candidate.score) found.set(key, candidate);
    }
  }
  return [...found.values()].sort((a, b) => b.score - a.score);
}

function repairsOf(setting: Pick<Place, 'source' | 'evidence' | 'vocabulary' | 'asyncNames'>): Repair[] {
  const repairs: Repair[] = repairModule(setting.source, setting.evidence);
  walk(setting.source.program, (visit) => {
    for (const repair of REPAIRERS) repairs.push(...repair({ ...setting, ...visit }));
  });
  return repairs;
}

function* toCandidates(source: Source, repairs: readonly Repair[], suspicion: Suspicion): Iterable<Candidate> {
  const { path, text: before } = source;
  for (const { start, end, text, weight, label } of repairs) {
    const after = before.slice(0, start) + text + before.slice(end);
    if (after === before) continue;
    // Appended code belongs to no unit; its weight says how well founded it is.
    const score = weight * (start === before.length ? 1 : suspicion.at(source, start));
    yield { path, before, after, line: lineOf(source, start), label, score };
  }
}

function countNames(sources: readonly Source[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const source of sources)
    for (const name of namesIn(source.program)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** Whether a changed file is JavaScript still: repairs are made as text. */
export function isSound(candidate: Candidate): boolean {
  return parseSource(candidate.path, candidate.after) !== null;
}
