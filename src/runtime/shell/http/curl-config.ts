/** Configuration files of curl (`-K`): an option a line, with or without its dashes. */

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', v: '\v' };

/** The words that its lines stand for on the command line. */
export function readCurlConfig(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const trimmed = line.replace(/\r$/, '').trim();
    if (trimmed === '' || /^[#/*;]/.test(trimmed)) return [];
    const [, name = '', rest = ''] = /^([^\s=:]+)[\s=:]*(.*)$/s.exec(trimmed) ?? [];
    const option = name.startsWith('-') ? name : `--${name}`;
    return rest === '' ? [option] : [option, argumentOf(rest)];
  });
}

/** In quotes with their escapes, or up to the first blank. */
function argumentOf(text: string): string {
  const quoted = /^"((?:[^"\\]|\\.)*)"?/s.exec(text)?.[1];
  if (quoted === undefined) return text.replace(/\s.*$/s, '');
  return quoted.replace(/\\(.)/gs, (_, char: string) => ESCAPES[char] ?? char);
}
