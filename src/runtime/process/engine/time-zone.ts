/**
 * `TZ`: a browser fixes its time zone when it starts, so `Date` and `Intl.DateTimeFormat` are made to follow another one.
 * Nothing is touched while the variable is not set, or names the zone that the browser has.
 */
import { readDateText } from './date-text.ts';

/** A method of Date.prototype. */
type Method = (this: Date, ...args: never[]) => unknown;
type Fields = Record<string, (...args: unknown[]) => number>;

// The global one notes what it makes, for `util.types.isProxy`.
const { Proxy: UnnotedProxy } = globalThis;
const HOST_DATE = Date;
const HOST_FORMAT = Intl.DateTimeFormat;
const DAY = 86_400_000;
/** No zone changes its offset within a quarter of an hour. */
const QUARTER = 900_000;

class Zone {
  readonly id: string;
  readonly #offsets = new Map<number, number>();
  readonly #offsetFormat: Intl.DateTimeFormat;
  readonly #nameFormat: Intl.DateTimeFormat;

  /** Throws a RangeError when there is no such zone. */
  constructor(id: string) {
    const format = (timeZoneName: 'longOffset' | 'long') => new HOST_FORMAT('en-US', { timeZone: id, timeZoneName });
    this.id = id;
    this.#offsetFormat = format('longOffset');
    this.#nameFormat = format('long');
  }

