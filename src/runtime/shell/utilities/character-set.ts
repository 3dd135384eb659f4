const CHARACTER_CLASSES: Readonly<Record<string, RegExp>> = {
  alpha: /[A-Za-z]/,
  digit: /\d/,
  alnum: /[A-Za-z0-9]/,
  upper: /[A-Z]/,
  lower: /[a-z]/,
  space: /[\t-\r ]/,
  blank: /[ \t]/,
  punct: /[!-/:-@[-`{-~]/,
  xdigit: /[0-9a-fA-F]/,
  print: /[ -~]/,
  graph: /[!-~]/,
};
const ASCII = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));
const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  f: '\f',
  v: '\v',
  a: '\x07',
  b: '\b',
  '\\': '\\',
};

/** The characters of a set of tr: ranges, classes and escapes, in order. `onBackward` is told of ranges that end before they begin. */
export function expandSet(text: string, onBackward: (range: string) => void = () => undefined): string[] {
  const set: string[] = [];
  let rest = text;
  const takeOne = (): string => {
    const escaped = /^\\([0-7]{1,3}|[\s\S])/.exec(rest);
    if (escaped?.[1] !== undefined) {
      rest = rest.slice(escaped[0].length);
      return /^[0-7]/.test(escaped[1])
        ? String.fromCharCode(Number.parseInt(escaped[1], 8))
        : (ESCAPES[escaped[1]] ?? escaped[1]);
    }
    const char = String.fromCodePoint(rest.codePointAt(0) ?? 0);
    rest = rest.slice(char.length);
    return char;
  };
  while (rest !== '') {
    const named = /^\[:(\w+):\]/.exec(rest);
    if (named) {
      const test = CHARACTER_CLASSES[named[1] ?? ''];
      set.push(...ASCII.filter((char) => test?.test(char)));
      rest = rest.slice(named[0].length);
      continue;
    }
    const first = takeOne();
    if (!/^-[\s\S]/.test(rest)) {
      set.push(first);
      continue;
    }
    rest = rest.slice(1);
    const last = takeOne();
    if (last < first) onBackward(`${first}-${last}`);
    for (let code = first.codePointAt(0) ?? 0; code <= (last.codePointAt(0) ?? 0); code += 1)
      set.push(String.fromCodePoint(code));
  }
  return set;
}
