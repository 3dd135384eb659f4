/**
 * Node's parser of `.env` files: quotes of three kinds, `export`, comments; only double quotes know `\n`, and quoted values
 * may span lines.
 */
export function parseEnv(text: string): Record<string, string> {
  const variables: Record<string, string> = {};
  let rest = text.replaceAll('\r', '').trim();
  while (rest !== '') {
    const line = untilNewline(rest);
    if (line === '' || line.startsWith('#') || !line.includes('=')) {
      rest = rest.slice(line.length + 1).trimStart();
      continue;
    }
    const equals = rest.indexOf('=');
    const name = rest
      .slice(0, equals)
      .trim()
      .replace(/^export\s+/, '');
    const after = rest.slice(equals + 1).replace(/^[ \t]+/, '');
    if (name === '') return variables;
    const value = readValue(after);
    variables[name] = value.text;
    rest = value.rest.trimStart();
  }
  return variables;
}

function readValue(text: string): { text: string; rest: string } {
  const quote = text.charAt(0);
  if (quote === '"' || quote === "'" || quote === '`') {
    const end = text.indexOf(quote, 1);
    if (end > 0) {
      const inner = text.slice(1, end);
      const rest = text.slice(end + 1);
      return {
        text: quote === '"' ? inner.replaceAll('\\n', '\n') : inner,
        rest: rest.slice(untilNewline(rest).length),
      };
    }
  }
  const line = untilNewline(text);
  const comment = line.indexOf('#');
  return { text: (comment < 0 ? line : line.slice(0, comment)).trim(), rest: text.slice(line.length) };
}

const untilNewline = (text: string): string => text.split('\n', 1)[0] ?? '';
