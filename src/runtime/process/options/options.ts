/**
 * Node's command line, read as Node's C++ reads it (`OptionsParser::Parse`): the options, their defaults and aliases come from the table
 * that the build step read.
 */
import type { OptionFacts } from '../context.ts';
import { materialize } from '../engine/description.ts';
import { splitNodeOptions } from './node-options.ts';
import { checkOptions, portError } from './option-checks.ts';
import { checkEngineFlags } from './v8-flags.ts';

export type OptionValue = boolean | number | string | string[] | undefined;

export interface OptionTable {
  defaults: Record<string, OptionValue>;
  kinds: Map<string, OptionKind>;
  aliases: Map<string, string[]>;
  allowedInEnvironment: Set<string>;
  /** V8's own, by their type: names behind one another. */
  engineFlags: Readonly<Record<string, string>>;
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
  /** The options that are V8's, as they were given. */
  engineFlags: string[];
  /** What is wrong, as Node prints it after the program's name. */
  errors: string[];
  /** What the engine says of its flags, before that. */
  complaint: string;
}

/** Where options come from, beside the command line; each is overridden by the next, and all of them by the command line. */
export interface OptionSources {
  /** The words of a configuration file. */
  configuration?: readonly string[];
  /** `NODE_OPTIONS`. */
  environment?: string;
}

