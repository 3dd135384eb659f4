/** One run of `rg`: what is searched, and which of its forms the answer has. */
import { S_IFIFO, S_IFMT, S_IFREG, S_IFSOCK } from '../../kernel/file-modes.ts';
import { readWhole } from '../utilities/inputs.ts';
import { lastValue, type Options } from '../utilities/options.ts';
import type { UtilityContext } from '../utility.ts';
import { type Search, searchText } from './hits.ts';
import { JsonLines } from './json-lines.ts';
import { Printer } from './printer.ts';
import { type FoundFile, type TypeGlobs, Walk } from './walk.ts';

interface Setting {
  search: Search;
  types: TypeGlobs;
  /** How often `-u` was given. */
  unrestricted: number;
}

const STDIN = '<stdin>';
const UNITS: Readonly<Record<string, number>> = { '': 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 };

export class RipgrepRun {
  readonly #context: UtilityContext;
  readonly #options: Options;
  readonly #search: Search;
  readonly #walk: Walk;
  readonly #anyBytes: boolean;
  readonly #around: { before: number; after: number };
  readonly #json: JsonLines | undefined;
  #printer: Printer | undefined;
  #named = false;
  #matched = false;

  constructor(context: UtilityContext, options: Options, { search, types, unrestricted }: Setting) {
    this.#context = context;
    this.#options = options;
    this.#search = search;
    this.#walk = new Walk(context, options, { types, unrestricted });
    this.#anyBytes = options.flags.has('a') || unrestricted > 2;
    const around = this.#has('passthru') ? Infinity : Number(lastValue(options, 'C') ?? '0');
    this.#around = {
      before: Number(lastValue(options, 'B') ?? around),
      after: Number(lastValue(options, 'A') ?? around),
    };
    if (this.#has('json')) this.#json = new JsonLines(context.stdout, this.#around);
  }

  async run(operands: readonly string[]): Promise<number> {
    const { stdout } = this.#context;
    const files = this.#has('files');
    const searchesInput = operands.length === 0 ? !files && this.#inputIsGiven() : operands.includes('-');
    const onlyInput = searchesInput && operands.length < 2;
    const only = operands.length === 1 && operands[0] !== undefined && !this.#isFolder(operands[0]);
    const unnamed = this.#has('I') || ((onlyInput || only) && !this.#has('H') && !this.#has('vimgrep'));
    this.#named = !unnamed;
    this.#printer = new Printer(stdout, this.#printSettings(onlyInput));
    if (searchesInput) await this.#searchFile({ path: '-', given: true, size: 0 });
    const named = operands.filter((operand) => operand !== '-');
    if (!searchesInput || named.length > 0) {
      for await (const file of this.#walk.files(named)) {
        if (files) {
          this.#matched = true;
          if (!this.#has('q')) await stdout.write(this.#printer.path(file.path) + this.#end);
        } else await this.#searchFile(file);
        if (this.#has('q') && this.#matched) return 0;
      }
    }
    await this.#json?.end();
    if (this.#walk.failed) return 2;
    return this.#matched ? 0 : 1;
  }

  #has(flag: string): boolean {
    return this.#options.flags.has(flag);
  }

  get #end(): string {
    return this.#has('0') ? '\0' : '\n';
  }

  #isFolder(path: string): boolean {
    const stat = this.#context.sys.call('statOrNull', this.#context.resolve(path), true);
    return stat !== null && (stat.mode & S_IFMT) !== S_IFREG && (stat.mode & S_IFMT) !== S_IFIFO;
  }

