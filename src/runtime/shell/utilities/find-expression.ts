/** The expression of find: tests and actions, compiled to one function. */
import type { Stat } from '../../kernel/syscalls.ts';
import { describeError, errorCode } from '../errors.ts';
import { patternToRegExp } from '../expansion/pattern.ts';
import { baseName, directoryName } from '../paths.ts';
import type { UtilityContext } from '../utility.ts';
import { changeMode } from './files.ts';
import type { Found } from './find.ts';
import { formatFound, listFound } from './find-print.ts';
import { fileType, userName } from './format.ts';
import { parseDate } from './parse-date.ts';
import { posixToRegExp } from './posix-regexp.ts';
import { zoneOf } from './strftime.ts';
import { writeFile } from './write-file.ts';

export class FindSyntaxError extends Error {
  override name = 'FindSyntaxError';
}

type Predicate = (context: UtilityContext, found: Found) => boolean | Promise<boolean>;

export interface FindPlan {
  expression: Predicate;
  minDepth: number;
  maxDepth: number;
  depthFirst: boolean;
  /** Links stand for what they point to (-follow). */
  follow: boolean;
  state: FindState;
}

export interface FindState {
  failed: boolean;
  quit: boolean;
  /** What `-exec … +` still has to run. */
  finishers: ((context: UtilityContext) => Promise<void>)[];
}

const TYPE_LETTERS: Record<string, string> = {
  f: 'regular file',
  d: 'directory',
  l: 'symbolic link',
  p: 'fifo',
  s: 'socket',
  c: 'character special file',
};
const SIZE_UNITS: Record<string, number> = { c: 1, w: 2, b: 512, k: 1024, M: 1048576, G: 1073741824 };

/** Throws {@link FindSyntaxError}. */
export function parseFind(words: readonly string[], context: UtilityContext): FindPlan {
  const parser = new FindParser(words, context);
  const expression = parser.run();
  return {
    expression,
    minDepth: parser.minDepth,
    maxDepth: parser.maxDepth,
    depthFirst: parser.depthFirst,
    follow: parser.follow,
    state: parser.state,
  };
}

const print: Predicate = async (context, found) => {
  await context.stdout.line(found.path);
  return true;
};

class FindParser {
  minDepth = 0;
  maxDepth = Number.POSITIVE_INFINITY;
  depthFirst = false;
  follow = false;
  readonly state: FindState = { failed: false, quit: false, finishers: [] };
  readonly #words: readonly string[];
  #index = 0;
  #acts = false;
  #extended = false;
  #regexType = 'emacs';
  readonly #context: UtilityContext;

  constructor(words: readonly string[], context: UtilityContext) {
    this.#words = words;
    this.#context = context;
  }

  run(): Predicate {
    if (this.#words.length === 0) return print;
    const expression = this.#list();
    const rest = this.#words[this.#index];
    if (rest !== undefined)
      throw new FindSyntaxError(
        rest === ')'
          ? "invalid expression; you have used ')' without '('"
          : `paths must precede expression: \`${rest}'`,
      );
    if (this.#acts) return expression;
    return async (context, found) => (await expression(context, found)) && (await print(context, found));
  }

  #accept(...words: string[]): boolean {
    if (!words.includes(this.#words[this.#index] ?? '')) return false;
    this.#index += 1;
    return true;
  }

  /** `a , b`: both are done, the second counts. */
  #list(): Predicate {
    let left = this.#or();
    while (this.#accept(',')) {
      const [a, b] = [left, this.#or()];
      left = async (context, found) => {
        await a(context, found);
        return await b(context, found);
      };
    }
    return left;
  }

  #or(): Predicate {
    let left = this.#and();
    while (this.#accept('-o', '-or')) {
      const [a, b] = [left, this.#and()];
      left = async (context, found) => (await a(context, found)) || (await b(context, found));
    }
    return left;
  }

  #and(): Predicate {
    let left = this.#not();
    for (;;) {
      const word = this.#words[this.#index];
      if (word === undefined || [')', ',', '-o', '-or'].includes(word)) return left;
      this.#accept('-a', '-and');
      const [a, b] = [left, this.#not()];
      left = async (context, found) => (await a(context, found)) && (await b(context, found));
    }
  }

  #not(): Predicate {
    if (this.#accept('!', '-not')) {
      const inner = this.#not();
      return async (context, found) => !(await inner(context, found));
    }
    if (this.#accept('(')) {
      const inner = this.#list();
      if (!this.#accept(')'))
        throw new FindSyntaxError("invalid expression; I was expecting to find a ')' somewhere but did not see one.");
      return inner;
    }
    return this.#primary();
  }

  #value(name: string): string {
    const value = this.#words[this.#index];
    if (value === undefined) throw new FindSyntaxError(`missing argument to \`${name}'`);
    this.#index += 1;
    return value;
  }

  #primary(): Predicate {
    const name = this.#words[this.#index] ?? '';
    this.#index += 1;
    if (!name.startsWith('-')) throw new FindSyntaxError(`paths must precede expression: \`${name}'`);
    return this.#test(name) ?? this.#action(name) ?? this.#unknown(name);
  }

  #unknown(name: string): never {
    throw new FindSyntaxError(`unknown predicate \`${name}'`);
  }

