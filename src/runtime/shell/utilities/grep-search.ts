/** The search of grep: through files and folders, and what it prints of them. */
import { S_IFDIR, S_IFMT } from '../../kernel/file-modes.ts';
import { describeError, errorCode } from '../errors.ts';
import { patternToRegExp } from '../expansion/pattern.ts';
import { baseName, joinPath } from '../paths.ts';
import type { Reader } from '../streams.ts';
import { giveTurn } from '../turns.ts';
import type { UtilityContext } from '../utility.ts';
import { openInput } from './inputs.ts';
import { lastValue, type Options } from './options.ts';
import { placeOnTrail, type Trail } from './trail.ts';

/** The colours of GREP_COLORS as GNU grep has them. */
const COLOURS = { match: '01;31', file: '35', number: '32', separator: '36' };

interface Line {
  name: string;
  /** From 1. */
  number: number;
  /** Bytes of the input before it. */
  offset: number;
  text: string;
}

export class GrepSearch {
  readonly #context: UtilityContext;
  readonly #flags: ReadonlySet<string>;
  readonly #options: Options;
  readonly #expression: RegExp;
  readonly #recursive: boolean;
  readonly #named: boolean;
  readonly #after: number;
  readonly #before: number;
  readonly #limit: number;
  readonly #coloured: boolean;
  readonly #excluded: readonly string[];
  #matched = false;
  #failed = false;
  #printedGroup = false;

