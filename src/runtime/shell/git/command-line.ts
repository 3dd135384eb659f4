/** Command lines of git: options anywhere, revisions and paths behind them, `--` between. */
import { GitError } from './git-error.ts';

export interface GitOptions {
  /** What was given: long names without dashes, letters. */
  flags: Set<string>;
  values: Map<string, string[]>;
  /** Before `--`. */
  words: string[];
  /** After `--`; undefined when there is none. */
  paths: string[] | undefined;
}

export interface GitOptionSpec {
  /** Names that stand alone: letters and long names. */
  flags: string;
  /** Names that take a value. */
  values?: string;
  /** Short name -> the long one that it stands for. */
  aliases?: Readonly<Record<string, string>>;
  /** What is said of an option that is not known, where it is not the usual. */
  unknown?: (arg: string) => GitError;
}

/** Throws {@link GitError} with status 129 for what is not known. */
export function readOptions(args: readonly string[], spec: GitOptionSpec): GitOptions {
  const known = new Set(spec.flags.split(' '));
  const taking = new Set((spec.values ?? '').split(' '));
  const options: GitOptions = { flags: new Set(), values: new Map(), words: [], paths: undefined };
  const name = (key: string) => spec.aliases?.[key] ?? key;
  const addValue = (key: string, value: string) => {
    options.flags.add(name(key));
    options.values.set(name(key), [...(options.values.get(name(key)) ?? []), value]);
  };
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] ?? '';
    if (arg === '--') {
      options.paths = args.slice(i + 1);
      break;
    }
    if (!arg.startsWith('-') || arg === '-') options.words.push(arg);
    else if (arg.startsWith('--')) {
      const equals = arg.indexOf('=');
      const key = arg.slice(2, equals === -1 ? undefined : equals);
      if (equals !== -1 && (taking.has(key) || known.has(key))) addValue(key, arg.slice(equals + 1));
      else if (known.has(key)) options.flags.add(name(key));
      else if (taking.has(key)) addValue(key, args[++i] ?? '');
      else throw spec.unknown?.(arg) ?? unknownOption(`option \`${key}'`);
    } else i = readLetters(args, i, { known, taking, options, addValue, name });
  }
  return options;
}

interface Reading {
  known: ReadonlySet<string>;
  taking: ReadonlySet<string>;
  options: GitOptions;
  addValue: (key: string, value: string) => void;
  name: (key: string) => string;
}

function readLetters(
  args: readonly string[],
  index: number,
  { known, taking, options, addValue, name }: Reading,
): number {
  const arg = args[index] ?? '';
  const count = /^-(\d+)$/.exec(arg)?.[1];
  if (count !== undefined && taking.has('n')) {
    addValue('n', count);
    return index;
  }
  for (let at = 1; at < arg.length; at += 1) {
    const letter = arg[at] ?? '';
    if (taking.has(letter)) {
      const rest = arg.slice(at + 1);
      addValue(letter, rest === '' ? (args[index + 1] ?? '') : rest);
      return rest === '' ? index + 1 : index;
    }
    if (!known.has(letter)) throw unknownOption(`switch \`${letter}'`);
    options.flags.add(name(letter));
  }
  return index;
}

function unknownOption(what: string): GitError {
  return new GitError(`unknown ${what}`, 129, '', 'error');
}

export function lastOf(options: GitOptions, name: string): string | undefined {
  return options.values.get(name)?.at(-1);
}