  #test(name: string): Predicate | undefined {
    switch (name) {
      case '-name':
      case '-iname': {
        const pattern = patternToRegExp(this.#value(name), { ignoreCase: name === '-iname' });
        return (_, found) => pattern.test(found.name);
      }
      case '-path':
      case '-wholename':
      case '-ipath': {
        const pattern = patternToRegExp(this.#value(name), { ignoreCase: name === '-ipath' });
        return (_, found) => pattern.test(found.path);
      }
      case '-lname':
      case '-ilname': {
        const pattern = patternToRegExp(this.#value(name), { ignoreCase: name === '-ilname' });
        return (context, { path, stat }) =>
          fileType(stat.mode) === 'symbolic link' && pattern.test(context.sys.call('readlink', context.resolve(path)));
      }
      case '-regextype':
        this.#regexType = this.#value(name);
        this.#extended = /^(posix-extended|posix-egrep|egrep|awk|gnu-awk|posix-awk)$/.test(this.#regexType);
        return () => true;
      case '-regex':
      case '-iregex':
        return this.#regex(name);
      case '-xtype':
      case '-type': {
        const value = this.#value(name);
        const types = value.split(',').map((letter) => TYPE_LETTERS[letter]);
        if (types.includes(undefined)) throw new FindSyntaxError(`Unknown argument to -type: ${value}`);
        return (context, found) => {
          const followed = name === '-xtype' ? context.sys.call('statOrNull', context.resolve(found.path), true) : null;
          return types.includes(fileType((followed ?? found.stat).mode));
        };
      }
      case '-maxdepth':
        this.maxDepth = this.#depth(name);
        return () => true;
      case '-mindepth':
        this.minDepth = this.#depth(name);
        return () => true;
      case '-d':
      case '-depth':
        this.depthFirst = true;
        return () => true;
      case '-follow':
        this.follow = true;
        return () => true;
      case '-true':
        return () => true;
      case '-false':
        return () => false;
      case '-xdev':
      case '-mount':
      case '-noleaf':
      case '-daystart':
      case '-warn':
      case '-nowarn':
      case '-ignore_readdir_race':
        return () => true;
      case '-empty':
        return (context, found) =>
          fileType(found.stat.mode) === 'directory'
            ? context.sys.call('readdir', context.resolve(found.path)).names.length === 0
            : fileType(found.stat.mode) === 'regular file' && found.stat.size === 0;
      case '-size':
        return this.#size(name);
      case '-newer':
        return this.#newer('m', 'm', name);
      case '-anewer':
      case '-cnewer':
        return this.#newer(name[1] ?? 'm', 'm', name);
      case '-mtime':
      case '-mmin':
      case '-atime':
      case '-amin':
      case '-ctime':
      case '-cmin':
        return this.#age(name);
      case '-links':
        return this.#number(name, (found) => found.stat.nlink);
      case '-inum':
        return this.#number(name, (found) => found.stat.ino);
      case '-uid':
        return this.#number(name, (found) => found.stat.uid);
      case '-gid':
        return this.#number(name, (found) => found.stat.gid);
      case '-user':
      case '-group': {
        const wanted = this.#value(name);
        const id = name === '-user' ? 'uid' : 'gid';
        return ({ env }, { stat }) => wanted === String(stat[id]) || wanted === userName(env, stat[id]);
      }
      case '-nouser':
      case '-nogroup':
        return () => false;
      case '-samefile': {
        const { ino, dev } = this.#reference(this.#value(name));
        return (_, { stat }) => stat.ino === ino && stat.dev === dev;
      }
      case '-perm':
        return this.#permissions(name);
      case '-executable':
        return (_, found) => (found.stat.mode & 0o111) !== 0;
      case '-readable':
      case '-writable':
        return () => true;
      default: {
        const times = /^-newer([aBcm])([aBcmt])$/.exec(name);
        return times ? this.#newer(times[1] ?? 'm', times[2] ?? 'm', name) : undefined;
      }
    }
  }

  #depth(name: string): number {
    const value = this.#value(name);
    if (!/^\d+$/.test(value))
      throw new FindSyntaxError(`Expected a positive decimal integer argument to ${name}, but got ‘${value}’`);
    return Number(value);
  }

  #reference(path: string): Stat {
    const stat = this.#context.sys.call('statOrNull', this.#context.resolve(path), true);
    if (!stat) throw new FindSyntaxError(`‘${path}’: No such file or directory`);
    return stat;
  }

