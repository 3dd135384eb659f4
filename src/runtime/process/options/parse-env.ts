/**
 * Node's parser of `.env` files: quotes of three kinds, `export`, comments; only double quotes know `\n`, and quoted values
 * may span lines. A value may begin on a later line than its `=`, if there are spaces between.
 */
export function parseEnv(text: string): Record<string, string> {
  const variables: Record<string, string> = {};
  let rest = trim(text.replaceAll('\r', ''));
  while (rest !== '') {
    const stop = rest.startsWith('#') ? -1 : rest.search(/[=\n]/);
    if (rest[stop] !== '=') {
      rest = trim(behindLine(rest));
      continue;
    }
    const name = trim(rest.slice(0, stop));
    rest = rest.slice(stop + 1);
    if (rest === '' || rest.startsWith('\n')) {
      variables[name] = '';
      rest = rest.slice(1);
      continue;
    }
    rest = trim(rest);
    if (name === '') continue;
    const value = readValue(rest);
    variables[withoutExport(name)] = value.text;
    rest = value.rest;
  }
  return variables;
}

function readValue(text: string): { text: string; rest: string } {
  const quote = text.charAt(0);
  if (/["'`]/.test(quote)) {
    const end = text.indexOf(quote, 1);
    if (end < 0) return { text: untilNewline(text), rest: behindLine(text) };
    const inner = text.slice(1, end);
    return { text: quote === '"' ? inner.replaceAll('\\n', '\n') : inner, rest: behindLine(text.slice(end + 1)) };
  }
  const [line = ''] = untilNewline(text).split('#', 1);
  return { text: trim(line), rest: behindLine(text) };
}

const withoutExport = (name: string): string =>
  name.startsWith('export ') ? trim(name.slice('export '.length)) : name;

const trim = (text: string): string => text.replace(/^[ \t\n]+|[ \t\n]+$/g, '');

const untilNewline = (text: string): string => text.split('\n', 1)[0] ?? '';

const behindLine = (text: string): string => text.slice(untilNewline(text).length + 1);