  /** How far its clocks are ahead at a time, in ms. */
  offsetAt(time: number): number {
    if (Number.isNaN(new HOST_DATE(time).getTime())) return Number.NaN;
    const quarter = Math.floor(time / QUARTER);
    const known = this.#offsets.get(quarter);
    if (known !== undefined) return known;
    const [, sign, hours, minutes, seconds] =
      /GMT([+-])(\d+):(\d+)(?::(\d+))?/.exec(zonePart(this.#offsetFormat, time)) ?? [];
    const size = (Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0)) * 1000;
    const offset = sign === '-' ? -size : size;
    this.#offsets.set(quarter, offset);
    return offset;
  }

  /** The time at which its clocks show `wall`: the first of two, and as if they were not put forward where there is none. */
  timeOf(wall: number): number {
    const before = wall - this.offsetAt(wall - DAY);
    const after = wall - this.offsetAt(wall + DAY);
    if (before === after) return before;
    const fitting = [before, after].filter((time) => time + this.offsetAt(time) === wall);
    return fitting.length > 0 ? Math.min(...fitting) : before;
  }

  nameAt(time: number): string {
    return zonePart(this.#nameFormat, time);
  }
}

const zonePart = (format: Intl.DateTimeFormat, time: number): string =>
  format.formatToParts(time).find(({ type }) => type === 'timeZoneName')?.value ?? '';

/** Of a TZ variable: `Europe/Rome`, `:Europe/Rome`, and `GMT+3`, which is three hours behind; what is unknown is GMT. */
function zoneOf(variable: string): Zone {
  const name = variable.replace(/^:/, '');
  const [, sign, hours, minutes] = /^(?:GMT|UTC)([+-])(\d{1,2})(?::?(\d\d))?$/.exec(name) ?? [];
  const id = hours === undefined ? name : `${sign === '+' ? '-' : '+'}${hours.padStart(2, '0')}:${minutes ?? '00'}`;
  try {
    return new Zone(id);
  } catch {
    return new Zone('UTC');
  }
}

/** Returns the function that makes a realm follow a TZ variable from now on; undefined is the browser's own zone. */
export function createTimeZoneSetter(scope: object): (variable: string | undefined) => void {
  const hostZone = new HOST_FORMAT().resolvedOptions().timeZone;
  let zone: Zone | null = null;
  let isInstalled = false;
  return (variable) => {
    const wanted = variable === undefined ? null : zoneOf(variable);
    zone = wanted?.id === hostZone ? null : wanted;
    if (zone === null || isInstalled) return;
    isInstalled = true;
    installMethods(() => zone);
    installConstructors(scope, () => zone);
  };
}

type CurrentZone = () => Zone | null;

/** Puts functions in the place of the host's where a zone is set. */
function replace(
  holder: object,
  name: string,
  zone: CurrentZone,
  make: (zone: Zone, self: Date, args: unknown[]) => unknown,
): void {
  const host = Reflect.get(holder, name) as Method;
  const { [name]: value } = {
    [name](this: Date, ...args: unknown[]): unknown {
      const current = zone();
      return current === null ? Reflect.apply(host, this, args) : make(current, this, args);
    },
  };
  Object.defineProperty(value, 'length', { value: host.length, configurable: true });
  Object.defineProperty(holder, name, { value, configurable: true, writable: true });
}

const getTime = HOST_DATE.prototype.getTime;

/** A date whose UTC fields are what the zone's clocks show. */
function wallOf(zone: Zone, self: Date): Date {
  const time = getTime.call(self);
  return new HOST_DATE(time + zone.offsetAt(time));
}

function installMethods(zone: CurrentZone): void {
  const { prototype } = HOST_DATE;
  const fields = prototype as unknown as Fields;
  for (const field of ['FullYear', 'Month', 'Date', 'Day', 'Hours', 'Minutes', 'Seconds', 'Milliseconds']) {
    const utcGetter = fields[`getUTC${field}`];
    const utcSetter = fields[`setUTC${field}`];
    replace(prototype, `get${field}`, zone, (current, self) => utcGetter?.call(wallOf(current, self)));
    if (utcSetter === undefined) continue;
    replace(prototype, `set${field}`, zone, (current, self, args) => {
      const wall = wallOf(current, self);
      utcSetter.apply(wall, args);
      return self.setTime(current.timeOf(getTime.call(wall)));
    });
  }
  replace(prototype, 'getYear', zone, (_current, self) => self.getFullYear() - 1900);
  replace(prototype, 'getTimezoneOffset', zone, (current, self) => -current.offsetAt(getTime.call(self)) / 60_000);
  for (const [name, show] of Object.entries({
    toString: (day: string, time: string) => `${day} ${time}`,
    toDateString: (day: string) => day,
    toTimeString: (_day: string, time: string) => time,
  })) {
    replace(prototype, name, zone, (current, self) => {
      const time = getTime.call(self);
      return Number.isNaN(time) ? 'Invalid Date' : show(...textsOf(current, time));
    });
  }
  for (const name of ['toLocaleString', 'toLocaleDateString', 'toLocaleTimeString'] as const) {
    const host = prototype[name] as (this: Date, ...args: unknown[]) => string;
    replace(prototype, name, zone, (current, self, [locales, options]) =>
      host.call(self, locales, inZone(current, options)),
    );
  }
}

/** "Sat Apr 14 2018" and "14:34:56 GMT+0200 (Central European Summer Time)" */
function textsOf(zone: Zone, time: number): [day: string, time: string] {
  const offset = zone.offsetAt(time);
  const [weekday = '', day, month, year, clock] = new HOST_DATE(time + offset).toUTCString().split(' ');
  const minutes = Math.floor(Math.abs(offset) / 60_000);
  const digits = [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join('');
  const difference = `GMT${offset < 0 ? '-' : '+'}${digits}`;
  return [`${weekday.slice(0, -1)} ${month} ${day} ${year}`, `${clock} ${difference} (${zone.nameAt(time)})`];
}

/** Options of a format, with the zone where they name none. */
function inZone(zone: Zone, options: unknown): unknown {
  if (options === null) return options;
  const given = Object(options ?? {}) as { timeZone?: unknown };
  if (given.timeZone !== undefined) return options;
  return Object.create(given, { timeZone: { value: zone.id, enumerable: true } }) as object;
}

function installConstructors(scope: object, zone: CurrentZone): void {
  const parse = HOST_DATE.parse;
  const parseIn = (current: Zone, text: string) => readDateText(text, parse, (wall) => current.timeOf(wall));
  replace(HOST_DATE, 'parse', zone, (current, _self, [text]) => parseIn(current, String(text)));

  const timeOf = (current: Zone, args: unknown[]): unknown[] => {
    const [first] = args;
    if (args.length > 1) return [current.timeOf(Reflect.apply(HOST_DATE.UTC, undefined, args) as number)];
    return typeof first === 'string' ? [parseIn(current, first)] : args;
  };
  const ZonedDate = new UnnotedProxy(HOST_DATE, {
    construct(target, args: unknown[], newTarget) {
      const current = zone();
      return Reflect.construct(target, current === null ? args : timeOf(current, args), newTarget) as object;
    },
    apply: () => new HOST_DATE().toString(),
  });
  const ZonedFormat = new UnnotedProxy(HOST_FORMAT, {
    construct(target, [locales, options]: unknown[], newTarget) {
      const current = zone();
      const given = current === null ? options : inZone(current, options);
      return Reflect.construct(target, [locales, given], newTarget) as object;
    },
    apply: (target, _self, args: unknown[]) => Reflect.construct(ZonedFormat, args, target) as object,
  });
  for (const [holder, name, value] of [
    [scope, 'Date', ZonedDate],
    [HOST_DATE.prototype, 'constructor', ZonedDate],
    [Intl, 'DateTimeFormat', ZonedFormat],
    [HOST_FORMAT.prototype, 'constructor', ZonedFormat],
  ] as const) {
    Object.defineProperty(holder, name, { value, configurable: true, writable: true, enumerable: false });
  }
}