  /** -newerXY: the time X of a file is later than the time Y of another, or than the date that `t` gives. */
  #newer(own: string, other: string, name: string): Predicate {
    const value = this.#value(name);
    const at =
      other === 't'
        ? parseDate(value, Date.now(), zoneOf(this.#context.env.get('TZ')))
        : timeOf(this.#reference(value), other);
    if (at === undefined)
      throw new FindSyntaxError(`I cannot figure out how to interpret ‘${value}’ as a date or time`);
    return (_, { stat }) => timeOf(stat, own) > at;
  }

  #number(name: string, measure: (found: Found) => number): Predicate {
    const value = this.#value(name);
    const match = /^([-+]?)(\d+)$/.exec(value);
    if (!match) throw new FindSyntaxError(`invalid argument \`${value}' to \`${name}'`);
    return (_, found) => compareSigned(measure(found), match[1] ?? '', Number(match[2]));
  }

  #regex(name: string): Predicate {
    const source = this.#value(name);
    // Emacs' syntax has + and ? of the extended, groups and alternatives of the basic one.
    const basic = this.#regexType === 'emacs' ? source.replace(/\\[\s\S]|\[\^?\]?[^\]]*\]|[+?]/g, swapRepeat) : source;
    const pattern = posixToRegExp(this.#extended ? source : basic, this.#extended);
    const expression = new RegExp(`^(?:${pattern})$`, name === '-iregex' ? 'isu' : 'su');
    return (_, found) => expression.test(found.path);
  }

  #size(name: string): Predicate {
    const value = this.#value(name);
    const match = /^([-+]?)(\d+)([cwbkMG]?)$/.exec(value);
    if (!match) throw new FindSyntaxError(`Invalid argument \`${value}' to -size`);
    const unit = SIZE_UNITS[match[3] || 'b'] ?? 512;
    return (_, found) => compareSigned(Math.ceil(found.stat.size / unit), match[1] ?? '', Number(match[2]));
  }

