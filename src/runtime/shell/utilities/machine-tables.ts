/** What programs ask of the machine's tables: getent free locale. */

import type { Utility, UtilityContext } from '../utility.ts';
import { readWholeText } from './inputs.ts';
import { parseOptions } from './options.ts';
import { wrongUse } from './wrong-use.ts';

const TABLES = ['passwd', 'group', 'hosts', 'ahosts'];
const NOT_FOUND = 2;

/** Lines of /etc, by a name or a number in them. */
export const getent: Utility = async (context) => {
  const [table, ...keys] = context.args.filter((arg) => !arg.startsWith('-'));
  if (table === undefined || !TABLES.includes(table)) {
    const problem = table === undefined ? 'wrong number of arguments' : `Unknown database: ${table}`;
    await context.stderr.print(`${problem}\nTry \`getent --help' or \`getent --usage' for more information.\n`);
    return 1;
  }
  const text = await readWholeText(context, `/etc/${table === 'ahosts' ? 'hosts' : table}`);
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const ofHosts = table.endsWith('hosts');
  const rows = lines.map((line) => (ofHosts ? line.split(/\s+/) : line.split(':')));
  const show = (row: readonly string[]) =>
    ofHosts ? `${row[0]?.padEnd(15)} ${row.slice(1).join(' ')}` : row.join(':');
  let status = 0;
  for (const row of keys.length === 0 ? rows : []) await context.stdout.line(show(row));
  for (const key of keys) {
    const row = rows.find((fields) => (ofHosts ? fields.includes(key) : fields[0] === key || fields[2] === key));
    if (!row) status = NOT_FOUND;
    else if (table !== 'ahosts') await context.stdout.line(show(row));
    else
      for (const kind of ['STREAM', 'DGRAM ', 'RAW   '])
        await context.stdout.line(`${row[0]?.padEnd(15)} ${kind}${kind === 'STREAM' ? ` ${row[1]}` : ' '}`);
  }
  return status;
};

const UNITS: Readonly<Record<string, number>> = { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };
/** As `os.totalmem()` and `os.freemem()` tell. */
const MEMORY = 8 * 1024 ** 3;

export const free: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'bkmghtwls:c:',
    long: {
      bytes: 'b',
      kibi: 'k',
      mebi: 'm',
      gibi: 'g',
      human: 'h',
      total: 't',
      wide: 'w',
      'seconds=': 's',
      'count=': 'c',
    },
  });
  if (options.problem) return await wrongUse(context, options.problem);
  const unit = UNITS[[...'bkmg'].find((letter) => options.flags.has(letter)) ?? 'k'] ?? 1;
  const amount = (bytes: number) => {
    if (!options.flags.has('h')) return String(Math.floor(bytes / unit));
    if (bytes === 0) return '0B';
    const whole = bytes / 1024 ** 3;
    return `${whole < 10 ? whole.toFixed(1) : Math.round(whole)}Gi`;
  };
  const row = (name: string, values: readonly number[]) =>
    name.padEnd(8) + values.map((value) => amount(value).padStart(12)).join('');
  const titles = ['total', 'used', 'free', 'shared', 'buff/cache', 'available'];
  const half = MEMORY / 2;
  await context.stdout.line(' '.repeat(8) + titles.map((title) => title.padStart(12)).join(''));
  await context.stdout.line(row('Mem:', [MEMORY, half, half, 0, 0, half]));
  await context.stdout.line(row('Swap:', [0, 0, 0]));
  if (options.flags.has('t')) await context.stdout.line(row('Total:', [MEMORY, half, half]));
  return 0;
};

const CATEGORIES =
  'CTYPE NUMERIC TIME COLLATE MONETARY MESSAGES PAPER NAME ADDRESS TELEPHONE MEASUREMENT IDENTIFICATION';

export const locale: Utility = async (context) => {
  const { args, env, stdout } = context;
  if (args[0] === '-a' || args[0] === '--all-locales') await stdout.write('C\nC.utf8\nPOSIX\n');
  else if (args[0] === 'charmap') await stdout.line(charmapOf(context));
  else if (args.length > 0) return await wrongUse(context, `unknown name "${args[0]}"`);
  else {
    const lang = env.get('LANG') ?? '';
    const all = env.get('LC_ALL') ?? '';
    await stdout.write(`LANG=${lang}\nLANGUAGE=${env.get('LANGUAGE') ?? ''}\n`);
    for (const name of CATEGORIES.split(' ')) {
      const own = all === '' ? env.get(`LC_${name}`) : undefined;
      // What follows from another variable stands in quotes.
      await stdout.line(`LC_${name}=${own ?? `"${all || lang || 'POSIX'}"`}`);
    }
    await stdout.line(`LC_ALL=${all}`);
  }
  return 0;
};

function charmapOf({ env }: UtilityContext): string {
  const name = env.get('LC_ALL') || env.get('LC_CTYPE') || env.get('LANG') || 'C';
  return /utf-?8/i.test(name) ? 'UTF-8' : 'ANSI_X3.4-1968';
}
