/** Parsing of command line arguments. */

/** The command was called wrongly; the message says how to call it. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** For an option that may be repeated. */
export const collect = (value: string, previous: string[]): string[] => [...previous, value];

/** A positive number; throws UsageError that names the option. */
export function parsePositive(option: string, text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new UsageError(`${option}: "${text}" is not a positive number`);
  return value;
}

/** A whole number from 1; throws UsageError that names the option. */
export function parseCount(option: string, text: string): number {
  const value = parsePositive(option, text);
  if (!Number.isInteger(value)) throw new UsageError(`${option}: "${text}" is not a whole number`);
  return value;
}
