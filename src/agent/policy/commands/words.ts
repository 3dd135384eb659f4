/** What the words of a command line can become, as far as the line itself tells. */
import type { Word, WordPart } from 'unbash';

export interface Argument {
  /** As it was written. */
  readonly source: string;
  /** What it is where that is known, without quotes; else as it was written. */
  readonly text: string;
  /** All that it can become, one or more words each; null when only running the line can tell. */
  readonly values: readonly string[] | null;
  /** A pattern that the shell replaces by names of files. */
  readonly glob: boolean;
}

/** What is assigned to each variable anywhere in the line; null: something that cannot be told. */
export type Variables = ReadonlyMap<string, readonly (string | Pattern | null)[]>;
/** A pattern of file names. */
export interface Pattern {
  readonly pattern: string;
}

const MOST_VALUES = 32;

export function toArgument(word: Word, variables: Variables): Argument {
  const { text: source, value, parts } = word;
  if (!parts) return { source, text: value, values: [value], glob: false };
  const glob = parts.some(
    (part) => part.type === 'Glob' || part.type === 'ExtendedGlob' || holdsPattern(part, variables),
  );
  const values = valuesOfParts(parts, variables);
  return { source, text: values?.length === 1 && !glob ? (values[0] ?? source) : source, values, glob };
}

function valuesOfParts(parts: readonly WordPart[], variables: Variables): readonly string[] | null {
  let values: readonly string[] = [''];
  for (const part of parts) {
    const tails = valuesOfPart(part, variables);
    if (tails === null || values.length * tails.length > MOST_VALUES) return null;
    values = values.flatMap((head) => tails.map((tail) => head + tail));
  }
  return values;
}

/** A word of which only running the line can tell what it becomes. */
export const unknownWord = (source: string): Argument => ({ source, text: source, values: null, glob: false });

/** A word that is known as it stands. */
export const literal = (value: string): Argument => ({ source: value, text: value, values: [value], glob: false });

/** The only thing it can become; null when there are several, or none can be told. */
export function knownValue(argument: Argument | undefined): string | null {
  const values = argument?.values;
  return values?.length === 1 && !argument?.glob ? (values[0] ?? null) : null;
}

function valuesOfPart(part: WordPart, variables: Variables): readonly string[] | null {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return [part.value];
    case 'Glob':
    case 'ExtendedGlob':
      return [part.text];
    case 'DoubleQuoted':
    case 'LocaleString':
      return valuesOfParts(part.parts, variables);
    case 'SimpleExpansion':
      return valuesOfVariable(part.text.slice(1), variables);
    case 'ParameterExpansion':
      return part.operation || part.prefix || part.index ? null : valuesOfVariable(part.parameter, variables);
    case 'BraceExpansion':
      return expandBraces(part.text);
    default:
      return null;
  }
}

function valuesOfVariable(name: string, variables: Variables): readonly string[] | null {
  if (name === 'PWD') return ['.'];
  if (name === 'HOME') return ['~'];
  const values = variables.get(name) ?? [];
  const known = values.flatMap((value) => (value === null ? [] : [typeof value === 'string' ? value : value.pattern]));
  return known.length === values.length && known.length > 0 ? known : null;
}

function holdsPattern(part: WordPart, variables: Variables): boolean {
  if (part.type === 'DoubleQuoted') return part.parts.some((child) => holdsPattern(child, variables));
  const name =
    part.type === 'SimpleExpansion' ? part.text.slice(1) : part.type === 'ParameterExpansion' ? part.parameter : '';
  return variables.get(name)?.some((value) => typeof value === 'object' && value !== null) ?? false;
}

/** "{a,b{c,d}}" -> a, bc, bd; null for sequences and what is too much. */
function expandBraces(text: string): readonly string[] | null {
  if (/[$`'"\\]|\.\./.test(text)) return null;
  const open = text.search(/\{[^{}]*\}/);
  if (open < 0) return [text];
  const close = text.indexOf('}', open);
  const results: string[] = [];
  for (const choice of text.slice(open + 1, close).split(',')) {
    const rest = expandBraces(text.slice(0, open) + choice + text.slice(close + 1));
    if (rest === null || results.length + rest.length > MOST_VALUES) return null;
    results.push(...rest);
  }
  return results;
}
