import { S_IFDIR, S_IFLNK, S_IFMT } from '../../kernel/file-modes.ts';
import type { Stat } from '../../kernel/syscalls.ts';
import { describeError, errorCode } from '../errors.ts';
import { compareNames } from '../expansion/glob.ts';
import { joinPath } from '../paths.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import { fileType, formatMode, formatSize, userName } from './format.ts';
import { parseOptions } from './options.ts';
import { wrongUse } from './wrong-use.ts';

interface Entry {
  name: string;
  path: string;
  stat: Stat;
}

export const ls: Utility = async (context) => {
  const options = parseOptions(context.args, {
    short: 'la1RAdhtrSFpinGgoC',
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
      'group-directories-first': 'first',
    },
  });
  if (options.problem) return await wrongUse(context, options.problem, 2);
  return await new Lister(context, options.flags).run(options.operands.length > 0 ? options.operands : ['.']);
};

class Lister {
  #status = 0;
  readonly #context: UtilityContext;
  readonly #flags: ReadonlySet<string>;
  #started = false;

  constructor(context: UtilityContext, flags: ReadonlySet<string>) {
    this.#context = context;
    this.#flags = flags;
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
    for (const folder of this.#sorted(folders)) await this.#list(folder.path, titled);
    return this.#status;
  }

  async #look(name: string): Promise<Entry | undefined> {
    const follow = !this.#flags.has('d') && !this.#flags.has('l') && !this.#flags.has('F');
    try {
      const stat =
        (follow ? this.#context.sys.call('statOrNull', this.#context.resolve(name), true) : null) ??
        this.#context.sys.call('stat', this.#context.resolve(name), false);
      return { name, path: name, stat };
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
      this.#status = 2;
      await this.#context.complain(`cannot access '${name}': ${describeError(error)}`);
      return undefined;
    }
  }

  async #list(path: string, titled: boolean): Promise<void> {
    const { sys, stdout } = this.#context;
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
      ...names.filter((name) => hidden || !name.startsWith('.')),
    ];
    const entries: Entry[] = [];
    for (const name of shown) {
      const full = joinPath(path, name);
      const stat = sys.call('statOrNull', this.#context.resolve(full), false);
      if (stat) entries.push({ name, path: full, stat });
    }
    const sorted = this.#sorted(entries);
    await this.#print(sorted, true);
    if (!this.#flags.has('R')) return;
    for (const { name, path: child, stat } of sorted) {
      if ((stat.mode & S_IFMT) === S_IFDIR && name !== '.' && name !== '..') await this.#list(child, true);
    }
  }

  #sorted(entries: readonly Entry[]): Entry[] {
    const sorted = [...entries].sort((a, b) => {
      if (this.#flags.has('t') && a.stat.mtimeMs !== b.stat.mtimeMs) return b.stat.mtimeMs - a.stat.mtimeMs;
      if (this.#flags.has('S') && a.stat.size !== b.stat.size) return b.stat.size - a.stat.size;
      return compareNames(a.name, b.name);
    });
    if (this.#flags.has('r')) sorted.reverse();
    return sorted;
  }

  async #print(entries: readonly Entry[], total: boolean): Promise<void> {
    const { stdout } = this.#context;
    const long = this.#flags.has('l') || this.#flags.has('n') || this.#flags.has('g') || this.#flags.has('o');
    if (!long) {
      const names = entries.map(
        (entry) => (this.#flags.has('i') ? `${entry.stat.ino} ` : '') + entry.name + this.#mark(entry),
      );
      const width = this.#flags.has('1') ? 0 : this.#terminalWidth();
      for (const line of width > 0 ? inColumns(names, width) : names) await stdout.line(line);
      return;
    }
    const blocks = entries.reduce((sum, { stat }) => sum + stat.blocks, 0) / 2;
    if (total) await stdout.line(`total ${this.#flags.has('h') ? formatSize(blocks * 1024) : Math.ceil(blocks)}`);
    const rows = entries.map((entry) => this.#row(entry));
    const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
    for (const row of rows) {
      const [mode = '', links = '', user = '', group = '', size = '', ...rest] = row;
      await stdout.line(
        [
          mode,
          links.padStart(widths[1] ?? 0),
          user.padEnd(widths[2] ?? 0),
          group.padEnd(widths[3] ?? 0),
          size.padStart(widths[4] ?? 0),
          ...rest,
        ].join(' '),
      );
    }
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
      formatTime(stat.mtimeMs),
      name + (link || this.#mark({ name, path, stat, ...entry })),
    ];
  }

  #mark({ stat }: Entry): string {
    const type = fileType(stat.mode);
    if (this.#flags.has('p')) return type === 'directory' ? '/' : '';
    if (!this.#flags.has('F')) return '';
    if (type === 'directory') return '/';
    if (type === 'symbolic link') return '@';
    return type === 'regular file' && (stat.mode & 0o111) !== 0 ? '*' : '';
  }
}

/** Down the columns, all of one width, in as few lines as fit. */
function inColumns(names: readonly string[], terminalWidth: number): string[] {
  const width = Math.max(0, ...names.map((name) => name.length)) + 1;
  const columns = Math.max(1, Math.floor((terminalWidth + 1) / width));
  const lines = Math.ceil(names.length / columns);
  return Array.from({ length: lines }, (_, line) =>
    names
      .filter((_, index) => index % lines === line)
      .map((name) => name.padEnd(width))
      .join('')
      .trimEnd(),
  );
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const HALF_YEAR_MS = 31_556_952_000 / 2;

function formatTime(ms: number): string {
  const date = new Date(ms);
  const two = (value: number) => String(value).padStart(2, '0');
  const recent = ms <= Date.now() && ms > Date.now() - HALF_YEAR_MS;
  const end = recent ? `${two(date.getHours())}:${two(date.getMinutes())}` : ` ${date.getFullYear()}`;
  return `${MONTHS[date.getMonth()]} ${String(date.getDate()).padStart(2)} ${end}`;
}
