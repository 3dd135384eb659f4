/** `.env*` files while a run lasts: their names stay, their values give way to placeholders. */

export interface MaskedFile {
  readonly path: string;
  readonly content: string;
}

/** The values, for redaction: what is too short or too common to be a secret is not among them. */
export interface Masked {
  readonly content: string;
  readonly values: readonly string[];
}

const LINE = /^(\s*(?:export\s+)?)([\w.-]+)(\s*[=:]\s*)(.*)$/;
/** What programs need to be what it is, and nobody guards. */
const HARMLESS =
  /^(?:|\d{1,5}|true|false|yes|no|on|off|null|none|development|production|test|testing|staging|local|localhost|127\.0\.0\.1|0\.0\.0\.0|debug|info|warn|error|silent|https?:\/\/(?:localhost|127\.0\.0\.1)(?::\d+)?\/?)$/i;
const SHORTEST_SECRET = 6;
const SHORTEST_KEY = 12;

/** Comments go, too: secrets that were switched off stand there. Values over several lines are masked as one. */
export function maskEnvFile(text: string): Masked {
  const values: string[] = [];
  const lines: string[] = [];
  const source = text.replace(/^\ufeff/, '').split(/\r?\n/);
  for (let index = 0; index < source.length; index += 1) {
    const match = LINE.exec(source[index] ?? '');
    if (!match) continue;
    const [, lead = '', name = '', equals = '', rest = ''] = match;
    let value = rest.trim();
    const quote = /^["'`]/.exec(value)?.[0];
    if (quote && !closes(value, quote)) {
      // To the line that closes it, or to the end.
      for (let open = true; open && index + 1 < source.length; ) {
        index += 1;
        value += `
${source[index]}`;
        open = !(source[index] ?? '').includes(quote);
      }
    }
    const bare = quote
      ? value.slice(1, value.lastIndexOf(quote) > 0 ? value.lastIndexOf(quote) : undefined)
      : value.replace(/\s+#.*$/, '').trim();
    if (HARMLESS.test(bare)) lines.push(`${lead}${name}${equals}${bare}`);
    else {
      values.push(...spellings(bare));
      lines.push(`${lead}${name}${equals}${placeholder(name, bare)}`);
    }
  }
  return {
    content: lines.map((line) => `${line}\n`).join(''),
    values: values.filter((value) => value.length >= SHORTEST_SECRET),
  };
}

/** Settings stay but for what opens doors. */
export function maskSettings(text: string): Masked {
  const values: string[] = [];
  const content = text.replace(
    /^(.*(?:_auth|_password|authtoken|authident|username)\w*"?\s*[=:]\s*)(\S.*?)\s*$/gim,
    (_, lead: string, value: string) => {
      values.push(value.replace(/^["']|["']$/g, ''));
      return `${lead}masked`;
    },
  );
  return { content, values: values.filter((value) => value.length >= SHORTEST_SECRET) };
}

/** Keys and passwords: nothing of them is left. */
export function maskKeyFile(text: string): Masked {
  const values = text.split(/\s+/).filter((word) => word.length >= SHORTEST_KEY);
  return { content: text.trim() === '' ? text : 'masked\n', values };
}

const closes = (value: string, quote: string) => value.length > 1 && value.indexOf(quote, 1) > 0;

/** An address stays one, so that what parses it still can. */
function placeholder(name: string, value: string): string {
  const scheme = /^([a-z][\w+.-]*:\/\/)/i.exec(value)?.[1];
  const word = `masked-${name.toLowerCase().replace(/[^a-z\d]+/g, '-')}`;
  return scheme ? `${scheme}${word}.invalid` : word;
}

/** As it stands, its lines, and the password of an address. */
function spellings(value: string): readonly string[] {
  const password = /:\/\/[^:/@\s]*:([^@/\s]+)@/.exec(value)?.[1];
  const lines = value.includes('\n') ? value.split('\n') : [];
  return [
    value,
    value.replaceAll('\\n', '\n'),
    ...lines.map((line) => line.trim()),
    ...(password ? [password] : []),
  ].filter((each) => each !== '');
}
