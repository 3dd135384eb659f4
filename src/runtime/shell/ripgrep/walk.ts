/** The files that `rg` searches: those below its operands but what is hidden, ignored or not asked for. */
import { S_IFDIR, S_IFMT, S_IFREG } from '../../kernel/file-modes.ts';
import { describeError, errorCode } from '../errors.ts';
import { absolutePath, directoryName, resolvePath } from '../paths.ts';
import { giveTurn } from '../turns.ts';
import { lastValue, type Options } from '../utilities/options.ts';
import { placeOnTrail, type Trail } from '../utilities/trail.ts';
import type { UtilityContext } from '../utility.ts';
import { type GlobRule, lastRule, readGlob } from './glob.ts';

export interface FoundFile {
  /** As it is shown. */
  path: string;
  /** Named on the command line. */
  given: boolean;
  size: number;
}

/** The rules of one folder, those of lists that come first before the others. */
interface FolderRules {
  base: string;
  lists: readonly (readonly GlobRule[])[];
}

const LISTS = ['.rgignore', '.ignore', '.gitignore'];
const FOLDER = 2;
const LINK = 3;

export class Walk {
  readonly #context: UtilityContext;
  readonly #options: Options;
  readonly #globs: readonly GlobRule[];
  readonly #wanted: readonly GlobRule[];
  readonly #unwanted: readonly GlobRule[];
  readonly #lists: readonly string[];
  readonly #hidden: boolean;
  readonly #deepest: number;
  failed = false;

  constructor(context: UtilityContext, options: Options, setting: { unrestricted: number; types: TypeGlobs }) {
    this.#context = context;
    this.#options = options;
    const has = (flag: string) => options.flags.has(flag);
    const ignoreCase = has('glob-case-insensitive');
    const read = (texts: readonly string[] | undefined, insensitive: boolean) =>
      (texts ?? []).flatMap((text) => readGlob(text, { braces: true, ignoreCase: insensitive }) ?? []);
    this.#globs = [...read(options.values.get('g'), ignoreCase), ...read(options.values.get('iglob'), true)];
    this.#wanted = read(setting.types.wanted, false);
    this.#unwanted = read(setting.types.unwanted, false);
    this.#hidden = (has('.') || setting.unrestricted > 1) && !has('no-hidden');
    this.#deepest = Number(lastValue(options, 'd') ?? 'Infinity');
    const none = has('no-ignore') || setting.unrestricted > 0;
    this.#lists = none ? [] : LISTS.filter((name) => !has(name === '.gitignore' ? 'no-ignore-vcs' : 'no-ignore-dot'));
  }

