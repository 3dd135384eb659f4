/** Dates as `date -d` and `touch -d` take them. */
import { UTC, type Zone } from './strftime.ts';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const MINUTE_MS = 60_000;
const UNIT_MS: Record<string, number> = {
  sec: 1000,
  second: 1000,
  min: MINUTE_MS,
  minute: MINUTE_MS,
  hour: 60 * MINUTE_MS,
  day: 1440 * MINUTE_MS,
  week: 7 * 1440 * MINUTE_MS,
  fortnight: 14 * 1440 * MINUTE_MS,
};

/** Hours west of Greenwich of EST, CST, MST and PST. */
const AMERICAN: Record<string, number> = { e: 5, c: 6, m: 7, p: 8 };
/** Hours east of Greenwich. */
const ZONES: Record<string, number> = { bst: 1, cet: 1, cest: 2, eet: 2, eest: 3, ist: 5.5, jst: 9, msk: 3 };

interface Draft {
  /** Local fields, read as UTC. */
  local: Date;
  offsetMinutes: number | undefined;
  timeGiven: boolean;
  /** Moves to a day of the week, where no date is given. */
  weekday: ((from: Date) => number) | undefined;
  months: number;
  ms: number;
}

type Rule = [RegExp, (draft: Draft, match: RegExpExecArray) => void];

const setTime = (draft: Draft, h: number, m: number, s: number, ms = 0) => {
  draft.local.setUTCHours(h, m, s, ms);
  if (h > 24 || m > 59 || s > 60) draft.local = new Date(Number.NaN);
  draft.timeGiven = true;
};
const setDate = (draft: Draft, year: number, month: number, day: number) => {
  draft.local.setUTCFullYear(year, month, day);
  // There is no 30th of February.
  if (draft.local.getUTCMonth() !== month || draft.local.getUTCDate() !== day) draft.local = new Date(Number.NaN);
};
const monthOf = (text: string) => MONTHS.indexOf(text.slice(0, 3).toLowerCase());
const nameOfMonth = '(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\\.?';
const fullYear = (text: string) => (text.length > 2 ? Number(text) : Number(text) + (Number(text) < 69 ? 2000 : 1900));

