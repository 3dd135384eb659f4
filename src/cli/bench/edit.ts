/** The edit engine on thousands of real and damaged edits, beside `git apply`, GNU patch and the `diff` package on the same diffs. */
import { makeCases } from './edits/cases.ts';
import { historyChanges, makeUpChange, sourceFiles } from './edits/changes.ts';
import type { Change, EditCase } from './edits/edit-case.ts';
import { diffPackage, type Engine, gitApply, gnuPatch, ours } from './edits/engines.ts';
import { createRandom } from './edits/random.ts';
import { isTrueReason } from './edits/true-reason.ts';
import { median } from './measurement.ts';
import { markdownTable } from './table.ts';

const SEED = 20_260;
/** Of each seed. */
const CASES = 6000;
/** Diffs that the others get, too: programs take their time to start. */
const COMPARED = 800;
const FOLDERS = ['src', 'docs', 'public', 'node_modules'];

export interface EditScore {
  readonly engine: string;
  readonly edits: number;
  readonly applied: number;
  readonly refusedTruly: number;
  readonly refusedOtherwise: number;
  readonly wrong: number;
  /** Median of one edit, in milliseconds; of a program it holds the start of its process. */
  readonly milliseconds: number;
}

export interface EditReport {
  readonly seeds: readonly number[];
  readonly scores: readonly EditScore[];
  /** Of the engine alone. */
  readonly byDamage: readonly EditScore[];
}

/** The cases of a bench, from the project's own history and the files of its packages. */
function benchCases(root: string, count: number, seed: number): EditCase[] {
  const random = createRandom(seed);
  const made = sourceFiles(root, FOLDERS, 600).flatMap(({ path, text }): Change[] => {
    const changes = [makeUpChange(path, text, random), makeUpChange(path, text, random)];
    return changes.filter((change) => change !== null);
  });
  return makeCases([...historyChanges(root, 600), ...made], count, random);
}

/** Each seed gives other edits of the same files; the others get the first ones of the first seed. */
export function measureEdits(root: string, seeds: readonly number[] = [SEED]): EditReport {
  const cases = seeds.flatMap((seed) => benchCases(root, CASES, seed));
  const diffs = cases.filter(({ format }) => format === 'diff');
  const compared = diffs.slice(0, COMPARED);
  const damages = [...new Set(cases.map(nameOf))].sort();
  return {
    seeds,
    scores: [
      score('Fixpoint, all formats', ours, cases),
      score('Fixpoint, diffs', ours, diffs),
      score('Fixpoint, the diffs that the others get', ours, compared),
      score('git apply', gitApply, compared),
      score('GNU patch', gnuPatch, compared),
      score('diff package', diffPackage, compared),
    ],
    byDamage: damages.map((name) =>
      score(
        name,
        ours,
        cases.filter((one) => nameOf(one) === name),
      ),
    ),
  };
}

const nameOf = ({ format, damage }: EditCase) => `${format}: ${damage}`;

export function score(name: string, engine: Engine, cases: readonly EditCase[]): EditScore {
  const counts = { applied: 0, refusedTruly: 0, refusedOtherwise: 0, wrong: 0 };
  const times: number[] = [];
  for (const one of cases) {
    const started = performance.now();
    const answer = engine(one);
    times.push(performance.now() - started);
    counts[verdictOn(one, answer)] += 1;
  }
  return { engine: name, edits: cases.length, ...counts, milliseconds: median(times) };
}

function verdictOn(
  one: EditCase,
  answer: ReturnType<Engine>,
): 'applied' | 'refusedTruly' | 'refusedOtherwise' | 'wrong' {
  if ('refusal' in answer) return isTrueReason(one, answer.refusal) ? 'refusedTruly' : 'refusedOtherwise';
  const { intended } = one;
  const isMeant = intended !== null && Object.keys(answer.files).length === Object.keys(intended).length;
  return isMeant && Object.entries(intended).every(([path, text]) => answer.files[path] === text) ? 'applied' : 'wrong';
}

export function formatEdits({ scores, byDamage }: EditReport): string {
  const share = (count: number, all: number) => `${count} (${((100 * count) / Math.max(1, all)).toFixed(1)} %)`;
  const head = [
    'engine',
    'edits',
    'applied as intended',
    'refused, true reason',
    'refused otherwise',
    'applied wrongly',
    'ms an edit',
  ];
  const row = ({ engine, edits, milliseconds, ...counts }: EditScore) => [
    engine,
    String(edits),
    share(counts.applied, edits),
    engine.includes(':') || engine.startsWith('Fixpoint') ? share(counts.refusedTruly, edits) : '–',
    share(
      counts.refusedOtherwise + (engine.includes(':') || engine.startsWith('Fixpoint') ? 0 : counts.refusedTruly),
      edits,
    ),
    share(counts.wrong, edits),
    milliseconds.toFixed(2),
  ];
  return `${markdownTable(head, scores.map(row))}\n${markdownTable(['format: damage', ...head.slice(1)], byDamage.map(row))}`;
}
