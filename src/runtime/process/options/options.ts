/** Node's command line: options, their defaults and aliases come from the table that the build step read. */
import type { OptionFacts } from '../context.ts';
import { materialize } from '../engine/description.ts';
import { checkOptions } from './option-checks.ts';

export type OptionValue = boolean | number | string | string[] | undefined;

export interface OptionTable {
  defaults: Record<string, OptionValue>;
  kinds: Map<string, OptionKind>;
  aliases: Map<string, string[]>;
  allowedInEnvironment: Set<string>;
}

/** As internalBinding('options').types. */
export const OptionKind = {
  noOp: 0,
  v8: 1,
  boolean: 2,
  integer: 3,
  unsigned: 4,
  string: 5,
  hostPort: 6,
  stringList: 7,
} as const;
export type OptionKind = (typeof OptionKind)[keyof typeof OptionKind];

export interface CommandLine {
  /** By name; booleans under their `--no-` name as well, as Node keeps them. */
  values: Record<string, OptionValue>;
  /** argv without node's own options: argv[0], the script and its arguments. */
  argv: string[];
  /** The options as they were given. */
  execArgv: string[];
  /** What is wrong, as Node prints it after the program's name. */
  errors: string[];
}

/** Reads the table out of `facts.options`. */
export function readOptionTable({ values, kinds, aliases, allowedInEnvironment }: OptionFacts): OptionTable {
  return {
    defaults: materialize(values) as Record<string, OptionValue>,
    kinds: new Map(kinds as [string, OptionKind][]),
    aliases: new Map(aliases),
    allowedInEnvironment: new Set(allowedInEnvironment),
  };
}

/** Options that switch others on; Node's C++ keeps this list to itself. */
const IMPLIED: Record<string, [name: string, value: boolean][]> = {
  '--eval': [['[has_eval_string]', true]],
  '--env-file': [['[has_env_file_string]', true]],
  '--env-file-if-exists': [['[has_env_file_string]', true]],
  '--experimental-transform-types': [
    ['--experimental-strip-types', true],
    ['--enable-source-maps', true],
  ],
  '--report-signal': [['--report-on-signal', true]],
  '--trace-env-js-stack': [['--trace-env', true]],
  '--trace-env-native-stack': [['--trace-env', true]],
  '--inspect-brk': [['--inspect', true]],
  '--inspect-wait': [['--inspect', true]],
  '--watch-path': [['--watch', true]],
};

/** V8's flags are many: what looks like one is accepted and, but for a few, without effect. */
const V8_FLAG =
  /^--(no-)?(harmony|trace|max|min|stack|allow-natives|turbo|maglev|sparkplug|opt|always|gc|expose|single-threaded|predictable|random-seed|js-|wasm|lazy|use-|huge|initial|semi|interrupt|jitless|log|stress|es-staging|concurrent|minor|scavenger|liftoff|enable-|disable-|print-|hash-seed|flush|compilation|experimental-wasm)/;

/** Parses argv (argv[0] is the program) after what `NODE_OPTIONS` says. */
export function parseCommandLine(table: OptionTable, argv: readonly string[], nodeOptions = ''): CommandLine {
  const values = { ...table.defaults };
  const fromEnvironment = splitNodeOptions(nodeOptions);
  const errors: string[] = [];
  const parser = new Parser(table, values, errors);
  for (const word of fromEnvironment.filter((text) => text.startsWith('-'))) {
    const name = canonicalName(word);
    if (isForbiddenInEnvironment(table, name)) errors.push(`${name} is not allowed in NODE_OPTIONS`);
  }
  if (errors.length === 0) parser.parse(fromEnvironment);
  const consumed = parser.parse(argv.slice(1));
  if (errors.length === 0) errors.push(...checkOptions(values));
  return {
    values,
    argv: [...argv.slice(0, 1), ...argv.slice(1 + consumed.next)],
    execArgv: argv.slice(1, 1 + consumed.options),
    errors,
  };
}

/** Options that have an environment variable of their own; the command line wins. */
export function applyEnvironmentOptions(
  values: Record<string, OptionValue>,
  environment: Readonly<Record<string, string>>,
): void {
  const { NODE_REDIRECT_WARNINGS: file } = environment;
  if (file && !values['--redirect-warnings']) values['--redirect-warnings'] = file;
  for (const name of ['pending-deprecation', 'preserve-symlinks', 'preserve-symlinks-main', 'use-env-proxy']) {
    if (environment[`NODE_${name.replaceAll('-', '_').toUpperCase()}`] !== '1') continue;
    values[`--${name}`] = true;
    values[`--no-${name}`] = false;
  }
}

const canonicalName = (word: string): string => {
  const name = word.split('=', 1)[0] ?? word;
  return name.startsWith('--') ? `--${name.slice(2).replaceAll('_', '-')}` : name;
};

function isForbiddenInEnvironment(table: OptionTable, name: string): boolean {
  const target = table.aliases.get(name)?.[0] ?? name.replace(/^--no-/, '--');
  return table.kinds.has(target) ? !table.allowedInEnvironment.has(target) : !V8_FLAG.test(target);
}

