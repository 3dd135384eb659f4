/** The expression of find: tests and actions, compiled to one function. */
import { describeError, errorCode } from '../errors.ts';
import { patternToRegExp } from '../expansion/pattern.ts';
import type { UtilityContext } from '../utility.ts';
import type { Found } from './find.ts';
import { fileType } from './format.ts';

export class FindSyntaxError extends Error {
  override name = 'FindSyntaxError';
}

type Predicate = (context: UtilityContext, found: Found) => boolean | Promise<boolean>;

export interface FindPlan {
  expression: Predicate;
  minDepth: number;
  maxDepth: number;
  depthFirst: boolean;
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
export function parseFind(words: readonly string[]): FindPlan {
  const parser = new FindParser(words);
  const expression = parser.run();
  return {
    expression,
    minDepth: parser.minDepth,
    maxDepth: parser.maxDepth,
    depthFirst: parser.depthFirst,
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
  readonly state: FindState = { failed: false, quit: false, finishers: [] };
  readonly #words: readonly string[];
  #index = 0;
  #acts = false;

  constructor(words: readonly string[]) {
    this.#words = words;
  }

  run(): Predicate {
    if (this.#words.length === 0) return print;
    const expression = this.#or();
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
      if (word === undefined || word === ')' || word === '-o' || word === '-or') return left;
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
      const inner = this.#or();
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
      case '-regex': {
        const pattern = new RegExp(`^(?:${this.#value(name)})$`, 'u');
        return (_, found) => pattern.test(found.path);
      }
      case '-type': {
        const value = this.#value(name);
        const types = value.split(',').map((letter) => TYPE_LETTERS[letter]);
        if (types.includes(undefined)) throw new FindSyntaxError(`Unknown argument to -type: ${value}`);
        return (_, found) => types.includes(fileType(found.stat.mode));
      }
      case '-maxdepth':
        this.maxDepth = this.#depth(name);
        return () => true;
      case '-mindepth':
        this.minDepth = this.#depth(name);
        return () => true;
      case '-depth':
        this.depthFirst = true;
        return () => true;
      case '-true':
        return () => true;
      case '-false':
        return () => false;
      case '-xdev':
      case '-mount':
      case '-noleaf':
        return () => true;
      case '-empty':
        return (context, found) =>
          fileType(found.stat.mode) === 'directory'
            ? context.sys.call('readdir', context.resolve(found.path)).names.length === 0
            : fileType(found.stat.mode) === 'regular file' && found.stat.size === 0;
      case '-size':
        return this.#size(name);
      case '-newer': {
        const path = this.#value(name);
        return (context, found) => found.stat.mtimeMs > context.sys.call('stat', context.resolve(path), true).mtimeMs;
      }
      case '-newerct':
      case '-newermt': {
        const at = this.#moment(name);
        return (_, { stat }) => (name === '-newerct' ? stat.ctimeMs : stat.mtimeMs) > at;
      }
      case '-mtime':
      case '-mmin':
        return this.#age(name);
      case '-perm':
        return this.#permissions(name);
      case '-executable':
        return (_, found) => (found.stat.mode & 0o111) !== 0;
      default:
        return undefined;
    }
  }

  #depth(name: string): number {
    const value = this.#value(name);
    if (!/^\d+$/.test(value))
      throw new FindSyntaxError(`Expected a positive decimal integer argument to ${name}, but got ‘${value}’`);
    return Number(value);
  }

  /** Seconds since the epoch, as "@1700000000.5". */
  #moment(name: string): number {
    const value = this.#value(name);
    const seconds = /^@(\d+(?:\.\d+)?)$/.exec(value)?.[1];
    if (seconds === undefined)
      throw new FindSyntaxError(`I cannot figure out how to interpret ‘${value}’ as a date or time`);
    return Number(seconds) * 1000;
  }

  #size(name: string): Predicate {
    const value = this.#value(name);
    const match = /^([-+]?)(\d+)([cwbkMG]?)$/.exec(value);
    if (!match) throw new FindSyntaxError(`Invalid argument \`${value}' to -size`);
    const unit = SIZE_UNITS[match[3] || 'b'] ?? 512;
    return (_, found) => compareSigned(Math.ceil(found.stat.size / unit), match[1] ?? '', Number(match[2]));
  }

  #age(name: string): Predicate {
    const match = /^([-+]?)(\d+)$/.exec(this.#value(name));
    const unit = name === '-mtime' ? 86_400_000 : 60_000;
    return (_, found) =>
      compareSigned(Math.floor((Date.now() - found.stat.mtimeMs) / unit), match?.[1] ?? '', Number(match?.[2] ?? '0'));
  }

  #permissions(name: string): Predicate {
    const match = /^([-/]?)([0-7]+)$/.exec(this.#value(name));
    if (!match) throw new FindSyntaxError('-perm: only octal modes are supported in this sandbox');
    const mode = Number.parseInt(match[2] ?? '0', 8);
    return (_, { stat }) =>
      match[1] === '-'
        ? (stat.mode & mode) === mode
        : match[1] === '/'
          ? (stat.mode & mode) !== 0
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
      if (word === ';')
        return (context, found) =>
          this.#execOne(
            context,
            words.map((part) => part.replaceAll('{}', found.path)),
          );
      if (word === '+' && words.at(-1) === '{}') return this.#execMany(words.slice(0, -1));
      words.push(word);
    }
  }

  async #execOne(context: UtilityContext, argv: readonly string[]): Promise<boolean> {
    const status = await context.run(argv);
    if (status === 127) await context.complain(`‘${argv[0]}’: No such file or directory`);
    return status === 0;
  }

  #execMany(words: readonly string[]): Predicate {
    const paths: string[] = [];
    this.state.finishers.push(async (context) => {
      if (paths.length > 0 && !(await this.#execOne(context, [...words, ...paths]))) this.state.failed = true;
    });
    return (_, found) => {
      paths.push(found.path);
      return true;
    };
  }
}

function compareSigned(value: number, sign: string, wanted: number): boolean {
  if (sign === '+') return value > wanted;
  return sign === '-' ? value < wanted : value === wanted;
}
