import { S_IFDIR, S_IFMT } from '../../kernel/file-modes.ts';
import { describeError, errorCode } from '../errors.ts';
import { escapeRegExp, patternToRegExp } from '../expansion/pattern.ts';
import { baseName, joinPath } from '../paths.ts';
import type { Reader } from '../streams.ts';
import type { Utility, UtilityContext } from '../utility.ts';
import { openInput } from './inputs.ts';
import { lastValue, type Options, parseOptions } from './options.ts';
import { posixToRegExp } from './posix-regexp.ts';

const LONG = {
  recursive: 'r',
  'line-number': 'n',
  'ignore-case': 'i',
  'invert-match': 'v',
  'extended-regexp': 'E',
  'fixed-strings': 'F',
  'perl-regexp': 'P',
  'basic-regexp': 'G',
  'files-with-matches': 'l',
  'files-without-match': 'L',
  count: 'c',
  'only-matching': 'o',
  'word-regexp': 'w',
  'line-regexp': 'x',
  quiet: 'q',
  silent: 'q',
  'no-messages': 's',
  'with-filename': 'H',
  'no-filename': 'h',
  'regexp=': 'e',
  'file=': 'f',
  'after-context=': 'A',
  'before-context=': 'B',
  'context=': 'C',
  'max-count=': 'm',
  'include=': 'include',
  'exclude=': 'exclude',
  'exclude-dir=': 'exclude-dir',
  'color=': 'color',
  color: 'color',
  colour: 'color',
  text: 'a',
  null: 'Z',
};

export const grep: Utility = async (context) => {
  const options = parseOptions(
    context.args.map((arg) => (/^-\d+$/.test(arg) ? `-C${arg.slice(1)}` : arg)),
    {
      short: 'rRnivEFGPlLcowxqsHhe:f:A:B:C:m:aIZzb',
      long: LONG,
    },
  );
  if (options.problem) {
    await context.complain(
      `${options.problem}\nUsage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.`,
    );
    return 2;
  }
  const patterns = [...(options.values.get('e') ?? [])];
  for (const file of options.values.get('f') ?? []) {
    const text = new TextDecoder().decode(context.sys.call('readFile', context.resolve(file)));
    patterns.push(...text.replace(/\n$/, '').split('\n'));
  }
  if (patterns.length === 0) {
    const first = options.operands.shift();
    if (first === undefined) {
      await context.stderr.write(
        "Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n",
      );
      return 2;
    }
    patterns.push(first);
  }
  let expression: RegExp;
  try {
    expression = compile(
      context,
      options,
      patterns.flatMap((pattern) => pattern.split('\n')),
    );
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    await context.complain(error.message);
    return 2;
  }
  return await new Searcher(context, options, expression).run();
};

function compile(context: UtilityContext, options: Options, patterns: readonly string[]): RegExp {
  const extended = options.flags.has('E') || context.name === 'egrep';
  const sources = patterns.map((pattern) => {
    if (options.flags.has('F') || context.name === 'fgrep') return escapeRegExp(pattern);
    return options.flags.has('P') ? pattern : posixToRegExp(pattern, extended);
  });
  let source = sources.map((part) => `(?:${part})`).join('|');
  if (options.flags.has('w')) source = `(?<![\\w])(?:${source})(?![\\w])`;
  if (options.flags.has('x')) source = `^(?:${source})$`;
  return new RegExp(source, options.flags.has('i') ? 'giu' : 'gu');
}

class Searcher {
  readonly #context: UtilityContext;
  readonly #flags: ReadonlySet<string>;
  readonly #options: Options;
  readonly #expression: RegExp;
  readonly #recursive: boolean;
  readonly #named: boolean;
  readonly #after: number;
  readonly #before: number;
  readonly #limit: number;
  #matched = false;
  #failed = false;
  #printedGroup = false;

