/** Dates as `date -d` and `touch -d` take them: the grammar of GNU's parse_datetime, its oddities too (`10:00 +2 hours` names a zone). */
import { type DateToken, readDateTokens } from './date-words.ts';
import { UTC, type Zone, zoneOf } from './strftime.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;
const MOST_ZONE_MINUTES = 1440;

/** What was read; every field that is there was given. */
interface Given {
  date?: { year: number | undefined; month: number; day: number };
  time?: { hour: number; minute: number; ms: number };
  weekday?: { day: number; ordinal: number };
  zoneMinutes?: number;
  relative?: { months: number; days: number; ms: number };
}

class NoDateError extends Error {
  override name = 'NoDateError';
}

/** Milliseconds since the epoch; undefined for text that is no date. `zone` counts where the text names none, not even by `TZ="…"` at its start. */
export function parseDate(text: string, now: number, zone: Zone = UTC): number | undefined {
  const [start = '', name] = /^\s*TZ="((?:[^"\\]|\\[\\"])*)"/.exec(text) ?? [];
  const place = name === undefined ? zone : zoneOf(name.replace(/\\([\\"])/g, '$1'));
  const rest = text.slice(start.length).trim();
  const seconds = /^@\s*([-+]?\d+(?:[.,]\d+)?)$/.exec(rest);
  if (seconds) return Number(seconds[1]?.replace(',', '.')) * 1000;
  try {
    return resolve(new DateReader(readDateTokens(rest)).read(), now, place);
  } catch (error) {
    if (error instanceof NoDateError) return undefined;
    throw error;
  }
}

class DateReader {
  readonly #tokens: readonly DateToken[];
  readonly #given: Given = {};
  #next = 0;

  constructor(tokens: readonly DateToken[]) {
    this.#tokens = tokens;
  }

  /** Throws {@link NoDateError}. */
  read(): Given {
    while (this.#next < this.#tokens.length) this.#item();
    return this.#given;
  }

  #item(): void {
    const token = this.#take();
    if (token.kind === 'number') this.#number(token.value, token.digits);
    else if (token.kind === 'signed') this.#relative(token.value, token.digits);
    else if (token.kind === 'unit') this.#add(token, 1);
    else if (token.kind === 'shift') this.#addDays(token.value);
    else if (token.kind === 'month') this.#dayOfMonth(token.value);
    else if (token.kind === 'weekday') {
      this.#setWeekday(token.value, 0);
      this.#skip(',');
    } else if (token.kind === 'ordinal') {
      const of = this.#take();
      if (of.kind === 'weekday') this.#setWeekday(of.value, token.value);
      else if (of.kind === 'unit') this.#add(of, token.value);
      else throw new NoDateError();
    } else if (token.kind === 'T') this.#zone(-7 * 60);
    else if (token.kind === 'zone') this.#zone(token.value);
    else throw new NoDateError();
  }

  /** Behind a number without a sign. */
  #number(value: number, digits: number): void {
    const follower = this.#peek();
    if (follower?.kind === 'unit') this.#relative(value, digits);
    else if (digits < 0) throw new NoDateError();
    else if (follower?.kind === 'meridian') this.#setTime(value, 0, 0);
    else if (follower?.kind === 'weekday') {
      this.#next += 1;
      this.#setWeekday(follower.value, value);
    } else if (follower?.kind === 'month') {
      this.#next += 1;
      this.#dayAndMonth(value, follower.value);
    } else if (follower?.kind === 'signed') this.#dashed(value, digits);
    else if (this.#skip(':')) this.#clock(value);
    else if (this.#skip('/')) this.#slashed(value, digits);
    else this.#loose(value, digits);
  }

  /** `2024` behind a day and month, `20240115`, `10`, `1030`. */
  #loose(value: number, digits: number): void {
    const { date, time, relative } = this.#given;
    if (date && date.year === undefined && !relative && (time || digits > 2)) date.year = yearOf(value, digits);
    else if (digits > 4) {
      const year = yearOf(Math.floor(value / 10_000), digits - 4);
      this.#setDate(year, (Math.floor(value / 100) % 100) - 1, value % 100);
    } else if (digits > 2) this.#setTime(Math.floor(value / 100), value % 100, 0);
    else this.#setTime(value, 0, 0);
  }

  /** Behind `10:`. */
  #clock(hour: number): void {
    const minute = this.#whole();
    const seconds = this.#skip(':') ? this.#seconds() : 0;
    this.#setTime(hour, minute, Math.round(seconds * 1000));
    const follower = this.#peek();
    if (follower?.kind === 'signed') this.#setZone(this.#zoneShift());
  }

  /** Behind `2024`: `-01-15`, or `-3 days`, before which the number stands for itself. */
  #dashed(value: number, digits: number): void {
    if (this.#tokens[this.#next + 1]?.kind === 'unit') {
      this.#loose(value, digits);
      return;
    }
    const [month, day] = [this.#negated(), this.#negated()];
    this.#setDate(yearOf(value, digits), month - 1, day);
    if (this.#peek()?.kind !== 'T' || this.#tokens[this.#next + 1]?.kind !== 'number') return;
    this.#next += 1;
    const hour = this.#whole();
    if (this.#skip(':')) this.#clock(hour);
    else {
      this.#setTime(hour, 0, 0);
      this.#setZone(this.#zoneShift());
    }
  }

  /** Behind `01/`, and `2024/`. */
  #slashed(first: number, digits: number): void {
    const second = this.#whole();
    if (!this.#skip('/')) this.#setDate(undefined, first - 1, second);
    else if (digits >= 4) this.#setDate(yearOf(first, digits), second - 1, this.#whole());
    else this.#setDate(this.#year(), first - 1, second);
  }

  /** Behind `15 January`. */
  #dayAndMonth(day: number, month: number): void {
    const follower = this.#peek()?.kind;
    if (follower === 'signed') this.#setDate(this.#negatedYear(), month, day);
    else this.#setDate(follower === 'number' ? this.#year() : undefined, month, day);
  }

  /** Behind `January`. */
  #dayOfMonth(month: number): void {
    if (this.#peek()?.kind === 'signed') {
      const day = this.#negated();
      this.#setDate(this.#negatedYear(), month, day);
    } else {
      const day = this.#whole();
      this.#setDate(this.#skip(',') ? this.#year() : undefined, month, day);
    }
  }

  /** A number and the unit behind it. */
  #relative(count: number, digits: number): void {
    const unit = this.#take();
    if (unit.kind !== 'unit' || (digits < 0 && unit.value !== 1000)) throw new NoDateError();
    this.#add(unit, count);
  }

  #add({ unit, value }: Extract<DateToken, { kind: 'unit' }>, count: number): void {
    let amount = value * count;
    if (this.#peek()?.kind === 'ago') {
      this.#next += 1;
      amount = -amount;
    }
    this.#given.relative ??= { months: 0, days: 0, ms: 0 };
    if (unit === 'month') this.#given.relative.months += amount;
    else if (unit === 'day') this.#given.relative.days += amount;
    else this.#given.relative.ms += amount;
  }

  #addDays(count: number): void {
    this.#given.relative ??= { months: 0, days: 0, ms: 0 };
    this.#given.relative.days += count;
  }

  /** Behind the name of a zone: `UTC+2`, `EST DST`. */
  #zone(minutes: number): void {
    const [follower, second] = [this.#peek()?.kind, this.#tokens[this.#next + 1]?.kind];
    if (follower === 'dst') {
      this.#next += 1;
      this.#setZone(minutes + 60);
    } else if (follower === 'signed' && second !== 'unit') this.#setZone(minutes + this.#zoneShift());
    else this.#setZone(minutes);
  }

  /** Minutes of `+02`, `+0230`, `+2:30`. */
  #zoneShift(): number {
    const shift = this.#take();
    if (shift.kind !== 'signed' || shift.digits < 0) throw new NoDateError();
    const { value, digits } = shift;
    if (this.#skip(':')) return checkZone(value * 60 + (value < 0 || Object.is(value, -0) ? -1 : 1) * this.#whole());
    return checkZone(digits <= 2 ? value * 60 : Math.trunc(value / 100) * 60 + (value % 100));
  }

  #setDate(year: number | undefined, month: number, day: number): void {
    if (this.#given.date) throw new NoDateError();
    this.#given.date = { year, month, day };
  }

  /** `am` and `pm` may stand behind it. */
  #setTime(hour: number, minute: number, ms: number): void {
    if (this.#given.time) throw new NoDateError();
    const follower = this.#peek();
    if (follower?.kind !== 'meridian') {
      this.#given.time = { hour, minute, ms };
      return;
    }
    this.#next += 1;
    if (hour < 1 || hour > 12) throw new NoDateError();
    this.#given.time = { hour: (hour % 12) + follower.value, minute, ms };
  }

  #setWeekday(day: number, ordinal: number): void {
    if (this.#given.weekday) throw new NoDateError();
    this.#given.weekday = { day, ordinal };
  }

  #setZone(minutes: number): void {
    if (this.#given.zoneMinutes !== undefined) throw new NoDateError();
    this.#given.zoneMinutes = minutes;
  }

  #peek(): DateToken | undefined {
    return this.#tokens[this.#next];
  }

  #take(): DateToken {
    const token = this.#tokens[this.#next];
    if (!token) throw new NoDateError();
    this.#next += 1;
    return token;
  }

  #skip(text: string): boolean {
    const token = this.#peek();
    if (token?.kind !== 'sign' || token.text !== text) return false;
    this.#next += 1;
    return true;
  }

  #whole(): number {
    const token = this.#take();
    if (token.kind !== 'number' || token.digits < 0) throw new NoDateError();
    return token.value;
  }

  #seconds(): number {
    const token = this.#take();
    if (token.kind !== 'number') throw new NoDateError();
    return token.value;
  }

  #year(): number {
    const token = this.#take();
    if (token.kind !== 'number' || token.digits < 0) throw new NoDateError();
    return yearOf(token.value, token.digits);
  }

  /** Of `-15`: 15. */
  #negated(): number {
    const token = this.#take();
    if (token.kind !== 'signed' || token.digits < 0) throw new NoDateError();
    return -token.value;
  }

  #negatedYear(): number {
    const token = this.#take();
    if (token.kind !== 'signed' || token.digits < 0) throw new NoDateError();
    return yearOf(-token.value, token.digits);
  }
}

