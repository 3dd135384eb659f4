/** V8's own flags: their names and types are known, their effects, but for a few, cannot be had. */

/** By type (`bool`, `int`, …), names behind one another. */
interface FlagTable {
  readonly engineFlags: Readonly<Record<string, string>>;
}

/** What V8 says of flags that it does not know or cannot read: of the latter, it reads none that follows. */
export function checkEngineFlags(table: FlagTable, words: readonly string[]): { errors: string[]; complaint: string } {
  const unknown: string[] = [];
  for (const [index, word] of words.entries()) {
    const [, no, name = '', value] = /^--?(no-?)?([^=]*)(?:=(.*))?$/s.exec(word.replaceAll('_', '-')) ?? [];
    const type = typeOf(table, name);
    if (type === undefined) unknown.push(word);
    else if (!isReadable(type, no !== undefined, value)) {
      const hint = isBoolean(type) ? 'To set or unset a boolean flag, use --flag or --no-flag.\n' : '';
      return {
        errors: [...unknown, ...words.slice(index)].map(badOption),
        complaint: `Error: illegal value for flag ${word} of type ${type}\n${hint}Try --help for options\n`,
      };
    }
  }
  return { errors: unknown.map(badOption), complaint: '' };
}

const badOption = (word: string): string => `bad option: ${word}`;

function typeOf({ engineFlags }: FlagTable, name: string): string | undefined {
  for (const [type, names] of Object.entries(engineFlags)) if (` ${names} `.includes(` ${name} `)) return type;
  return undefined;
}

const isBoolean = (type: string): boolean => type === 'bool' || type === 'maybe_bool';

function isReadable(type: string, isNegated: boolean, value: string | undefined): boolean {
  if (isBoolean(type)) return value === undefined;
  if (isNegated || value === undefined) return false;
  if (type === 'string') return true;
  if (type === 'float') return value !== '' && Number.isFinite(Number(value));
  return (type === 'int' ? /^[+-]?\d+$/ : /^\d+$/).test(value);
}
