/** A regular expression that cannot run for ever: what could is left to an engine whose time grows with the text alone. */

/** Whether, and where, a line matches: the offset, or -1. */
export type FindInLine = (line: string) => number;

export type LinePattern =
  | { readonly ok: true; readonly find: FindInLine; readonly longest: number }
  | { readonly ok: false; readonly problem: string };

/** With one unbounded repetition inside another, or several in a row, V8 may need exponential or high polynomial time. */
const MOST_REPETITIONS = 3;
/** Characters of a line that V8 is given with that many repetitions. */
const LONGEST_LINE = 2000;

export async function compileLinePattern(source: string, ignoreCase: boolean): Promise<LinePattern> {
  const flags = ignoreCase ? 'i' : '';
  let native: RegExp;
  try {
    native = new RegExp(source, flags);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { ok: false, problem: error.message };
  }
  const { nested, repetitions } = repetitionsIn(source);
  const isSafe = !nested && repetitions <= MOST_REPETITIONS;
  const quick: FindInLine = (line) => line.search(native);
  if (isSafe && repetitions <= 1) return { ok: true, find: quick, longest: 200_000 };
  const { RE2JS, RE2Flags } = await loadLinear();
  try {
    const linear = RE2JS.compile(source, ignoreCase ? RE2Flags.CASE_INSENSITIVE : 0);
    const slow: FindInLine = (line) => {
      const matcher = linear.matcher(line);
      return matcher.find() ? matcher.start() : -1;
    };
    return {
      ok: true,
      find: isSafe ? (line) => (line.length <= LONGEST_LINE ? quick(line) : slow(line)) : slow,
      longest: 200_000,
    };
  } catch {
    // The linear engine knows no look-around and no back reference.
    if (isSafe) return { ok: true, find: quick, longest: LONGEST_LINE };
    return {
      ok: false,
      problem: 'it repeats what repeats and looks around or back, which may take for ever: write it simpler',
    };
  }
}

async function loadLinear() {
  const { RE2JS } = await import('re2js');
  return { RE2JS, RE2Flags: { CASE_INSENSITIVE: RE2JS.CASE_INSENSITIVE } };
}

/** How many repetitions without an end a pattern has, and whether one contains another repetition or a choice. */
export function repetitionsIn(source: string): { nested: boolean; repetitions: number } {
  const groups: boolean[] = [];
  let repetitions = 0;
  let nested = false;
  // Whether what stands before the current place is a group that repeats or chooses.
  let varied = false;
  for (const [token] of source.matchAll(
    /\\.|\[(?:\\.|[^\]\\])*\]|\((?:\?(?:<?[=!]|:|<\w+>))?|\)|[|]|[*+?]\??|\{\d*(?:,\d*)?\}\??|./gs,
  )) {
    if (token.startsWith('(')) groups.push(false);
    else if (token === ')') {
      varied = groups.pop() ?? false;
      if (varied && groups.length > 0) groups[groups.length - 1] = true;
      continue;
    } else if (token === '|') {
      if (groups.length > 0) groups[groups.length - 1] = true;
    } else if (/^(?:[*+?]|\{\d)/.test(token)) {
      const isLong = /^[*+]|,\}/.test(token) || Number(/(\d+)\}/.exec(token)?.[1] ?? 0) > 10;
      if (isLong) repetitions += 1;
      if (isLong && varied) nested = true;
      if (groups.length > 0) groups[groups.length - 1] = true;
    }
    varied = false;
  }
  return { nested, repetitions };
}