  constructor(context: UtilityContext, options: Options, expression: RegExp) {
    this.#context = context;
    this.#options = options;
    this.#flags = options.flags;
    this.#expression = expression;
    this.#recursive = options.flags.has('r') || options.flags.has('R');
    this.#named =
      options.flags.has('H') || (!options.flags.has('h') && (options.operands.length > 1 || this.#recursive));
    const around = Number(lastValue(options, 'C') ?? '0');
    this.#after = Number(lastValue(options, 'A') ?? around);
    this.#before = Number(lastValue(options, 'B') ?? around);
    this.#limit = Number(lastValue(options, 'm') ?? 'Infinity');
  }

  async run(): Promise<number> {
    const names = this.#options.operands.length > 0 ? this.#options.operands : [this.#recursive ? '.' : '-'];
    for (const name of names) {
      await this.#searchPath(name, this.#options.operands.length > 0);
      if (this.#flags.has('q') && this.#matched) return 0;
    }
    if (this.#failed) return 2;
    return this.#matched ? 0 : 1;
  }

  async #searchPath(name: string, given: boolean): Promise<void> {
    try {
      if (name !== '-' && this.#isFolder(name)) {
        if (this.#recursive) await this.#searchFolder(name, given);
        else await this.#context.complain(`${name}: Is a directory`);
        return;
      }
      const input = openInput(this.#context, name);
      try {
        await this.#search(input.reader, name === '-' ? '(standard input)' : name);
      } finally {
        input.close();
      }
    } catch (error) {
      const code = errorCode(error);
      if (code === undefined || code === 'EPIPE') throw error;
      this.#failed = true;
      if (!this.#flags.has('s')) await this.#context.complain(`${name}: ${describeError(error)}`);
    }
  }

  #isFolder(name: string): boolean {
    return (this.#context.sys.call('stat', this.#context.resolve(name), true).mode & S_IFMT) === S_IFDIR;
  }

  async #searchFolder(folder: string, given: boolean): Promise<void> {
    const { names, types } = this.#context.sys.call('readdir', this.#context.resolve(folder));
    for (const [index, name] of names.entries()) {
      const type = types[index];
      if (type === 3 && !this.#flags.has('R')) continue;
      if (!this.#selects(name, type === 2)) continue;
      await this.#searchPath(folder === '.' && !given ? name : joinPath(folder, name), given);
      if (this.#flags.has('q') && this.#matched) return;
    }
  }

  #selects(name: string, folder: boolean): boolean {
    const any = (option: string) =>
      this.#options.values.get(option)?.some((pattern) => patternToRegExp(pattern).test(baseName(name)));
    if (folder) return !any('exclude-dir');
    if (this.#options.values.has('include') && !any('include')) return false;
    return !any('exclude');
  }

  async #search(reader: Reader, name: string): Promise<void> {
    const has = (flag: string) => this.#flags.has(flag);
    let count = 0;
    let number = 0;
    let binary = false;
    let printedTo = 0;
    const held: string[] = [];
    let trailing = 0;
    for await (const line of reader.lines()) {
      number += 1;
      binary ||= line.includes('\0') && !has('a');
      this.#expression.lastIndex = 0;
      const hit = this.#expression.test(line) !== has('v');
      if (hit) {
        count += 1;
        this.#matched = true;
        if (has('q')) return;
        if (has('l') || has('L')) break;
        if (binary && !has('c')) {
          await this.#context.stdout.line(`${this.#context.name}: ${name}: binary file matches`);
          return;
        }
        if (!has('c')) {
          const first = number - held.length;
          await this.#separate(printedTo > 0 ? first > printedTo + 1 : this.#printedGroup);
          for (const [index, text] of held.entries()) await this.#show(name, first + index, text, '-');
          await this.#showMatch(name, number, line);
          printedTo = number;
          this.#printedGroup = true;
        }
        held.length = 0;
        trailing = this.#after;
        if (count >= this.#limit) break;
      } else if (trailing > 0 && !has('c')) {
        trailing -= 1;
        await this.#show(name, number, line, '-');
        printedTo = number;
      } else if (this.#before > 0) {
        held.push(line);
        if (held.length > this.#before) held.shift();
      }
    }
    if (has('c')) await this.#context.stdout.line(`${this.#named ? `${name}:` : ''}${count}`);
    if ((has('l') && count > 0) || (has('L') && count === 0)) await this.#context.stdout.line(name);
  }

  async #separate(apart: boolean): Promise<void> {
    if (apart && (this.#after > 0 || this.#before > 0)) await this.#context.stdout.line('--');
  }

  async #showMatch(name: string, number: number, line: string): Promise<void> {
    if (!this.#flags.has('o')) return await this.#show(name, number, line, ':');
    if (this.#flags.has('v')) return;
    for (const match of line.matchAll(this.#expression))
      if (match[0] !== '') await this.#show(name, number, match[0], ':');
  }

  async #show(name: string, number: number, text: string, mark: string): Promise<void> {
    if (mark === '-' && this.#flags.has('o')) return;
    await this.#context.stdout.line(
      `${this.#named ? name + mark : ''}${this.#flags.has('n') ? number + mark : ''}${text}`,
    );
  }
}
