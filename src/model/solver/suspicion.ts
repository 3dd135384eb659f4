import { type Failure, readFrames, type TestReport } from './report.ts';
import { lineOf, type Source } from './source.ts';
import type { TestCase } from './tests.ts';
import { type Unit, unitAt, unitsOf } from './units.ts';

/** How likely the defect is at a place, as a factor; comparable within one report only. */
export interface Suspicion {
  at(source: Source, offset: number): number;
  unit(source: Source, offset: number): Unit | null;
}

/** A unit that no failing test reaches by name is not free of suspicion: names are a rough map. */
const UNREACHED = 0.04;
const DEPTH_DECAY = 0.75;
const DEPTH = 6;

/**
 * Ranks units by which tests reach them by name (a static form of spectrum-based fault localisation, Ochiai's formula), and raises the
 * lines in stack traces and units whose names occur in the titles of failing tests.
 */
export function createSuspicion(sources: readonly Source[], tests: readonly TestCase[], report: TestReport): Suspicion {
  const unitsBySource = new Map(sources.map((source) => [source, unitsOf(source)]));
  const units = [...unitsBySource.values()].flat();
  const failing = tests.filter((test) => test.failing);
  const passing = tests.filter((test) => !test.failing);
  const failReach = sumReach(failing, units);
  const passReach = sumReach(passing, units);
  const words = new Set(report.failures.flatMap(({ title }) => wordsOf(title)));
  const lines = tracedLines(sources, report);
  const scores = new Map(
    units.map((unit) => {
      const fail = failReach.get(unit) ?? 0;
      const pass = passReach.get(unit) ?? 0;
      const spectrum = fail === 0 ? 0 : fail / Math.sqrt(failing.length * (fail + pass));
      const named = wordsOf(unit.name).some((word) => words.has(word)) ? 1.4 : 1;
      return [unit, Math.max(spectrum, unit.name === '' ? UNREACHED / 2 : UNREACHED) * named];
    }),
  );
  const tracedUnits = new Set(
    [...lines].flatMap(([source, numbers]) =>
      [...numbers].map((line) => unitAt(unitsBySource.get(source) ?? [], source.lineStarts[line - 1] ?? 0)),
    ),
  );
  const unit = (source: Source, offset: number) => unitAt(unitsBySource.get(source) ?? [], offset);
  return {
    unit,
    at: (source, offset) => {
      const owner = unit(source, offset);
      const traced = owner !== null && owner.name !== '' && tracedUnits.has(owner) ? 2 : 1;
      const onLine = lines.get(source)?.has(lineOf(source, offset)) ? 2 : 1;
      return (owner ? (scores.get(owner) ?? UNREACHED) : UNREACHED) * traced * onLine;
    },
  };
}

function sumReach(tests: readonly TestCase[], units: readonly Unit[]): Map<Unit, number> {
  const byName = Map.groupBy(
    units.filter(({ name }) => name !== ''),
    ({ name }) => name,
  );
  const sum = new Map<Unit, number>();
  for (const test of tests) {
    const reached = new Map<Unit, number>();
    let names: Iterable<string> = test.mentions;
    for (let depth = 0; depth < DEPTH; depth += 1) {
      const next = new Set<string>();
      for (const name of names) {
        for (const unit of byName.get(name) ?? []) {
          if (reached.has(unit)) continue;
          reached.set(unit, DEPTH_DECAY ** depth);
          for (const mentioned of unit.mentions) next.add(mentioned);
        }
      }
      names = next;
    }
    for (const [unit, weight] of reached) sum.set(unit, (sum.get(unit) ?? 0) + weight);
  }
  return sum;
}

/** Lines of the sources that the failures' stack traces name. */
function tracedLines(sources: readonly Source[], report: TestReport): Map<Source, Set<number>> {
  const lines = new Map<Source, Set<number>>();
  const frames = [...report.failures.flatMap((failure: Failure) => failure.frames), ...readFrames(report.output)];
  for (const { file, line } of frames) {
    const source = sources.find(({ path }) => file === path || file.endsWith(`/${path}`));
    if (!source) continue;
    const known = lines.get(source) ?? new Set();
    lines.set(source, known.add(line));
  }
  return lines;
}

/** "parsePrice of a cart" -> parse, price, cart. */
function wordsOf(text: string): string[] {
  const words =
    text
      .replace(/([a-z])([A-Z])/g, '$1 $2')
      .toLowerCase()
      .match(/[a-z]{3,}/g) ?? [];
  return words.map((word) => word.replace(/s$/, ''));
}
