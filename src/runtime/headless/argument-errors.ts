/** Errors of arguments, in Node's words. */

export function invalidType(name: string, expected: string, value: unknown): TypeError {
  const message = `The "${name}" ${kindOfName(name)} must be ${expected}. Received ${kindOf(value)}`;
  return Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_TYPE' });
}

export function invalidValue(name: string, why: string, value: unknown): TypeError {
  const message = `The ${kindOfName(name)} '${name}' ${why}. Received ${inspected(value)}`;
  return Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_VALUE' });
}

const kindOfName = (name: string) => (name.includes('.') ? 'property' : 'argument');

const LONGEST = 28;

function kindOf(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (typeof value === 'object') return `an instance of ${value.constructor?.name ?? 'Object'}`;
  const text = inspected(value);
  return `type ${typeof value} (${text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}...` : text})`;
}

function inspected(value: unknown): string {
  if (typeof value !== 'string') return typeof value === 'bigint' ? `${value}n` : String(value);
  const quote = value.includes("'") && !value.includes('"') ? '"' : "'";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  const escaped = value.replaceAll(/[\\\x00-\x1f\x7f]/g, (character) =>
    character === '\\' ? '\\\\' : `\\x${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote;
}
