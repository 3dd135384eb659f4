import { S_IFDIR, S_IFLNK, S_IFMT } from '../../kernel/file-modes.ts';
import { greatest } from '../../kernel/large-lists.ts';
import type { Stat } from '../../kernel/syscalls.ts';
import { describeError, errorCode } from '../errors.ts';
import { compareNames } from '../expansion/glob.ts';
import { patternToRegExp } from '../expansion/pattern.ts';
import { joinPath } from '../paths.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import { fileType, formatMode, formatSize, userName } from './format.ts';
import { inColumns, inEqualColumns, withCommas } from './ls-columns.ts';
import { lastValue, type Options, parseOptions } from './options.ts';
import { strftime, zoneOf } from './strftime.ts';
import { placeOnTrail, type Trail } from './trail.ts';
import { wrongUse } from './wrong-use.ts';

interface Entry {
  name: string;
  path: string;
  stat: Stat;
}

export const ls: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'bla1RAdhtrSFpinGgoCmxXsQUcuLHkBNvqfI:w:T:',
    long: {
      all: 'a',
      'almost-all': 'A',
      recursive: 'R',
      directory: 'd',
      'human-readable': 'h',
      reverse: 'r',
      'color=': 'color',
      color: 'color',
      classify: 'F',
      'classify=': 'F',
      'file-type': 'p',
      'indicator-style=': 'indicator',
      'time-style=': 'time-style',
      'full-time': 'full-time',
      'sort=': 'sort',
      'time=': 'time',
      'format=': 'format',
      'no-group': 'G',
      'numeric-uid-gid': 'n',
      inode: 'i',
      size: 's',
      dereference: 'L',
      'quote-name': 'Q',
      'ignore=': 'I',
      'ignore-backups': 'B',
      'width=': 'w',
      'block-size=': 'block-size',
      literal: 'N',
      escape: 'b',
      si: 'h',
      'group-directories-first': 'first',
    },
  });
  if (options.problem) return await wrongUse(context, options.problem, 2);
  return await new Lister(context, options).run(options.operands.length > 0 ? options.operands : ['.']);
};

class Lister {
  #status = 0;
  readonly #context: UtilityContext;
  readonly #flags: ReadonlySet<string>;
  readonly #options: Options;
  readonly #long: boolean;
  #started = false;

  constructor(context: UtilityContext, options: Options) {
    this.#context = context;
    this.#options = options;
    const flags = new Set(options.flags);
    const names: Record<string, string> = {
      time: 't',
      size: 'S',
      none: 'U',
      extension: 'X',
      version: 'v',
      ctime: 'c',
      status: 'c',
      atime: 'u',
      access: 'u',
      'single-column': '1',
      commas: 'm',
      across: 'x',
      long: 'l',
    };
    for (const option of ['sort', 'time', 'format']) {
      const letter = names[lastValue(options, option) ?? ''];
      if (letter !== undefined) flags.add(letter);
    }
    if (flags.has('f')) flags.add('a').add('U');
    this.#flags = flags;
    this.#long = ['l', 'n', 'g', 'o', 'full-time'].some((flag) => flags.has(flag));
  }

