/** `--experimental-config-file`: options from a JSON file, read as Node's C++ reads it (`ConfigReader`). */
import { SystemError } from '../../kernel/syscalls.ts';
import type { ProcessCore } from '../core.ts';
import { OptionKind, type OptionTable } from './options.ts';

const DEFAULT_FILE = 'node.config.json';
const SECTIONS = ['nodeOptions', 'testRunner'] as const;
type Section = (typeof SECTIONS)[number];

/** The options that each section may set. */
export type SectionNames = Readonly<Record<Section, ReadonlySet<string>>>;

export interface ConfigurationFile {
  /** As they would be written on the command line. */
  words: Record<Section, string[]>;
  /** What is wrong: the reader's own line, and what Node says behind the program's name. */
  complaint: string;
  errors: string[];
}

/** Node looks in all of argv for the option. */
export function configurationPath(argv: readonly string[]): string | null {
  for (const [index, word] of argv.entries()) {
    const [matches, inline] = /^--experimental-config-file(?:=(.*))?$/s.exec(word) ?? [];
    if (matches !== undefined) return inline ?? argv[index + 1] ?? null;
  }
  return argv.some((word) => word.startsWith('--experimental-default-config-file')) ? DEFAULT_FILE : null;
}

export function readConfigurationFile(core: ProcessCore, path: string, names: SectionNames): ConfigurationFile {
  let text: string;
  try {
    text = new core.host.TextDecoder().decode(core.sys.call('readFile', path));
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    const [, reason] = new Map(core.library.facts.errorMap).get(core.errnoOf(error.code)) ?? [];
    return wrong(`Cannot read configuration from ${path}: ${reason ?? error.code}`, `${path}: not found`);
  }
  const invalid = `${path}: invalid content`;
  const value = parse(text);
  if (value === undefined) return wrong(`Can't parse ${path}`, invalid);
  if (!isRecord(value)) return wrong(`Root value unexpected not an object for ${path}\n`, invalid);
  const words: ConfigurationFile['words'] = { nodeOptions: [], testRunner: [] };
  for (const section of SECTIONS) {
    const options = value[section];
    if (options === undefined) continue;
    if (!isRecord(options)) return wrong(`"${section}" value unexpected for ${path} (should be an object)`, invalid);
    for (const [key, option] of Object.entries(options)) {
      const read = wordsOf(core.optionTable, names[section], `--${key}`, option);
      if (read === null) return wrong(`Unknown or not allowed option ${key} for namespace ${section}`, invalid);
      if (typeof read === 'string') return wrong(read, invalid);
      words[section].push(...read);
    }
  }
  return { words, complaint: '', errors: [] };
}

const wrong = (complaint: string, error: string): ConfigurationFile => ({
  words: { nodeOptions: [], testRunner: [] },
  complaint: `${complaint}\n`,
  errors: [error],
});

/** Undefined for what is no JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Null where the option may not be set, a text where it cannot be set so. */
function wordsOf(
  { kinds }: OptionTable,
  names: ReadonlySet<string>,
  name: string,
  value: unknown,
): string[] | string | null {
  const kind = kinds.get(name);
  if (kind === undefined || !names.has(name)) return null;
  if (kind === OptionKind.noOp) return `No-op flag ${name} is currently not supported`;
  if (kind === OptionKind.v8) return `V8 flag ${name} is currently not supported`;
  if (kind === OptionKind.boolean && typeof value === 'boolean') return [value ? name : `--no-${name.slice(2)}`];
  const values = kind === OptionKind.stringList && Array.isArray(value) ? (value as unknown[]) : [value];
  return values.every((item) => isOfKind(kind, item))
    ? values.map((item) => `${name}=${String(item)}`)
    : `Invalid value for ${name}`;
}

function isOfKind(kind: OptionKind, value: unknown): boolean {
  if (kind === OptionKind.string || kind === OptionKind.stringList) return typeof value === 'string';
  if (kind === OptionKind.boolean) return false;
  return Number.isInteger(value) && (kind === OptionKind.integer || (value as number) >= 0);
}
