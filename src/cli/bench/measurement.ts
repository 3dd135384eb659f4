/** What a benchmark gives. */

/** One line of the table; `ratio` is ours / the reference's. */
export interface Measurement {
  readonly name: string;
  readonly ours: number;
  readonly reference: number | null;
  readonly unit: 'ms' | 'KB' | 'MB';
}

/** What a benchmark gets: the project's folder and its production build. */
export interface Bench {
  readonly root: string;
  readonly dist: string;
}

export const RUNS = 9;

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
