/** Formats a time as strftime and GNU date do, in the C locale. */

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const DAY_MS = 86_400_000;

/** A time zone: minutes east of Greenwich at a time, and its short name. */
export interface Zone {
  offsetAt(ms: number): number;
  nameAt(ms: number): string;
}

export const UTC: Zone = { offsetAt: () => 0, nameAt: () => 'UTC' };

/** Each knows the short names of the zones of its part of the world alone. */
const LOCALES = ['en-US', 'en-GB', 'en-AU', 'en-NZ', 'en-IN', 'en-ZA', 'ja-JP'];

/** Those that none of them knows, and that have the same name all year. */
const NAMES: Readonly<Record<string, string>> = {
  'Africa/Lagos': 'WAT',
  'Africa/Nairobi': 'EAT',
  'Asia/Hong_Kong': 'HKT',
  'Asia/Jakarta': 'WIB',
  'Asia/Karachi': 'PKT',
  'Asia/Manila': 'PST',
  'Asia/Seoul': 'KST',
  'Asia/Shanghai': 'CST',
  'Asia/Taipei': 'CST',
  'Europe/Moscow': 'MSK',
};

/** A zone that has no name goes by its hours, and minutes where it has any: `-03`, `+0545`. */
function numberOf(minutes: number): string {
  const [hours, rest] = [Math.trunc(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  const digits = [hours, ...(rest === 0 ? [] : [rest])].map((each) => String(each).padStart(2, '0')).join('');
  return `${minutes < 0 ? '-' : '+'}${digits}`;
}

/** The zone of a TZ variable ("Europe/Rome"); UTC for one that is unknown. */
export function zoneOf(name: string | undefined): Zone {
  if (!name || name === 'UTC' || name === 'UTC0') return UTC;
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
  } catch {
    return UTC; // As libc does with a name that it does not know.
  }
  const part = (ms: number, style: 'longOffset' | 'short', locale = 'en-US') =>
    new Intl.DateTimeFormat(locale, { timeZone: name, timeZoneName: style })
      .formatToParts(ms)
      .find((item) => item.type === 'timeZoneName')?.value ?? '';
  const offsetAt = (ms: number) => {
    const match = /GMT([+-])(\d\d):(\d\d)/.exec(part(ms, 'longOffset'));
    return match ? (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) : 0;
  };
  const nameAt = (ms: number) => {
    const known = NAMES[name];
    if (known !== undefined) return known;
    const names = LOCALES.map((locale) => part(ms, 'short', locale));
    return names.find((each) => /^[A-Z]+$/.test(each)) ?? numberOf(offsetAt(ms));
  };
  return { offsetAt, nameAt };
}

/** `ms` since the epoch. */
export function strftime(format: string, ms: number, zone: Zone = UTC): string {
  const local = new Date(ms + zone.offsetAt(ms) * 60_000);
  return format.replace(/%([-_0^#]?)(\d*)(:{0,3}z|[A-Za-z%+])/g, (all, flag: string, width: string, letter: string) => {
    const plain = letter === 'N' ? nanoseconds(ms, width, flag) : field(letter, { ms, local, zone });
    if (plain === undefined) return all;
    const text = flag === '^' ? plain.toUpperCase() : flag === '#' ? otherCase(plain, letter) : plain;
    if (letter === 'N') return text;
    if (flag === '-') return text.replace(/^[0 ]+(?=.)/, '');
    if (flag === '_') return text.replace(/^0+(?=.)/, (zeros) => ' '.repeat(zeros.length)).padStart(Number(width));
    return width === '' ? text : text.padStart(Number(width), /^\d/.test(text) ? '0' : ' ');
  });
}

/** Names of days and months get capitals; what is in capitals loses them. */
function otherCase(text: string, letter: string): string {
  return letter === 'p' || letter === 'Z' ? text.toLowerCase() : text.toUpperCase();
}

function nanoseconds(ms: number, width: string, flag: string): string {
  const digits = Math.round((ms - Math.floor(ms / 1000) * 1000) * 1e6)
    .toString()
    .padStart(9, '0');
  return flag === '-' ? digits.replace(/0+$/, '') || '0' : digits.slice(0, Number(width) || 9);
}

interface Moment {
  ms: number;
  /** Its UTC fields are the local ones. */
  local: Date;
  zone: Zone;
}

function field(letter: string, { ms, local, zone }: Moment): string | undefined {
  const two = (value: number) => String(value).padStart(2, '0');
  const year = local.getUTCFullYear();
  const hours = local.getUTCHours();
  const weekday = local.getUTCDay();
  const dayOfYear = Math.floor(
    (Date.UTC(year, local.getUTCMonth(), local.getUTCDate()) - Date.UTC(year, 0, 1)) / DAY_MS,
  );
  const again = (format: string) => strftime(format, ms, zone);
  const fields: Record<string, () => string> = {
    Y: () => String(year).padStart(4, '0'),
    C: () => two(Math.floor(year / 100)),
    y: () => two(year % 100),
    m: () => two(local.getUTCMonth() + 1),
    d: () => two(local.getUTCDate()),
    e: () => String(local.getUTCDate()).padStart(2),
    H: () => two(hours),
    k: () => String(hours).padStart(2),
    I: () => two(hours % 12 || 12),
    l: () => String(hours % 12 || 12).padStart(2),
    M: () => two(local.getUTCMinutes()),
    S: () => two(local.getUTCSeconds()),
    p: () => (hours < 12 ? 'AM' : 'PM'),
    P: () => (hours < 12 ? 'am' : 'pm'),
    a: () => (DAYS[weekday] ?? '').slice(0, 3),
    A: () => DAYS[weekday] ?? '',
    b: () => (MONTHS[local.getUTCMonth()] ?? '').slice(0, 3),
    h: () => again('%b'),
    B: () => MONTHS[local.getUTCMonth()] ?? '',
    s: () => String(Math.floor(ms / 1000)),
    Z: () => zone.nameAt(ms),
    z: () => offset(zone.offsetAt(ms), ''),
    ':z': () => offset(zone.offsetAt(ms), ':'),
    '::z': () => `${offset(zone.offsetAt(ms), ':')}:00`,
    ':::z': () => offset(zone.offsetAt(ms), ':').replace(/:00$/, ''),
    F: () => again('%Y-%m-%d'),
    T: () => again('%H:%M:%S'),
    X: () => again('%H:%M:%S'),
    D: () => again('%m/%d/%y'),
    x: () => again('%m/%d/%y'),
    R: () => again('%H:%M'),
    r: () => again('%I:%M:%S %p'),
    c: () => again('%a %b %e %H:%M:%S %Y'),
    u: () => String(weekday || 7),
    w: () => String(weekday),
    j: () => String(dayOfYear + 1).padStart(3, '0'),
    U: () => two(Math.floor((dayOfYear + 7 - weekday) / 7)),
    W: () => two(Math.floor((dayOfYear + 7 - ((weekday + 6) % 7)) / 7)),
    V: () => two(isoWeek(local).week),
    G: () => String(isoWeek(local).year),
    g: () => two(isoWeek(local).year % 100),
    q: () => String(Math.floor(local.getUTCMonth() / 3) + 1),
    n: () => '\n',
    t: () => '\t',
    '%': () => '%',
  };
  return fields[letter]?.();
}

function offset(minutes: number, colon: string): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${colon}${two(size % 60)}`;
}

/** ISO 8601: the week belongs to the year of its Thursday. */
function isoWeek(local: Date): { year: number; week: number } {
  const thursday = new Date(local.getTime() + (3 - ((local.getUTCDay() + 6) % 7)) * DAY_MS);
  const year = thursday.getUTCFullYear();
  const days = Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / DAY_MS);
  return { year, week: Math.floor(days / 7) + 1 };
}
