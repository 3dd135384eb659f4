import { UNITS } from './units.js';

const SECONDS = new Map(UNITS);

/** The seconds of a duration: "1h 30m" -> 5400. */
export function parse(text) {
  const parts = text.match(/\d+[hms]/g) ?? [];
  return parts.reduce((sum, part) => sum + Number(part.slice(0, -1)) * SECONDS.get(part.at(-1)), 0);
}