/** Words, with double quotes and backslashes inside them, as Node splits NODE_OPTIONS. */
function splitNodeOptions(text: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quoted = false;
  for (let index = 0; index < text.length; index++) {
    let character = text.charAt(index);
    if (character === '\\' && quoted && index + 1 < text.length) character = text.charAt(++index);
    else if (character === ' ' && !quoted) {
      if (word !== null) words.push(word);
      word = null;
      continue;
    } else if (character === '"') {
      quoted = !quoted;
      word ??= '';
      continue;
    }
    word = (word ?? '') + character;
  }
  if (word !== null) words.push(word);
  return words;
}

class Parser {
  readonly #table: OptionTable;
  readonly #values: Record<string, OptionValue>;
  readonly #errors: string[];
  readonly #lists = new Set<string>();

  constructor(table: OptionTable, values: Record<string, OptionValue>, errors: string[]) {
    this.#table = table;
    this.#values = values;
    this.#errors = errors;
  }

  /** `options` words belong to options; what is left starts at `next` (past a `--`). */
  parse(words: readonly string[]): { options: number; next: number } {
    const queue = [...words];
    let synthetic = 0;
    /** What was written for the words that an alias stands for. */
    let spelling: string | null = null;
    while (queue.length > 0) {
      const word = queue[0] ?? '';
      if (word.length < 2 || !word.startsWith('-')) break;
      queue.shift();
      if (synthetic > 0) synthetic--;
      else spelling = null;
      if (word === '--') return { options: words.length - queue.length - 1, next: words.length - queue.length };
      const expansion = this.#expand(word, queue);
      if (expansion !== null) {
        spelling ??= word;
        queue.unshift(...expansion);
        synthetic += expansion.length;
        continue;
      }
      const before = queue.length;
      this.#option(word, queue, spelling ?? word);
      synthetic = Math.max(0, synthetic - (before - queue.length));
    }
    const used = words.length - (queue.length - synthetic);
    return { options: used, next: used };
  }

  #expand(word: string, rest: readonly string[]): string[] | null {
    const { aliases } = this.#table;
    const name = canonicalName(word);
    const equals = word.indexOf('=');
    if (equals < 0) {
      const next = rest[0];
      const withArgument = next !== undefined && !next.startsWith('-') ? aliases.get(`${name} <arg>`) : undefined;
      const expansion = withArgument ?? aliases.get(name);
      return expansion === undefined || expansion[0] === name ? null : [...expansion];
    }
    const value = word.slice(equals + 1);
    const [target, ...more] = aliases.get(`${name}=`) ?? aliases.get(name) ?? [];
    return target === undefined || target === name ? null : [`${target}=${value}`, ...more];
  }

  #option(word: string, queue: string[], spelling: string): void {
    const name = canonicalName(word);
    const equals = word.indexOf('=');
    const positive = name.startsWith('--no-') && !this.#table.kinds.has(name) ? `--${name.slice(5)}` : name;
    const kind = this.#table.kinds.get(positive);
    if (kind === undefined) {
      if (V8_FLAG.test(word)) this.#values[positive] = positive === name;
      else this.#errors.push(`bad option: ${word}`);
      return;
    }
    if (kind === OptionKind.noOp || kind === OptionKind.v8) {
      if (kind === OptionKind.v8) this.#values[positive] = equals < 0 ? positive === name : word.slice(equals + 1);
      return;
    }
    if (kind === OptionKind.boolean) {
      this.#boolean(word, name, positive);
      return;
    }
    if (positive !== name) {
      this.#errors.push(`${word} is an invalid negation because it is not a boolean option`);
      return;
    }
    let value = equals < 0 ? queue.shift() : word.slice(equals + 1);
    if (equals < 0 && (value === undefined || (value.length > 1 && value.startsWith('-')))) {
      this.#errors.push(`${spelling} requires an argument`);
      if (value !== undefined) queue.unshift(value);
      return;
    }
    if (value?.startsWith('\\-')) value = value.slice(1);
    this.#assign(name, kind, value ?? '');
  }

  #boolean(word: string, name: string, positive: string): void {
    const equals = word.indexOf('=');
    if (equals >= 0) {
      this.#errors.push(`${word.slice(0, equals)} does not take an argument`);
      return;
    }
    this.#set(positive, positive === name);
    if (positive === name) this.#imply(name);
  }

  #assign(name: string, kind: OptionKind, value: string): void {
    if (kind === OptionKind.stringList) {
      const list = this.#values[name];
      // The defaults are the table's own.
      this.#values[name] = this.#lists.has(name) && Array.isArray(list) ? [...list, value] : [value];
      this.#lists.add(name);
    } else if (kind === OptionKind.integer || kind === OptionKind.unsigned) {
      this.#values[name] = Number.parseInt(value, 10) || 0;
    } else if (kind === OptionKind.hostPort) {
      return;
    } else {
      this.#values[name] = value;
    }
    this.#imply(name);
  }

  #imply(name: string): void {
    for (const [implied, value] of IMPLIED[name] ?? []) this.#set(implied, value);
  }

  #set(name: string, value: boolean): void {
    this.#values[name] = value;
    if (name.startsWith('--')) this.#values[`--no-${name.slice(2)}`] = !value;
  }
}
