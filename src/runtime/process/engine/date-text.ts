/** Reading the text of a date in another zone than the engine's: https://tc39.es/ecma262/#sec-date.parse, and V8's older forms. */

/** Of the standard's format a date alone is UTC, one with a time and no offset local. */
const DATE_ALONE = /^\s*(?:[+-]\d\d)?\d{4}(?:-\d\d(?:-\d\d)?)?\s*$/;
const STANDARD_LOCAL = /^(?:[+-]\d\d)?\d{4}-\d\d(?:-\d\d)?T\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?$/;
/** Names its zone, or has an offset behind a time. */
const HAS_ZONE = /(?:\dZ|\b(?:Z|GMT|UTC?|[ECMP][SD]T)|:\d\d.*?[+-]\d{1,2}:?(?:\d\d)?)\s*(?:\(.*\))?\s*$/i;

/** The time that a text says, or NaN; `timeOf` gives the time at which clocks show what the text does (as if it were UTC). */
export function readDateText(text: string, parse: (text: string) => number, timeOf: (wall: number) => number): number {
  if (STANDARD_LOCAL.test(text)) return timeOf(parse(`${text}Z`));
  if (DATE_ALONE.test(text) || HAS_ZONE.test(text)) return parse(text);
  const wall = parse(`${text} UTC`);
  return Number.isNaN(wall) ? parse(text) : timeOf(wall);
}