const rules: Rule[] = [
  [/^(\d{4})-(\d{1,2})-(\d{1,2})(?:t(?=\d))?/, (d, m) => setDate(d, Number(m[1]), Number(m[2]) - 1, Number(m[3]))],
  [/^(\d{4})(\d\d)(\d\d)(?!\d)/, (d, m) => setDate(d, Number(m[1]), Number(m[2]) - 1, Number(m[3]))],
  [/^(\d{1,2})\/(\d{1,2})\/(\d{2,4})/, (d, m) => setDate(d, fullYear(m[3] ?? ''), Number(m[1]) - 1, Number(m[2]))],
  [
    new RegExp(`^(\\d{1,2})[ -]${nameOfMonth}(?:,?[ -](\\d{4}))?(?![\\d:])`),
    (d, m) => setDate(d, m[3] ? Number(m[3]) : d.local.getUTCFullYear(), monthOf(m[2] ?? ''), Number(m[1])),
  ],
  [
    new RegExp(`^${nameOfMonth} +(\\d{1,2})(?:(?:,| ) ?(\\d{4}))?(?![\\d:])`),
    (d, m) => setDate(d, m[3] ? Number(m[3]) : d.local.getUTCFullYear(), monthOf(m[1] ?? ''), Number(m[2])),
  ],
  [
    /^(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d+))?)? *(am|pm)?/,
    (d, m) => {
      const twelve = m[5] ? (Number(m[1]) % 12) + (m[5] === 'pm' ? 12 : 0) : Number(m[1]);
      setTime(d, twelve, Number(m[2]), Number(m[3] ?? 0), Number(`0.${m[4] ?? 0}`) * 1000);
    },
  ],
  [/^(\d{1,2}) *(am|pm)/, (d, m) => setTime(d, (Number(m[1]) % 12) + (m[2] === 'pm' ? 12 : 0), 0, 0)],
  [/^(z|utc|gmt)(?![a-z])/, (d) => (d.offsetMinutes = 0)],
  [
    /^([ecmp])([sd])t(?![a-z])/,
    (d, m) => (d.offsetMinutes = -60 * ((AMERICAN[m[1] ?? ''] ?? 0) - (m[2] === 'd' ? 1 : 0))),
  ],
  [/^(bst|cet|cest|eet|eest|ist|jst|msk)(?![a-z])/, (d, m) => (d.offsetMinutes = 60 * (ZONES[m[1] ?? ''] ?? 0))],
  [/^now(?![a-z])|^today(?![a-z])/, () => undefined],
  [/^midnight/, (d) => setTime(d, 0, 0, 0)],
  [/^noon/, (d) => setTime(d, 12, 0, 0)],
  [/^yesterday/, (d) => (d.ms -= UNIT_MS.day ?? 0)],
  [/^tomorrow/, (d) => (d.ms += UNIT_MS.day ?? 0)],
  [
    /^(next|last|this|[-+]? *\d+)? *(sec|second|min|minute|hour|day|week|fortnight|month|year)s?(?![a-z])( ago)?/,
    (d, m) => relative(d, m),
  ],
  [
    /^(next|last|this)? *(sun|mon|tue|wed|thu|fri|sat)[a-z]*,?/,
    (d, m) => {
      d.weekday = (from) => {
        const ahead = (DAYS.indexOf(m[2] ?? '') - from.getUTCDay() + 7) % 7;
        return (ahead + (m[1] === 'next' && ahead === 0 ? 7 : m[1] === 'last' ? -7 : 0)) * (UNIT_MS.day ?? 0);
      };
      if (!d.timeGiven) setTime(d, 0, 0, 0);
    },
  ],
  [
    /^([+-])(\d\d):?(\d\d)(?!\d)/,
    (d, m) => (d.offsetMinutes = (m[1] === '-' ? -1 : 1) * (Number(m[2]) * 60 + Number(m[3]))),
  ],
];

function relative(draft: Draft, match: RegExpExecArray): void {
  const word = (match[1] ?? '1').replaceAll(' ', '');
  const count = word === 'next' ? 1 : word === 'last' ? -1 : word === 'this' ? 0 : Number(word);
  const signed = match[3] ? -count : count;
  const unit = match[2] ?? '';
  if (unit === 'month') draft.months += signed;
  else if (unit === 'year') draft.months += 12 * signed;
  else draft.ms += signed * (UNIT_MS[unit] ?? 0);
}

/** Milliseconds since the epoch; undefined for text that is no date. */
export function parseDate(text: string, now: number, zone: Zone = UTC): number | undefined {
  const seconds = /^@(-?\d+(?:\.\d+)?)$/.exec(text.trim());
  if (seconds) return Number(seconds[1]) * 1000;
  const local = new Date(now + zone.offsetAt(now) * MINUTE_MS);
  const draft: Draft = { local, offsetMinutes: undefined, timeGiven: false, weekday: undefined, months: 0, ms: 0 };
  let rest = text.trim().toLowerCase();
  let dateOnly = rest === '';
  while (rest !== '') {
    const rule = rules.find(([pattern]) => pattern.test(rest));
    const match = rule?.[0].exec(rest);
    if (!rule || !match) return undefined;
    rule[1](draft, match);
    if (rules.indexOf(rule) < CALENDAR_RULES) dateOnly = true;
    rest = rest.slice(match[0].length).replace(/^[\s,]+/, '');
  }
  if (draft.weekday && !dateOnly) draft.ms += draft.weekday(draft.local);
  if (dateOnly && !draft.timeGiven) draft.local.setUTCHours(0, 0, 0, 0);
  if (draft.months !== 0) draft.local.setUTCMonth(draft.local.getUTCMonth() + draft.months);
  const time = draft.local.getTime();
  const offset = draft.offsetMinutes ?? zone.offsetAt(time);
  const result = time - offset * MINUTE_MS + draft.ms;
  return Number.isNaN(result) ? undefined : result;
}

/** The rules that set a day of the calendar come first. */
const CALENDAR_RULES = 5;