  constructor(context: UtilityContext, options: Options, expression: RegExp) {
    this.#context = context;
    this.#options = options;
    this.#flags = options.flags;
    this.#expression = expression;
    const last = (name: string) => lastValue(options, name);
    this.#recursive = options.flags.has('r') || options.flags.has('R') || last('d') === 'recurse';
    this.#named =
      options.flags.has('H') || (!options.flags.has('h') && (options.operands.length > 1 || this.#recursive));
    const around = Number(last('C') ?? '0');
    this.#after = Number(last('A') ?? around);
    this.#before = Number(last('B') ?? around);
    this.#limit = Number(last('m') ?? 'Infinity');
    this.#coloured = last('color') === 'always';
    this.#excluded = (options.values.get('exclude-from') ?? []).flatMap((file) =>
      new TextDecoder()
        .decode(context.sys.call('readFile', context.resolve(file)))
        .split('\n')
        .filter(Boolean),
    );
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

  async #searchPath(name: string, given: boolean, outer?: Trail): Promise<void> {
    try {
      const stat = name === '-' ? null : this.#context.sys.call('stat', this.#context.resolve(name), true);
      if (stat && (stat.mode & S_IFMT) === S_IFDIR) {
        if (!this.#recursive) await this.#refuseFolder(name);
        else if (placeOnTrail(outer, stat) === undefined) await this.#searchFolder({ path: name, stat, outer }, given);
        else if (!this.#flags.has('s')) await this.#context.complain(`${name}: warning: recursive directory loop`);
        return;
      }
      const input = await openInput(this.#context, name);
      try {
        await this.#search(
          input.reader,
          name === '-' ? (lastValue(this.#options, 'label') ?? '(standard input)') : name,
        );
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

  async #refuseFolder(name: string): Promise<void> {
    if (lastValue(this.#options, 'd') === 'skip') return;
    this.#failed = true;
    if (!this.#flags.has('s')) await this.#context.complain(`${name}: Is a directory`);
  }

  async #searchFolder(folder: Trail, given: boolean): Promise<void> {
    const { path } = folder;
    // Also because all folders around it would be on the stack, which has no room for the deepest.
    await giveTurn();
    const { names, types } = this.#context.sys.call('readdir', this.#context.resolve(path));
    for (const [index, name] of names.entries()) {
      const type = types[index];
      if (type === 3 && !this.#flags.has('R')) continue;
      // A FIFO may wait for ever, a device has no end.
      if (type !== undefined && type > 3 && lastValue(this.#options, 'D') !== 'read') continue;
      if (!this.#selects(name, type === 2)) continue;
      await this.#searchPath(path === '.' && !given ? name : joinPath(path, name), given, folder);
      if (this.#flags.has('q') && this.#matched) return;
    }
  }

  #selects(name: string, folder: boolean): boolean {
    const any = (patterns: readonly string[] | undefined) =>
      patterns?.some((pattern) => patternToRegExp(pattern.replace(/\/+$/, '')).test(baseName(name))) ?? false;
    const { values } = this.#options;
    if (folder) return !any(values.get('exclude-dir'));
    if (values.has('include') && !any(values.get('include'))) return false;
    return !any(values.get('exclude')) && !any(this.#excluded);
  }

  async *#linesOf(reader: Reader): AsyncGenerator<string> {
    if (!this.#flags.has('z')) return yield* reader.lines();
    const text = await reader.text();
    yield* text.replace(/\0$/, '').split('\0');
  }

  async #search(reader: Reader, name: string): Promise<void> {
    const has = (flag: string) => this.#flags.has(flag);
    const anyBytes = has('a') || has('z') || lastValue(this.#options, 'binary-files') === 'text';
    const noBinary = has('I') || lastValue(this.#options, 'binary-files') === 'without-match';
    let [count, number, offset, printedTo, trailing] = [0, 0, 0, 0, 0];
    let binary = false;
    const held: Line[] = [];
    for await (const text of this.#linesOf(reader)) {
      number += 1;
      const line: Line = { name, number, offset, text };
      if (has('b')) offset += new TextEncoder().encode(text).length + 1;
      binary ||= text.includes('\0') && !anyBytes;
      if (binary && noBinary) {
        if (has('c') && !has('omit-zero')) await this.#print(line, '0', ':', true);
        return;
      }
      this.#expression.lastIndex = 0;
      const hit = this.#expression.test(text) !== has('v');
      if (hit) {
        count += 1;
        this.#matched = true;
        if (has('q')) return;
        if (has('l') || has('L')) break;
        if (binary && !has('c')) return void (await this.#context.complain(`${name}: binary file matches`));
        if (!has('c')) {
          const first = number - held.length;
          await this.#separate(printedTo > 0 ? first > printedTo + 1 : this.#printedGroup);
          for (const earlier of held) await this.#show(earlier, '-');
          await this.#showMatch(line);
          printedTo = number;
          this.#printedGroup = true;
        }
        held.length = 0;
        trailing = this.#after;
        if (count >= this.#limit && (trailing === 0 || has('c'))) break;
      } else if (trailing > 0 && !has('c')) {
        trailing -= 1;
        await this.#show(line, '-');
        printedTo = number;
        if (count >= this.#limit && trailing === 0) break;
      } else if (this.#before > 0) {
        held.push(line);
        if (held.length > this.#before) held.shift();
      }
      if (count >= this.#limit && hit === false && trailing === 0) break;
    }
    await this.#summarise(name, count);
  }

  async #summarise(name: string, count: number): Promise<void> {
    const has = (flag: string) => this.#flags.has(flag);
    const { stdout } = this.#context;
    const shown = this.#colour(COLOURS.file, name);
    if ((has('l') && count > 0) || (has('L') && count === 0)) await stdout.write(`${shown}${has('Z') ? '\0' : '\n'}`);
    else if (has('c') && !has('l') && !has('L') && !has('q') && !(count === 0 && has('omit-zero'))) {
      const mark = has('Z') ? '\0' : this.#colour(COLOURS.separator, ':');
      await stdout.line(`${this.#named ? shown + mark : ''}${count}`);
    }
  }

  #colour(code: string, text: string): string {
    return this.#coloured ? `\x1b[${code}m\x1b[K${text}\x1b[m\x1b[K` : text;
  }

  async #separate(apart: boolean): Promise<void> {
    if (!apart || (this.#after === 0 && this.#before === 0) || this.#flags.has('no-group-separator')) return;
    await this.#context.stdout.line(
      this.#colour(COLOURS.separator, lastValue(this.#options, 'group-separator') ?? '--'),
    );
  }

  async #showMatch(line: Line): Promise<void> {
    if (!this.#flags.has('o')) return await this.#show(line, ':');
    if (this.#flags.has('v')) return;
    this.#expression.lastIndex = 0;
    for (const match of line.text.matchAll(this.#expression)) {
      if (match[0] === '') continue;
      const before = this.#flags.has('b') ? new TextEncoder().encode(line.text.slice(0, match.index)).length : 0;
      await this.#print({ ...line, offset: line.offset + before }, this.#colour(COLOURS.match, match[0]), ':');
    }
  }

  async #show(line: Line, mark: string): Promise<void> {
    if (mark === '-' && this.#flags.has('o')) return;
    this.#expression.lastIndex = 0;
    const marked = this.#coloured && (mark === ':') !== this.#flags.has('v');
    const text = marked
      ? line.text.replace(this.#expression, (match) => (match === '' ? '' : this.#colour(COLOURS.match, match)))
      : line.text;
    await this.#print(line, text, mark);
  }

  async #print(line: Line, text: string, mark: string, plain = false): Promise<void> {
    const has = (flag: string) => this.#flags.has(flag);
    const separator = this.#colour(COLOURS.separator, mark);
    const tab = has('T') ? '\t' : '';
    let prefix = '';
    if (this.#named) prefix += this.#colour(COLOURS.file, line.name) + (has('Z') ? '\0' : separator);
    if (has('n') && !plain) {
      const number = String(line.number).padStart(has('T') ? 2 : 0);
      prefix += this.#colour(COLOURS.number, number) + separator;
    }
    if (has('b') && !plain) prefix += this.#colour(COLOURS.number, String(line.offset)) + separator;
    await this.#context.stdout.write(`${prefix}${prefix === '' ? '' : tab}${text}${has('z') ? '\0' : '\n'}`);
  }
}
