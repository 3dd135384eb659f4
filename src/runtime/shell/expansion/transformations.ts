/** `${name@Q}` and its like: values written as the shell reads them, attributes, declarations. */
import type { ShellArray } from '../variables/arrays.ts';
import { attributeLetters } from '../variables/variable.ts';
import type { ExpansionHost } from './expand.ts';
import { transformed } from './parameter-changes.ts';

/** Text within double quotes, or as `$'…'` where it has control characters. */
export function doubleQuoted(text: string): string {
  if (/\p{Cc}/u.test(text))
    return `$'${text.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t')}'`;
  return `"${text.replace(/["\\$`]/g, '\\$&')}"`;
}

/** What bash does not quote in a subscript. */
const PLAIN_KEY = /^[^\s'"`$\\|&;<>(){}[\]*?!~#^]+$/;

const quotedKey = (key: string) => (PLAIN_KEY.test(key) ? key : doubleQuoted(key));

/** An array's value as `declare -p` writes it. */
export function arrayText(array: ShellArray): string {
  const items = array.keys().map((key) => `[${quotedKey(key)}]=${doubleQuoted(array.get(key) ?? '')}`);
  return `(${items.join(' ')}${array.associative && items.length > 0 ? ' ' : ''})`;
}

/** Of one value: of a variable, or of an element of an array. */
export function transformValue(host: ExpansionHost, name: string, operator: string, value: string | undefined): string {
  const letters = attributeLetters(host.variable(name));
  if (operator === 'a') return letters;
  if (value === undefined) return operator === 'A' && letters !== '' ? `declare -${letters} ${name}` : '';
  if (operator === 'A') return `${letters === '' ? '' : `declare -${letters} `}${name}=${transformed(value, 'Q')}`;
  return transformed(value, operator === 'K' || operator === 'k' ? 'Q' : operator);
}

/** Of all elements of an array, or of the positional parameters. */
export function transformAll(
  host: ExpansionHost,
  name: string,
  operator: string,
  values: readonly string[],
): readonly string[] {
  const array = host.arrayOf(name);
  const letters = attributeLetters(host.variable(name));
  if (operator === 'A') {
    if (name === '@' || name === '*') return [`set -- ${values.map((value) => transformed(value, 'Q')).join(' ')}`];
    return array
      ? [`declare -${letters || 'a'} ${name}=${arrayText(array)}`]
      : [transformValue(host, name, 'A', values[0])];
  }
  if (array && operator === 'k') return array.keys().flatMap((key) => [key, array.get(key) ?? '']);
  if (array && operator === 'K')
    return [
      array
        .keys()
        .map((key) => `${quotedKey(key)} ${doubleQuoted(array.get(key) ?? '')}`)
        .join(' ') + (array.associative && array.size > 0 ? ' ' : ''),
    ];
  if (operator === 'a') return values.map(() => letters);
  return values.map((value) => transformValue(host, name, operator, value));
}