  async run(names: readonly string[]): Promise<number> {
    const files: Entry[] = [];
    const folders: Entry[] = [];
    for (const name of names) {
      const entry = await this.#look(name);
      if (!entry) continue;
      const folder = (entry.stat.mode & S_IFMT) === S_IFDIR && !this.#flags.has('d');
      (folder ? folders : files).push(entry);
    }
    await this.#print(this.#sorted(files), false);
    this.#started = files.length > 0;
    const titled = names.length > 1 || this.#flags.has('R');
    for (const folder of this.#sorted(folders)) await this.#list({ ...folder, outer: undefined }, titled);
    return this.#status;
  }

  async #look(name: string): Promise<Entry | undefined> {
    const asIs = this.#flags.has('d') || this.#long || this.#flags.has('F');
    const follow = this.#flags.has('L') || this.#flags.has('H') || !asIs;
    try {
      const path = this.#context.resolve(name);
      const stat =
        (follow ? this.#context.sys.call('statOrNull', path, true) : null) ??
        this.#context.sys.call('stat', path, this.#flags.has('L') || this.#flags.has('H'));
      return { name, path: name, stat };
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
      this.#status = 2;
      await this.#context.complain(`cannot access '${name}': ${describeError(error)}`);
      return undefined;
    }
  }

  /** Null for a link to nothing, and for one that leads to itself, which is told where more than its name is to be shown. */
  async #follow(path: string): Promise<Stat | null> {
    try {
      return this.#context.sys.call('statOrNull', this.#context.resolve(path), true);
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
      if (!this.#long && !this.#flags.has('R') && !this.#flags.has('F')) return null;
      this.#status = Math.max(this.#status, 1);
      await this.#context.complain(`cannot access '${path}': ${describeError(error)}`);
      return null;
    }
  }

  async #list(folder: Trail, titled: boolean): Promise<void> {
    const { sys, stdout } = this.#context;
    const { path } = folder;
    if (this.#flags.has('L') && placeOnTrail(folder.outer, folder.stat) !== undefined) {
      this.#status = 2;
      await this.#context.complain(`${path}: not listing already-listed directory`);
      return;
    }
    let names: string[];
    try {
      names = sys.call('readdir', this.#context.resolve(path)).names;
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
      this.#status = 2;
      await this.#context.complain(`cannot open directory '${path}': ${describeError(error)}`);
      return;
    }
    if (titled) await stdout.write(`${this.#started ? '\n' : ''}${path}:\n`);
    this.#started = true;
    const hidden = this.#flags.has('a') || this.#flags.has('A');
    const shown = [
      ...(this.#flags.has('a') ? ['.', '..'] : []),
      ...names.filter((name) => (hidden || !name.startsWith('.')) && !this.#ignores(name)),
    ];
    const entries: Entry[] = [];
    for (const name of shown) {
      const full = joinPath(path, name);
      const followed = this.#flags.has('L') ? await this.#follow(full) : null;
      const stat = followed ?? sys.call('statOrNull', this.#context.resolve(full), false);
      if (stat) entries.push({ name, path: full, stat });
    }
    const sorted = this.#sorted(entries);
    await this.#print(sorted, true);
    if (!this.#flags.has('R')) return;
    for (const { name, path: child, stat } of sorted) {
      if ((stat.mode & S_IFMT) === S_IFDIR && name !== '.' && name !== '..')
        await this.#list({ path: child, stat, outer: folder }, true);
    }
  }

  #ignores(name: string): boolean {
    if (this.#flags.has('B') && name.endsWith('~')) return true;
    return this.#options.values.get('I')?.some((pattern) => patternToRegExp(pattern).test(name)) ?? false;
  }

  /** The time that -c and -u choose. */
  #timeOf({ stat }: Entry): number {
    if (this.#flags.has('c')) return stat.ctimeMs;
    return this.#flags.has('u') ? stat.atimeMs : stat.mtimeMs;
  }

  #sorted(entries: readonly Entry[]): Entry[] {
    if (this.#flags.has('U')) return [...entries];
    const has = (flag: string) => this.#flags.has(flag);
    const byTime = has('t') || ((has('c') || has('u')) && !this.#long);
    const extension = (name: string) => /\.[^.]*$/.exec(name)?.[0] ?? '';
    const sorted = [...entries].sort((a, b) => {
      const times = this.#timeOf(b) - this.#timeOf(a);
      if (byTime && times !== 0) return times;
      if (has('S') && a.stat.size !== b.stat.size) return b.stat.size - a.stat.size;
      if (has('X') && extension(a.name) !== extension(b.name))
        return compareNames(extension(a.name), extension(b.name));
      if (has('v')) return a.name.localeCompare(b.name, 'en', { numeric: true });
      return compareNames(a.name, b.name);
    });
    if (has('r')) sorted.reverse();
    if (!has('first')) return sorted;
    const isFolder = ({ stat }: Entry) => (stat.mode & S_IFMT) === S_IFDIR;
    return [...sorted.filter(isFolder), ...sorted.filter((entry) => !isFolder(entry))];
  }

  async #print(entries: readonly Entry[], total: boolean): Promise<void> {
    const { stdout } = this.#context;
    const blocks = entries.reduce((sum, { stat }) => sum + stat.blocks, 0) / 2;
    const blocksWidth = greatest(entries.map(({ stat }) => String(Math.ceil(stat.blocks / 2)).length));
    if (!this.#long) {
      if (this.#flags.has('s') && total) await stdout.line(`total ${Math.ceil(blocks)}`);
      for (const line of this.#arranged(entries.map((entry) => this.#prefix(entry, blocksWidth) + this.#named(entry))))
        await stdout.line(line);
      return;
    }
    if (total) await stdout.line(`total ${this.#flags.has('h') ? formatSize(blocks * 1024) : Math.ceil(blocks)}`);
    const rows = entries.map((entry) => this.#row(entry));
    const widths = [0, 1, 2, 3, 4].map((column) => greatest(rows.map((row) => row[column]?.length ?? 0)));
    for (const [index, row] of rows.entries()) {
      const entry = entries[index];
      const start = entry ? this.#prefix(entry, blocksWidth) : '';
      const owners = [this.#flags.has('g') ? 2 : 0, this.#flags.has('o') || this.#flags.has('G') ? 3 : 0];
      const [mode = '', links = '', user = '', group = '', size = '', ...rest] = row;
      await stdout.line(
        start +
          [
            mode,
            links.padStart(widths[1] ?? 0),
            user.padEnd(widths[2] ?? 0),
            group.padEnd(widths[3] ?? 0),
            size.padStart(widths[4] ?? 0),
            ...rest,
          ]
            .filter((_, column) => column === 0 || !owners.includes(column))
            .join(' '),
      );
    }
  }

  /** What -i and -s show before the name; blocks are at least as wide as `width`. */
  #prefix({ stat }: Entry, width: number): string {
    const inode = this.#flags.has('i') ? `${stat.ino} ` : '';
    return inode + (this.#flags.has('s') ? `${String(Math.ceil(stat.blocks / 2)).padStart(width)} ` : '');
  }

  #arranged(names: readonly string[]): readonly string[] {
    const width = Number(lastValue(this.#options, 'w') ?? (this.#terminalWidth() || 80));
    if (this.#flags.has('m')) return withCommas(names, width);
    if (this.#flags.has('x')) return inColumns(names, width, true);
    if (this.#flags.has('1')) return names;
    if (this.#flags.has('C')) return inColumns(names, width);
    return this.#terminalWidth() > 0 ? inEqualColumns(names, width) : names;
  }

  #named(entry: Entry): string {
    const plain = this.#flags.has('Q')
      ? `"${entry.name.replace(/["\\]/g, '\\$&')}"`
      : this.#flags.has('b')
        ? entry.name.replace(/[ \\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t')
        : entry.name;
    const { env } = this.#context;
    const colours = lastValue(this.#options, 'color') === 'always' && (env.has('TERM') || env.has('COLORTERM'));
    const shown = colours ? paint(plain, entry.stat.mode) : plain;
    return shown + this.#mark(entry);
  }

  /** 0 when the output is no terminal. */
  #terminalWidth(): number {
    for (const [number, descriptor] of this.#context.descriptors) {
      if (number !== 1 || descriptor.kind !== 'tty') continue;
      return this.#context.sys.call('terminalSize', descriptor.fd)[0];
    }
    return 0;
  }

  #row({ name, path, stat, ...entry }: Entry): string[] {
    const link =
      (stat.mode & S_IFMT) === S_IFLNK ? ` -> ${this.#context.sys.call('readlink', this.#context.resolve(path))}` : '';
    const size = this.#flags.has('h') ? formatSize(stat.size) : String(stat.size);
    const numeric = this.#flags.has('n');
    const user = (id: number) => (numeric ? String(id) : userName(this.#context.env, id));
    return [
      formatMode(stat.mode),
      String(stat.nlink),
      user(stat.uid),
      user(stat.gid),
      size,
      this.#formatTime(this.#timeOf({ name, path, stat, ...entry })),
      link === '' ? this.#named({ name, path, stat, ...entry }) : name + link,
    ];
  }

  #formatTime(ms: number): string {
    const zone = zoneOf(this.#context.env.get('TZ'));
    const style = this.#flags.has('full-time') ? 'full-iso' : lastValue(this.#options, 'time-style');
    const format = style?.startsWith('+') ? style.slice(1) : TIME_STYLES[style ?? ''];
    if (format !== undefined) return strftime(format, ms, zone);
    const recent = ms <= Date.now() && ms > Date.now() - HALF_YEAR_MS;
    if (style === 'iso') return strftime(recent ? '%m-%d %H:%M' : '%Y-%m-%d ', ms, zone);
    return strftime(recent ? '%b %e %H:%M' : '%b %e  %Y', ms, zone);
  }

  #mark({ stat }: Entry): string {
    const type = fileType(stat.mode);
    const style = lastValue(this.#options, 'indicator');
    if (style === 'slash') return type === 'directory' ? '/' : '';
    if (this.#flags.has('p')) return type === 'directory' ? '/' : '';
    if (!this.#flags.has('F')) return '';
    if (type === 'directory') return '/';
    if (type === 'symbolic link') return '@';
    if (type === 'fifo') return '|';
    if (type === 'socket') return '=';
    return type === 'regular file' && (stat.mode & 0o111) !== 0 ? '*' : '';
  }
}

/** The colours of `dircolors` for kinds of files. */
function paint(name: string, mode: number): string {
  const type = fileType(mode);
  const code =
    type === 'directory' ? '01;34' : type === 'symbolic link' ? '01;36' : (mode & 0o111) !== 0 ? '01;32' : '';
  return code === '' ? name : `\x1b[0m\x1b[${code}m${name}\x1b[0m`;
}

const HALF_YEAR_MS = 31_556_952_000 / 2;
const TIME_STYLES: Record<string, string> = { 'full-iso': '%Y-%m-%d %H:%M:%S.%N %z', 'long-iso': '%Y-%m-%d %H:%M' };
