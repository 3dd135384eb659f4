/** curl's patterns in addresses: `{one,two}`, `[1-9]`, `[01-10:2]`, `[a-f]`. */

export interface GlobbedUrl {
  url: string;
  /** What each pattern stands for, for `#1` in the name of an output. */
  parts: string[];
}

/** All addresses, the last pattern changing fastest. */
export function expandUrl(text: string): GlobbedUrl[] {
  const pieces = text.split(/(\{[^{}]*\}|\[[^[\]]*\])/);
  let found: GlobbedUrl[] = [{ url: '', parts: [] }];
  for (const piece of pieces) {
    const choices = choicesOf(piece);
    found = found.flatMap(({ url, parts }) =>
      choices
        ? choices.map((choice) => ({ url: url + choice, parts: [...parts, choice] }))
        : [{ url: url + piece, parts }],
    );
  }
  return found;
}

/** Undefined for what is no pattern, as an IPv6 address. */
function choicesOf(piece: string): string[] | undefined {
  if (piece.startsWith('{') && piece.endsWith('}') && piece.length > 2) return piece.slice(1, -1).split(',');
  const numbers = /^\[(\d+)-(\d+)(?::(\d+))?\]$/.exec(piece);
  if (numbers) {
    const [, from = '', to = '', step = '1'] = numbers;
    const width = from.startsWith('0') ? from.length : 0;
    return range(Number(from), Number(to), Number(step)).map((value) => String(value).padStart(width, '0'));
  }
  const letters = /^\[([a-zA-Z])-([a-zA-Z])(?::(\d+))?\]$/.exec(piece);
  if (!letters) return undefined;
  const [, from = '', to = '', step = '1'] = letters;
  return range(from.charCodeAt(0), to.charCodeAt(0), Number(step)).map((code) => String.fromCharCode(code));
}

function range(from: number, to: number, step: number): number[] {
  const values: number[] = [];
  for (let value = from; value <= to && step > 0; value += step) values.push(value);
  return values;
}

/** The name of an output with its `#1` filled in. */
export function fillName(name: string, parts: readonly string[]): string {
  return name.replace(/#(\d+)/g, (all, number: string) => parts[Number(number) - 1] ?? all);
}