  /** Where no path is given, an input that something was led to is searched. */
  #inputIsGiven(): boolean {
    const { descriptor } = this.#context.stdin;
    if (!descriptor) return false;
    const kind = this.#context.sys.call('fstat', descriptor.fd).mode & S_IFMT;
    // The page gives each program that it starts a pipe that stays open, and seldom writes to it: a search there would never end.
    const ofPage = this.#context.ppid === 1 && descriptor.fd === 0 && kind === S_IFIFO;
    return !ofPage && (kind === S_IFREG || kind === S_IFIFO || kind === S_IFSOCK);
  }

  #printSettings(onlyInput: boolean) {
    const has = (flag: string) => this.#has(flag);
    const last = (name: string) => lastValue(this.#options, name);
    const { descriptor } = this.#context.stdout;
    const terminal = descriptor?.kind === 'tty';
    const pretty = has('p') || terminal;
    const colour = last('color') ?? last('colour') ?? 'auto';
    const column = (has('column') || has('vimgrep')) && !has('no-column');
    const numbered = has('n') || has('p') || column || (terminal && !onlyInput);
    return {
      heading: (has('heading') || pretty) && !has('no-heading') && !has('vimgrep'),
      named: this.#named,
      numbered: numbered && !has('N'),
      column,
      offset: has('b'),
      onlyMatching: has('o'),
      eachMatch: has('vimgrep'),
      coloured: colour === 'always' || colour === 'ansi' || (colour === 'auto' && pretty && this.#showsColours()),
      trim: has('trim'),
      nul: has('0'),
      replacement: last('r'),
      ...this.#around,
      separator: has('no-context-separator') ? undefined : (last('context-separator') ?? '--'),
      mostColumns: Number(last('M') ?? '0') || Infinity,
      preview: has('preview'),
    };
  }

  #showsColours(): boolean {
    const { env } = this.#context;
    return (env.get('TERM') ?? 'dumb') !== 'dumb' && !env.has('NO_COLOR');
  }

  async #searchFile(file: FoundFile): Promise<void> {
    const largest = this.#largest();
    if (largest !== undefined && file.size > largest) return;
    const bytes = file.path === '-' ? await this.#context.stdin.bytes() : await readWhole(this.#context, file.path);
    const name = file.path === '-' ? STDIN : file.path;
    const text = decode(bytes);
    const nul = this.#anyBytes || (bytes[0] === 0xff && bytes[1] === 0xfe) ? -1 : bytes.indexOf(0);
    // A file that was not named is left at the first NUL.
    if (nul !== -1 && !file.given) return;
    const summary = this.#summaryKind();
    const search = summary === 'files' || summary === 'without' ? { ...this.#search, limit: 1 } : this.#search;
    const searched = searchText(text, search);
    const hits = searched?.hits ?? [];
    if (summary === 'without' ? hits.length === 0 : hits.length > 0) this.#matched = true;
    if (this.#has('q')) return;
    if (this.#json) return await this.#json.file(name, searched, bytes.length);
    if (summary)
      return await this.#summarise(summary, {
        name,
        count: hits.length,
        matches: hits.flatMap(({ matches }) => matches).length,
      });
    if (!searched || (hits.length === 0 && !this.#has('passthru'))) return;
    if (nul !== -1) {
      const prefix = this.#named ? `${name}: ` : '';
      await this.#context.stdout.line(`${prefix}binary file matches (found "\\0" byte around offset ${nul})`);
    } else await this.#printer?.file(name, searched);
  }

  #largest(): number | undefined {
    const [, number, unit = ''] = /^(\d+)([KMG]?)$/.exec(lastValue(this.#options, 'max-filesize') ?? '') ?? [];
    return number === undefined ? undefined : Number(number) * (UNITS[unit] ?? 1);
  }

  #summaryKind(): 'files' | 'without' | 'count' | 'matches' | undefined {
    if (this.#has('l')) return 'files';
    if (this.#has('files-without-match')) return 'without';
    if (this.#has('count-matches') || (this.#has('c') && this.#has('o'))) return 'matches';
    return this.#has('c') ? 'count' : undefined;
  }

  async #summarise(
    kind: 'files' | 'without' | 'count' | 'matches',
    { name, count, matches }: { name: string; count: number; matches: number },
  ): Promise<void> {
    const { stdout } = this.#context;
    const path = this.#printer?.path(name) ?? name;
    if (kind === 'files' || kind === 'without') {
      if (count > 0 === (kind === 'files')) await stdout.write(path + this.#end);
      return;
    }
    if (count === 0 && !this.#has('include-zero')) return;
    const prefix = this.#named ? path + (this.#has('0') ? '\0' : ':') : '';
    await stdout.line(`${prefix}${kind === 'matches' && !this.#search.inverted ? matches : count}`);
  }
}

/** Of UTF-16 with its mark, else of UTF-8. */
function decode(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return new TextDecoder().decode(bytes);
}
