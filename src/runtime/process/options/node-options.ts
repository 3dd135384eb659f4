/**
 * The words of `NODE_OPTIONS`: a space ends one, double quotes hold it together, and within them a backslash stands for what follows it.
 * What is wrong comes into `errors`.
 */
export function splitNodeOptions(text: string, errors: string[]): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let isQuoted = false;
  for (let index = 0; index < text.length; index++) {
    let character = text.charAt(index);
    if (character === '\\' && isQuoted) {
      if (index + 1 === text.length) {
        errors.push('invalid value for NODE_OPTIONS (invalid escape)\n');
        return words;
      }
      character = text.charAt(++index);
    } else if (character === ' ' && !isQuoted) {
      if (word !== null) words.push(word);
      word = null;
      continue;
    } else if (character === '"') {
      isQuoted = !isQuoted;
      word ??= '';
      continue;
    }
    word = (word ?? '') + character;
  }
  if (isQuoted) errors.push('invalid value for NODE_OPTIONS (unterminated string)\n');
  if (word !== null) words.push(word);
  return words;
}
