/** What `--mtime`, `--owner`, `--group` and `--mode` make of the members of an archive. */
import { S_IFDIR, S_IFMT } from '../../kernel/file-modes.ts';
import { changeMode } from '../utilities/files.ts';
import { lastValue, type Options } from '../utilities/options.ts';
import { parseDate } from '../utilities/parse-date.ts';
import { zoneOf } from '../utilities/strftime.ts';
import type { UtilityContext } from '../utility.ts';

export interface Attributes {
  /** Undefined: each has its own. */
  readonly mtime: Date | undefined;
  readonly owner: { readonly uid: number; readonly uname: string };
  readonly group: { readonly gid: number; readonly gname: string };
  changeMode(mode: number): number;
}

export function attributesOf(context: UtilityContext, options: Options): Attributes {
  const isNumeric = options.flags.has('numeric-owner');
  const owner = named(lastValue(options, 'owner'));
  const group = named(lastValue(options, 'group'));
  const mode = lastValue(options, 'mode');
  return {
    mtime: timeOf(context, lastValue(options, 'mtime')),
    owner: { uid: owner.id, uname: isNumeric ? '' : owner.name },
    group: { gid: group.id, gname: isNumeric ? '' : group.name },
    changeMode: (before) =>
      (mode === undefined ? before : (changeMode(before, mode, (before & S_IFMT) === S_IFDIR) ?? before)) & 0o7777,
  };
}

/** `NAME`, `NAME:ID` or `ID`. There is one user alone, and one group. */
function named(text = 'root'): { name: string; id: number } {
  if (/^\+?\d+$/.test(text)) return { name: '', id: Number(text) };
  const [name = '', id = '0'] = text.split(':');
  return { name, id: Number(id) };
}

/** A date, or a file that has it. Undefined for what is neither. */
function timeOf(context: UtilityContext, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const ms = /^[./]/.test(text)
    ? context.sys.call('statOrNull', context.resolve(text), true)?.mtimeMs
    : parseDate(text, Date.now(), zoneOf(context.env.get('TZ')));
  return ms === undefined ? undefined : new Date(Math.floor(ms / 1000) * 1000);
}
