/** date. */
import type { Utility } from '../utility.ts';
import { lastValue, parseOptions } from './options.ts';
import { parseDate } from './parse-date.ts';
import { strftime, UTC, zoneOf } from './strftime.ts';
import { wrongUse } from './wrong-use.ts';

const ISO: Record<string, string> = {
  date: '%Y-%m-%d',
  hours: '%Y-%m-%dT%H%:z',
  minutes: '%Y-%m-%dT%H:%M%:z',
  seconds: '%Y-%m-%dT%H:%M:%S%:z',
  ns: '%Y-%m-%dT%H:%M:%S,%N%:z',
};

export const date: Utility = async (context) => {
  // The value of -I is part of its word: `-Iseconds`.
  const args = context.args.map((arg) => arg.replace(/^-I(?=[a-z])/, '--iso-8601='));
  const options = parseOptions(args, {
    short: 'ud:r:RI',
    long: {
      utc: 'u',
      universal: 'u',
      'date=': 'd',
      'reference=': 'r',
      'rfc-email': 'R',
      'iso-8601': 'I',
      'iso-8601=': 'Iso',
      'rfc-3339=': 'Rfc',
    },
  });
  if (options.problem) return await wrongUse(context, options.problem);
  const zone = options.flags.has('u') ? UTC : zoneOf(context.env.get('TZ'));
  const text = lastValue(options, 'd');
  const file = lastValue(options, 'r');
  const time =
    file === undefined
      ? parseDate(text ?? 'now', Date.now(), zone)
      : context.sys.call('stat', context.resolve(file), true).mtimeMs;
  if (time === undefined) {
    await context.complain(`invalid date ‘${text}’`);
    return 1;
  }
  const operand = options.operands[0];
  if (operand !== undefined && !operand.startsWith('+')) {
    await context.complain(`invalid date ‘${operand}’`);
    return 1;
  }
  const rfc = lastValue(options, 'Rfc');
  const iso = lastValue(options, 'Iso') ?? (options.flags.has('I') ? 'date' : undefined);
  let format = operand?.slice(1);
  if (rfc !== undefined) format ??= (ISO[rfc] ?? ISO.seconds ?? '').replace('T', ' ').replace(',', '.');
  if (iso !== undefined) format ??= ISO[iso];
  if (options.flags.has('R')) format ??= '%a, %d %b %Y %H:%M:%S %z';
  await context.stdout.line(strftime(format ?? '%a %b %e %H:%M:%S %Z %Y', time, zone));
  return 0;
};
