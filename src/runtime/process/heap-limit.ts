/** How much of a heap a program may have by its options. Nothing here enforces it; programs ask, to see what they were given. */

type Values = Readonly<Record<string, unknown>>;

const MEGABYTE = 2 ** 20;
/** V8's own choice on a machine with 16 GB or more. */
const DEFAULT_OLD_SPACE = 4096;
/** What V8 adds for what is young, whatever the rest may have. */
const YOUNG_SPACE = 192;

/** In bytes, as `heap_size_limit`; `memory` is the machine's. */
export function heapLimit(values: Values, memory: number): number {
  const share = percentageOf(values['--max-old-space-size-percentage']);
  const given = share === null ? Number(values['--max-old-space-size']) : (memory / MEGABYTE) * (share / 100);
  return ((given > 0 ? Math.floor(given) : DEFAULT_OLD_SPACE) + YOUNG_SPACE) * MEGABYTE;
}

/** What Node says of a share of the memory that makes no sense. */
export function percentageErrors(values: Values): string[] {
  const { ['--max-old-space-size-percentage']: given } = values;
  const share = percentageOf(given);
  if (share === null || (share > 0 && share <= 100)) return [];
  return [`--max-old-space-size-percentage must be greater than 0 and up to 100. Got: ${String(given)}`];
}

/** Null when none was given, NaN of what is no number. */
const percentageOf = (given: unknown): number | null =>
  typeof given === 'string' && given !== '' ? Number(given) : null;