  #age(name: string): Predicate {
    const value = this.#value(name);
    const match = /^([-+]?)(\d+(?:\.\d+)?)$/.exec(value);
    if (!match) throw new FindSyntaxError(`invalid argument \`${value}' to \`${name}'`);
    const unit = name.endsWith('time') ? 86_400_000 : 60_000;
    return (_, { stat }) => {
      const age = (Date.now() - timeOf(stat, name[1] ?? 'm')) / unit;
      return compareSigned(name.endsWith('time') ? Math.floor(age) : Math.ceil(age), match[1] ?? '', Number(match[2]));
    };
  }

  #permissions(name: string): Predicate {
    const value = this.#value(name);
    const match = /^([-/]?)(.+)$/.exec(value);
    const mode = changeMode(0, match?.[2] ?? '', false);
    if (!match || mode === undefined) throw new FindSyntaxError(`invalid mode ‘${value}’`);
    return (_, { stat }) =>
      match[1] === '-'
        ? (stat.mode & mode) === mode
        : match[1] === '/'
          ? mode === 0 || (stat.mode & mode) !== 0
          : (stat.mode & 0o7777) === mode;
  }

  #action(name: string): Predicate | undefined {
    switch (name) {
      case '-print':
        this.#acts = true;
        return print;
      case '-print0':
        this.#acts = true;
        return async (context, found) => {
          await context.stdout.write(`${found.path}\0`);
          return true;
        };
      case '-printf': {
        this.#acts = true;
        const format = this.#value(name);
        return async (context, found) => {
          await context.stdout.write(formatFound(context, found, format));
          return true;
        };
      }
      case '-ls':
        this.#acts = true;
        return async (context, found) => {
          await context.stdout.line(listFound(context, found));
          return true;
        };
      case '-fprint':
      case '-fprint0':
        return this.#printToFile(name);
      case '-prune':
        return (_, found) => {
          found.pruned = true;
          return true;
        };
      case '-quit':
        this.#acts = true;
        return () => {
          this.state.quit = true;
          return true;
        };
      case '-delete':
        this.#acts = true;
        this.depthFirst = true;
        return (context, found) => this.#delete(context, found);
      case '-exec':
      case '-ok':
      case '-okdir':
      case '-execdir':
        this.#acts = true;
        return this.#exec(name);
      default:
        return undefined;
    }
  }

  async #delete(context: UtilityContext, found: Found): Promise<boolean> {
    if (found.path === '.') return true;
    try {
      context.sys.call(fileType(found.stat.mode) === 'directory' ? 'rmdir' : 'unlink', context.resolve(found.path));
      return true;
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
      this.state.failed = true;
      await context.complain(`cannot delete ‘${found.path}’: ${describeError(error)}`);
      return false;
    }
  }

  #exec(name: string): Predicate {
    const words: string[] = [];
    for (;;) {
      const word = this.#words[this.#index];
      if (word === undefined) throw new FindSyntaxError(`missing argument to \`${name}'`);
      this.#index += 1;
      if (word === ';') {
        const inFolder = name.endsWith('dir');
        return (context, found) => {
          const path = inFolder ? `./${found.name}` : found.path;
          const argv = words.map((part) => part.replaceAll('{}', path));
          return this.#execOne(context, argv, inFolder ? folderOf(context, found) : undefined);
        };
      }
      if (word === '+' && words.at(-1) === '{}') return this.#execMany(words.slice(0, -1), name.endsWith('dir'));
      words.push(word);
    }
  }

  async #execOne(context: UtilityContext, argv: readonly string[], cwd?: string): Promise<boolean> {
    const status = await context.run(argv, cwd === undefined ? {} : { cwd });
    if (status === 127) await context.complain(`‘${argv[0]}’: No such file or directory`);
    return status === 0;
  }

  #execMany(words: readonly string[], inFolder: boolean): Predicate {
    /** By the folder they are run in. */
    const paths = new Map<string | undefined, string[]>();
    this.state.finishers.push(async (context) => {
      for (const [cwd, some] of paths)
        if (!(await this.#execOne(context, [...words, ...some], cwd))) this.state.failed = true;
    });
    return (context, found) => {
      const cwd = inFolder ? folderOf(context, found) : undefined;
      const some = paths.get(cwd) ?? [];
      some.push(inFolder ? `./${found.name}` : found.path);
      paths.set(cwd, some);
      return true;
    };
  }

  #printToFile(name: string): Predicate {
    this.#acts = true;
    const file = this.#value(name);
    let text = '';
    this.state.finishers.push(async (context) => await writeFile(context, file, text));
    return (_, found) => {
      text += found.path + (name === '-fprint' ? '\n' : '\0');
      return true;
    };
  }
}

const swapRepeat = (part: string) =>
  part === '+' || part === '?' ? `\\${part}` : /^\\[+?]$/.test(part) ? part.slice(1) : part;

const folderOf = (context: UtilityContext, { path, name }: Found) =>
  context.resolve(path === name || baseName(path) !== name ? '.' : directoryName(path));

function timeOf(stat: Stat, letter: string): number {
  if (letter === 'a') return stat.atimeMs;
  return letter === 'c' ? stat.ctimeMs : letter === 'B' ? stat.birthtimeMs : stat.mtimeMs;
}

function compareSigned(value: number, sign: string, wanted: number): boolean {
  if (sign === '+') return value > wanted;
  return sign === '-' ? value < wanted : value === wanted;
}