/** Reads the table out of `facts.options`. */
export function readOptionTable(facts: OptionFacts): OptionTable {
  const { values, kinds, aliases, allowedInEnvironment, engineFlags } = facts;
  return {
    engineFlags,
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

/** An option of Node's that V8 reads, too. */
const STACK_TRACE_LIMIT = '--stack-trace-limit';

/** Parses argv (argv[0] is the program) after what else has a say. */
export function parseCommandLine(
  table: OptionTable,
  argv: readonly string[],
  sources: OptionSources = {},
): CommandLine {
  const parser = new Parser(table);
  const { errors, values, engineFlags } = parser;
  if (sources.configuration) parser.parse(sources.configuration, false);
  if (sources.environment) parser.parse(splitNodeOptions(sources.environment, errors), true);
  const { options, rest } = parser.parse(argv.slice(1), false);
  if (errors.length === 0) errors.push(...checkOptions(values, rest));
  const flags = checkEngineFlags(table, errors.length === 0 ? engineFlags : []);
  errors.push(...flags.errors);
  const { complaint } = flags;
  return { values, argv: [...argv.slice(0, 1), ...rest], execArgv: options, engineFlags, errors, complaint };
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

/** The words that are left; those that stand for an alias come first. */
class Words {
  readonly #given: string[];
  readonly #synthetic: string[] = [];
  /** What was taken of those that were given. */
  readonly taken: string[] = [];

  constructor(words: readonly string[]) {
    this.#given = [...words];
  }

  get first(): string | undefined {
    return this.#synthetic[0] ?? this.#given[0];
  }

  get rest(): string[] {
    return this.#given;
  }

  take(): string | undefined {
    if (this.#synthetic.length > 0) return this.#synthetic.shift();
    const word = this.#given.shift();
    // It only ends the options.
    if (word !== undefined && word !== '--') this.taken.push(word);
    return word;
  }

  insert(words: readonly string[]): void {
    this.#synthetic.unshift(...words);
  }
}

/** One option, as it is read. */
interface Given {
  /** As it was written. */
  word: string;
  /** As it was written, without its value. */
  spelling: string;
  /** Without `no-`, and what it is an alias of. */
  name: string;
  isNegated: boolean;
  value: string | undefined;
}

class Parser {
  readonly values: Record<string, OptionValue>;
  readonly errors: string[] = [];
  readonly engineFlags: string[] = [];
  readonly #table: OptionTable;
  /** Whose values are no longer the table's own. */
  readonly #lists = new Set<string>();

  constructor(table: OptionTable) {
    this.#table = table;
    this.values = { ...table.defaults };
  }

  /** Reads options up to the first word that is none. */
  parse(given: readonly string[], fromEnvironment: boolean): { options: string[]; rest: string[] } {
    const words = new Words(given);
    while (this.errors.length === 0 && (words.first?.length ?? 0) > 1 && words.first?.startsWith('-')) {
      const word = words.take() ?? '';
      if (word === '--') {
        if (fromEnvironment) this.errors.push(notAllowed(word));
        break;
      }
      const option = this.#read(word, words);
      if (fromEnvironment && !this.#table.allowedInEnvironment.has(option.name)) {
        this.errors.push(notAllowed(option.spelling));
      } else {
        this.#apply(option, words);
      }
    }
    return { options: words.taken, rest: words.rest };
  }

  #read(word: string, words: Words): Given {
    const equals = word.startsWith('--') ? word.indexOf('=') : -1;
    const value = equals < 0 ? undefined : word.slice(equals + 1);
    const written = equals < 0 ? word : word.slice(0, equals);
    const spelling = equals < 0 ? word : `${written}=`;
    const whole = written.slice(0, 2) + written.slice(2).replaceAll('_', '-');
    const isNegated = whole.startsWith('--no-');
    let name = isNegated ? `--${whole.slice(5)}` : whole;
    for (;;) {
      const expansion = this.#expansionOf(name, value !== undefined, words.first);
      if (expansion === undefined) break;
      const [target = name, ...more] = expansion;
      words.insert(more);
      if (target === name) break;
      name = target;
    }
    return { word, spelling, name, isNegated, value };
  }

  #expansionOf(name: string, hasValue: boolean, next: string | undefined): string[] | undefined {
    const { aliases } = this.#table;
    const mayTakeNext = next !== undefined && next !== '' && !next.startsWith('-');
    return (
      aliases.get(name) ??
      (hasValue ? aliases.get(`${name}=`) : undefined) ??
      (mayTakeNext ? aliases.get(`${name} <arg>`) : undefined)
    );
  }

  #apply({ word, spelling, name, isNegated, value }: Given, words: Words): void {
    for (const [implied, setting] of IMPLIED[isNegated ? `--no-${name.slice(2)}` : name] ?? []) {
      this.#set(implied, setting);
    }
    const kind = this.#table.kinds.get(name);
    if (kind === undefined || kind === OptionKind.v8 || name === STACK_TRACE_LIMIT) this.engineFlags.push(word);
    if (kind === undefined || kind === OptionKind.noOp) {
      if (kind !== undefined && isNegated) this.errors.push(notBoolean(word));
    } else if (kind === OptionKind.v8) {
      this.values[name] = value ?? !isNegated;
    } else if (kind === OptionKind.boolean) {
      this.#set(name, !isNegated);
    } else if (isNegated) {
      this.errors.push(notBoolean(word));
    } else {
      const argument = value ?? words.take();
      if (argument === undefined || (value === undefined ? argument.startsWith('-') : argument === '')) {
        this.errors.push(`${spelling} requires an argument`);
        return;
      }
      this.#assign(name, kind, value === undefined ? argument.replace(/^\\-(?=.)/, '-') : argument);
    }
  }

  #assign(name: string, kind: OptionKind, value: string): void {
    if (kind === OptionKind.stringList) {
      const list = this.values[name];
      this.values[name] = this.#lists.has(name) && Array.isArray(list) ? [...list, value] : [value];
      this.#lists.add(name);
    } else if (kind === OptionKind.integer || kind === OptionKind.unsigned) {
      this.values[name] = Number.parseInt(value, 10) || 0;
    } else if (kind === OptionKind.hostPort) {
      this.errors.push(...portError(value));
    } else {
      this.values[name] = value;
    }
  }

  #set(name: string, value: boolean): void {
    this.values[name] = value;
    if (name.startsWith('--')) this.values[`--no-${name.slice(2)}`] = !value;
  }
}

const notAllowed = (spelling: string): string => `${spelling} is not allowed in NODE_OPTIONS`;
const notBoolean = (word: string): string => `${word} is an invalid negation because it is not a boolean option`;