function checkZone(minutes: number): number {
  if (Math.abs(minutes) > MOST_ZONE_MINUTES) throw new NoDateError();
  return minutes;
}

/** Two digits are of the years from 1969 to 2068. */
function yearOf(value: number, digits: number): number {
  return digits === 2 ? value + (value < 69 ? 2000 : 1900) : value;
}

/** Throws {@link NoDateError} for a date that there is not. */
function resolve({ date, time, weekday, zoneMinutes, relative }: Given, now: number, zone: Zone): number {
  const today = new Date(now + zone.offsetAt(now) * MINUTE_MS);
  const year = date?.year ?? today.getUTCFullYear();
  const month = date?.month ?? today.getUTCMonth();
  let day = date?.day ?? today.getUTCDate();
  const midnight = utc(year, month, day);
  const isDay = new Date(midnight).getUTCMonth() === month && new Date(midnight).getUTCDate() === day;
  const startsNow = relative !== undefined && !date && !weekday;
  const { hour, minute, ms } = time ?? {
    hour: 0,
    minute: 0,
    ms: startsNow ? ((today.getTime() % DAY_MS) + DAY_MS) % DAY_MS : 0,
  };
  if (!isDay || hour > 23 || minute > 59 || (time && ms >= MINUTE_MS)) throw new NoDateError();
  const clock = (hour * 60 + minute) * MINUTE_MS + ms;
  const fixed: Zone | undefined =
    zoneMinutes === undefined ? undefined : { offsetAt: () => zoneMinutes, nameAt: () => '' };
  const place = fixed ?? zone;
  if (!isLocal(midnight + clock, place)) throw new NoDateError();
  if (weekday && !date) {
    const from = new Date(midnight).getUTCDay();
    const ahead = (weekday.day - from + 7) % 7;
    day += ahead + 7 * (weekday.ordinal - (weekday.ordinal > 0 && ahead !== 0 ? 1 : 0));
  }
  const moved = utc(year, month + (relative?.months ?? 0), day + (relative?.days ?? 0));
  const result = fromLocal(moved + clock, place) + (relative?.ms ?? 0);
  if (Number.isNaN(result)) throw new NoDateError();
  return result;
}

/** Years below 100 are themselves. */
function utc(year: number, month: number, day: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  return date.getTime();
}

/** Where clocks are set back the earlier of two times; where they are set forward what they then show. */
function fromLocal(local: number, zone: Zone): number {
  const before = zone.offsetAt(local - DAY_MS);
  const times = [before, zone.offsetAt(local + DAY_MS)].map((offset) => local - offset * MINUTE_MS);
  return times.find((time) => shownAt(time, zone) === local) ?? local - before * MINUTE_MS;
}

/** False for the hour that is left out when summer time begins. */
function isLocal(local: number, zone: Zone): boolean {
  return shownAt(fromLocal(local, zone), zone) === local;
}

function shownAt(time: number, zone: Zone): number {
  return time + zone.offsetAt(time) * MINUTE_MS;
}
