import { UNITS } from './units.js';

const SECONDS = new Map(UNITS);

/** The seconds of a duration: "1h 30m" -> 5400. Throws RangeError for what is none. */
export function parse(text) {
  if (!/^\s*(?:\d+[wdhms]\s*)+$/.test(text)) throw new RangeError(`"${text}" is no duration`);
  const parts = text.match(/\d+[wdhms]/g);
  return parts.reduce((sum, part) => sum + Number(part.slice(0, -1)) * SECONDS.get(part.at(-1)), 0);
}