  async *files(operands: readonly string[]): AsyncGenerator<FoundFile> {
    for (const operand of operands.length > 0 ? operands : ['']) {
      const absolute = absolutePath(this.#context.cwd, operand === '' ? '.' : operand);
      try {
        const stat = this.#context.sys.call('stat', absolute, true);
        if ((stat.mode & S_IFMT) !== S_IFDIR) yield { path: operand, given: true, size: stat.size };
        else {
          const trail = { path: resolvePath(this.#context.cwd, operand), stat, outer: undefined };
          yield* this.#below(trail, { shown: operand, depth: 1, rules: this.#rulesAround(absolute) });
        }
      } catch (error) {
        await this.#complain(operand, error);
      }
    }
  }

  async *#below(
    folder: Trail,
    { shown, depth, rules: outer }: { shown: string; depth: number; rules: readonly FolderRules[] },
  ): AsyncGenerator<FoundFile> {
    if (depth > this.#deepest) return;
    // Also because all folders around it would be on the stack, which has no room for the deepest.
    await giveTurn();
    const { sys } = this.#context;
    const inRepository = this.#isInRepository(folder.path, outer);
    const rules = [...outer, this.#rulesOf(folder.path, inRepository)];
    const { names, types } = sys.call('readdir', folder.path);
    for (const [index, name] of names.entries()) {
      const type = types[index] ?? 0;
      if (type === LINK && !this.#options.flags.has('L')) continue;
      const absolute = `${folder.path === '/' ? '' : folder.path}/${name}`;
      const path = shown === '' || shown.endsWith('/') ? `${shown}${name}` : `${shown}/${name}`;
      if (type === FOLDER && !this.#selects(absolute, true, rules)) continue;
      const stat = sys.call('statOrNull', absolute, true);
      if (!stat) continue;
      const kind = stat.mode & S_IFMT;
      if (kind === S_IFDIR) {
        if (type === LINK && (placeOnTrail(folder, stat) !== undefined || !this.#selects(absolute, true, rules)))
          continue;
        try {
          yield* this.#below({ path: absolute, stat, outer: folder }, { shown: path, depth: depth + 1, rules });
        } catch (error) {
          await this.#complain(path, error);
        }
      } else if (kind === S_IFREG && this.#selects(absolute, false, rules))
        yield { path, given: false, size: stat.size };
    }
  }

  #selects(absolute: string, isFolder: boolean, all: readonly FolderRules[]): boolean {
    const relative = (base: string) => absolute.slice(base === '/' ? 1 : base.length + 1);
    const within = absolute.startsWith(`${this.#context.cwd}/`);
    const asked = lastRule(this.#globs, within ? relative(this.#context.cwd) : absolute.slice(1), isFolder);
    if (asked) return !asked.negated;
    if (!isFolder && this.#globs.some(({ negated }) => !negated)) return false;
    for (const place of this.#lists.keys()) {
      for (const { base, lists } of [...all].reverse()) {
        const rule = lastRule(lists[place] ?? [], relative(base), isFolder);
        if (rule && !rule.negated) return false;
        if (rule) return this.#isWanted(absolute, isFolder) !== false;
      }
    }
    const wanted = this.#isWanted(absolute, isFolder);
    // What was asked for by its type need not be in sight.
    return wanted ?? (this.#hidden || !/\/\.[^/]*$/.test(absolute));
  }

  /** By its type; undefined where types do not tell. */
  #isWanted(absolute: string, isFolder: boolean): boolean | undefined {
    if (isFolder) return undefined;
    const name = absolute.slice(absolute.lastIndexOf('/') + 1);
    if (lastRule(this.#unwanted, name, false)) return false;
    return this.#wanted.length === 0 ? undefined : lastRule(this.#wanted, name, false) !== undefined;
  }

  /** Lists of git count in its repositories alone. */
  #isInRepository(folder: string, outer: readonly FolderRules[]): boolean {
    if (this.#options.flags.has('no-require-git')) return true;
    return outer.some(({ base }) => this.#isRepository(base)) || this.#isRepository(folder);
  }

  #isRepository(folder: string): boolean {
    return this.#context.sys.call('statOrNull', `${folder === '/' ? '' : folder}/.git`, true) !== null;
  }

  /** Of the folders around one, the outermost first. */
  #rulesAround(folder: string): FolderRules[] {
    if (this.#options.flags.has('no-ignore-parent')) return [];
    const around: string[] = [];
    for (let at = folder; at !== '/'; at = directoryName(at)) around.unshift(directoryName(at));
    const rules: FolderRules[] = [this.#named()];
    const repository = around.findLastIndex((path) => this.#isRepository(path));
    // Those around the repository are another's.
    for (const [index, path] of around.entries())
      rules.push(this.#rulesOf(path, repository !== -1 && index >= repository));
    return rules;
  }

  /** `--ignore-file`, relative to the working folder. */
  #named(): FolderRules {
    const files = this.#lists.length === 0 ? [] : (this.#options.values.get('ignore-file') ?? []);
    return { base: this.#context.cwd, lists: [files.flatMap((file) => this.#read(this.#context.resolve(file)))] };
  }

  #rulesOf(folder: string, inRepository: boolean): FolderRules {
    const inside = (name: string) => `${folder === '/' ? '' : folder}/${name}`;
    const lists = this.#lists.map((name) => {
      if (name !== '.gitignore') return this.#read(inside(name));
      return inRepository ? [...this.#read(inside('.git/info/exclude')), ...this.#read(inside(name))] : [];
    });
    return { base: folder, lists };
  }

  #read(path: string): GlobRule[] {
    const { sys } = this.#context;
    const stat = sys.call('statOrNull', path, true);
    if (!stat || (stat.mode & S_IFMT) !== S_IFREG) return [];
    const text = new TextDecoder().decode(sys.call('readFile', path));
    return text.split('\n').flatMap((line) => readGlob(line) ?? []);
  }

  async #complain(path: string, error: unknown): Promise<void> {
    const code = errorCode(error);
    if (code === undefined || code === 'EPIPE') throw error;
    this.failed = true;
    if (this.#options.flags.has('no-messages')) return;
    const number = OS_ERRORS[code];
    await this.#context.stderr.line(`${path}: ${describeError(error)}${number ? ` (os error ${number})` : ''}`);
  }
}

const OS_ERRORS: Readonly<Record<string, number>> = { ENOENT: 2, EACCES: 13, ENOTDIR: 20, ELOOP: 40 };

export interface TypeGlobs {
  wanted: readonly string[];
  unwanted: readonly string[];
}
