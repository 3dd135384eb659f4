/** Node's engine has the first form of what a locale tells, accessors; the browser's newer one has methods alone. */
const ACCESSORS: readonly [name: string, method: string][] = [
  ['calendars', 'getCalendars'],
  ['collations', 'getCollations'],
  ['hourCycles', 'getHourCycles'],
  ['numberingSystems', 'getNumberingSystems'],
  ['textInfo', 'getTextInfo'],
  ['timeZones', 'getTimeZones'],
  ['weekInfo', 'getWeekInfo'],
];

/** Must run before a program can change the methods. */
export function restoreLocaleAccessors(prototype: object): void {
  const { apply, defineProperty, get, has } = Reflect;
  for (const [name, method] of ACCESSORS) {
    const answer: unknown = get(prototype, method);
    if (has(prototype, name) || typeof answer !== 'function') continue;
    const holder = {
      get [name](): unknown {
        return apply(answer, this, []);
      },
    };
    const accessor = Reflect.getOwnPropertyDescriptor(holder, name);
    if (accessor) defineProperty(prototype, name, { ...accessor, enumerable: false });
  }
}
