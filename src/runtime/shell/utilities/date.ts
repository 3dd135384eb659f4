/** date. */
import { SystemError } from '../../kernel/syscalls.ts';
import { describeError } from '../errors.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import { readWholeText } from './inputs.ts';
import { lastValue, type Options, parseOptions } from './options.ts';
import { parseDate } from './parse-date.ts';
import { strftime, UTC, zoneOf } from './strftime.ts';
import { wrongUse } from './wrong-use.ts';

const ISO: Readonly<Record<string, string>> = {
  hours: '%Y-%m-%dT%H%:z',
  minutes: '%Y-%m-%dT%H:%M%:z',
  date: '%Y-%m-%d',
  seconds: '%Y-%m-%dT%H:%M:%S%:z',
  ns: '%Y-%m-%dT%H:%M:%S,%N%:z',
};
const RFC_3339: Readonly<Record<string, string>> = {
  date: '%Y-%m-%d',
  seconds: '%Y-%m-%d %H:%M:%S%:z',
  ns: '%Y-%m-%d %H:%M:%S.%N%:z',
};
const RFC_EMAIL = '%a, %d %b %Y %H:%M:%S %z';
const USUAL = '%a %b %e %H:%M:%S %Z %Y';

class WrongUse extends Error {
  override name = 'WrongUse';
}

export const date: Utility = async (context) => {
  // The value of -I is part of its word: `-Iseconds`.
  const args = context.args.map((arg) => arg.replace(/^-I(?=.)/, '--iso-8601='));
  const options = parseOptions(args, {
    short: 'ud:f:r:RI',
    long: {
      utc: 'u',
      universal: 'u',
      'date=': 'd',
      'file=': 'f',
      'reference=': 'r',
      'rfc-email': 'R',
      'rfc-2822': 'R',
      'iso-8601': 'I',
      'iso-8601=': 'Iso',
      'rfc-3339=': 'Rfc',
    },
  });
  if (options.problem) return await wrongUse(context, options.problem);
  try {
    return await printDates(context, options);
  } catch (error) {
    if (error instanceof WrongUse) return await wrongUse(context, error.message);
    const file = lastValue(options, 'f') ?? lastValue(options, 'r');
    if (!(error instanceof SystemError) || file === undefined) throw error;
    await context.complain(`${file}: ${describeError(error)}`);
    return 1;
  }
};

async function printDates(context: UtilityContext, options: Options): Promise<number> {
  const zone = options.flags.has('u') ? UTC : zoneOf(context.env.get('TZ'));
  const named = namedFormats(options);
  if (['d', 'f', 'r'].filter((name) => options.flags.has(name)).length > 1)
    throw new WrongUse('the options to specify dates for printing are mutually exclusive');
  const [operand, extra] = options.operands;
  if (extra !== undefined) throw new WrongUse(`extra operand ‘${extra}’`);
  if (operand !== undefined && !operand.startsWith('+')) {
    await context.complain(`invalid date ‘${operand}’`);
    return 1;
  }
  const [format = USUAL, another] = [...named, ...(operand === undefined ? [] : [operand.slice(1)])];
  if (another !== undefined) {
    await context.complain('multiple output formats specified');
    return 1;
  }
  const reference = lastValue(options, 'r');
  if (reference !== undefined) {
    const { mtimeMs } = context.sys.call('stat', context.resolve(reference), true);
    await context.stdout.line(strftime(format, mtimeMs, zone));
    return 0;
  }
  let status = 0;
  for (const text of await datesOf(context, options)) {
    const time = parseDate(text, Date.now(), zone);
    if (time !== undefined) await context.stdout.line(strftime(format, time, zone));
    else {
      await context.complain(`invalid date ‘${text}’`);
      status = 1;
    }
  }
  return status;
}

async function datesOf(context: UtilityContext, options: Options): Promise<string[]> {
  const file = lastValue(options, 'f');
  if (file === undefined) return [lastValue(options, 'd') ?? 'now'];
  const lines = (await readWholeText(context, file)).split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

/** Of `-I`, `-R` and `--rfc-3339`. */
function namedFormats({ flags, values }: Options): string[] {
  return [
    ...(flags.has('I') ? [ISO.date ?? ''] : []),
    ...(values.get('Iso') ?? []).map((word) => formatNamed(ISO, 'iso-8601', word)),
    ...(flags.has('R') ? [RFC_EMAIL] : []),
    ...(values.get('Rfc') ?? []).map((word) => formatNamed(RFC_3339, 'rfc-3339', word)),
  ];
}

/** A word may be shortened as long as it is clear. */
function formatNamed(formats: Readonly<Record<string, string>>, option: string, word: string): string {
  const [format, another] = Object.keys(formats).filter((name) => name.startsWith(word));
  if (format !== undefined && another === undefined) return formats[format] ?? '';
  const known = Object.keys(formats).map((name) => `\n  - ‘${name}’`);
  const problem = another === undefined ? 'invalid' : 'ambiguous';
  throw new WrongUse(`${problem} argument ‘${word}’ for ‘--${option}’\nValid arguments are:${known.join('')}`);
}
