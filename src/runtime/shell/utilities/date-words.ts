/** The words of dates, as GNU's parse_datetime knows them. */

/** What a piece of a date is; `value` is of the unit that the kind has. */
export type DateToken =
  | { readonly kind: 'number'; readonly value: number; readonly digits: number }
  /** With a sign. A date's `-` is one, too. */
  | { readonly kind: 'signed'; readonly value: number; readonly digits: number }
  /** Hours that are added before those of the clock: 0 for am, 12 for pm. */
  | { readonly kind: 'meridian'; readonly value: number }
  /** From 0. */
  | { readonly kind: 'month'; readonly value: number }
  /** From Sunday, 0. */
  | { readonly kind: 'weekday'; readonly value: number }
  | { readonly kind: 'unit'; readonly unit: DateUnit; readonly value: number }
  /** Days from today. */
  | { readonly kind: 'shift'; readonly value: number }
  /** `last` is -1, `this` 0, `next` and `first` 1. */
  | { readonly kind: 'ordinal'; readonly value: number }
  | { readonly kind: 'ago' }
  /** Minutes east of Greenwich. */
  | { readonly kind: 'zone'; readonly value: number }
  /** `T`, which also stands before the time of ISO 8601. */
  | { readonly kind: 'T' }
  | { readonly kind: 'dst' }
  | { readonly kind: 'sign'; readonly text: ':' | '/' | ',' }
  | { readonly kind: 'unknown' };

export type DateUnit = 'month' | 'day' | 'ms';

const MONTHS = 'january february march april may june july august september october november december'.split(' ');
const DAYS = 'sunday monday tuesday wednesday thursday friday saturday'.split(' ');
const OTHER_DAYS: Readonly<Record<string, number>> = { tues: 2, wednes: 3, thur: 4, thurs: 4 };
const ORDINALS = 'first third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth'.split(' ');
const SECOND_MS = 1000;

const UNITS: Readonly<Record<string, readonly [DateUnit, number]>> = {
  year: ['month', 12],
  month: ['month', 1],
  fortnight: ['day', 14],
  week: ['day', 7],
  day: ['day', 1],
  hour: ['ms', 3600 * SECOND_MS],
  minute: ['ms', 60 * SECOND_MS],
  min: ['ms', 60 * SECOND_MS],
  second: ['ms', SECOND_MS],
  sec: ['ms', SECOND_MS],
};

/** Hours east of Greenwich. */
const ZONES: Readonly<Record<string, number>> = {
  ...{ gmt: 0, ut: 0, utc: 0, wet: 0, west: 1, bst: 1, art: -3, brt: -3, brst: -2, nst: -3.5, ndt: -2.5 },
  ...{ ast: -4, adt: -3, clt: -4, clst: -3, est: -5, edt: -4, cst: -6, cdt: -5, mst: -7, mdt: -6, pst: -8, pdt: -7 },
  ...{ akst: -9, akdt: -8, hst: -10, hast: -10, hadt: -9, sst: -12, wat: 1, cet: 1, cest: 2, met: 1, mez: 1 },
  ...{ mest: 2, mesz: 2, eet: 2, eest: 3, cat: 2, sast: 2, eat: 3, msk: 3, msd: 4, ist: 5.5, sgt: 8, kst: 9 },
  ...{ jst: 9, gst: 10, nzst: 12, nzdt: 13 },
};

/** Of the letters A to Z: hours east of Greenwich, as soldiers have them; J is nobody's. */
function militaryZone(letter: string): number | undefined {
  if (letter === 'z') return 0;
  const east = 'abcdefghiklm'.indexOf(letter);
  if (east >= 0) return east + 1;
  const west = 'nopqrstuvwxy'.indexOf(letter);
  return west >= 0 ? -west - 1 : undefined;
}

/** A word in lower case, which may hold dots. */
function readWord(written: string): DateToken {
  const meridian = { am: 0, 'a.m.': 0, pm: 12, 'p.m.': 12 }[written];
  if (meridian !== undefined) return { kind: 'meridian', value: meridian };
  const isShort = written.length === 3 || (written.length === 4 && written.endsWith('.'));
  const indexIn = (names: readonly string[]) =>
    names.findIndex((name) => (isShort ? name.slice(0, 3) === written.slice(0, 3) : name === written));
  const month = written === 'sept' ? 8 : indexIn(MONTHS);
  if (month >= 0) return { kind: 'month', value: month };
  const weekday = OTHER_DAYS[written] ?? indexIn(DAYS);
  if (weekday >= 0) return { kind: 'weekday', value: weekday };
  const zone = ZONES[written];
  if (zone !== undefined) return { kind: 'zone', value: zone * 60 };
  if (written === 'dst') return { kind: 'dst' };
  const unit = UNITS[written] ?? UNITS[written.replace(/s$/, '')];
  if (unit) return { kind: 'unit', unit: unit[0], value: unit[1] };
  const shift = { yesterday: -1, today: 0, now: 0, tomorrow: 1 }[written];
  if (shift !== undefined) return { kind: 'shift', value: shift };
  const ordinal = { last: -1, this: 0, next: 1 }[written] ?? ORDINALS.indexOf(written);
  if (ordinal >= 0 || written === 'last') {
    // The second is a unit.
    const index = ORDINALS.indexOf(written);
    return { kind: 'ordinal', value: index < 0 ? ordinal : index === 0 ? 1 : index + 2 };
  }
  if (written === 'ago') return { kind: 'ago' };
  if (written === 't') return { kind: 'T' };
  const military = written.length === 1 ? militaryZone(written) : undefined;
  if (military !== undefined) return { kind: 'zone', value: military * 60 };
  const bare = written.replaceAll('.', '');
  return bare !== written && bare !== '' ? readWord(bare) : { kind: 'unknown' };
}

const PIECE = /\s+|\([^()]*\)|([-+])\s*(?=\d)|[-+](?!\s*\d)|(\d+(?:[.,]\d+)?)|([a-z][a-z.]*)|([:/,])|[\s\S]/gy;

/** The pieces of a date. Blanks, comments in parentheses and signs before no number are none. */
export function readDateTokens(text: string): DateToken[] {
  const tokens: DateToken[] = [];
  let sign = '';
  for (const [all, before, number, word, mark] of text.toLowerCase().matchAll(PIECE)) {
    if (before !== undefined) sign = before;
    else if (number !== undefined) {
      const value = Number(number.replace(',', '.'));
      const digits = /^\d+/.exec(number)?.[0].length ?? 0;
      // A decimal counts as no year and no hour of four digits.
      const kind = sign === '' ? 'number' : 'signed';
      tokens.push({ kind, value: sign === '-' ? -value : value, digits: /[.,]/.test(number) ? -1 : digits });
      sign = '';
    } else if (word !== undefined) tokens.push(readWord(word));
    else if (mark !== undefined) tokens.push({ kind: 'sign', text: mark as ':' | '/' | ',' });
    else if (!/^(\s|\(|[-+])/.test(all) || all === '(') tokens.push({ kind: 'unknown' });
  }
  return tokens;
}
