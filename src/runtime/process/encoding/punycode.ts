/** Punycode (RFC 3492), the way back only: hosts as they are shown. */

const BASE = 36;
const T_MIN = 1;
const T_MAX = 26;

/** Decodes the `xn--` labels of a host; a label that is not valid stays. */
export const decodePunycodeHost = (host: string): string =>
  host
    .split('.')
    .map((label) => (label.startsWith('xn--') ? (decodeLabel(label.slice(4)) ?? label) : label))
    .join('.');

/** Whether each `xn--` label of a host stands for a text that needs it, and that no mapping of UTS 46 would change. */
export const isPunycodeHost = (host: string): boolean =>
  host.split('.').every((label) => {
    if (!label.startsWith('xn--')) return true;
    const text = decodeLabel(label.slice(4)) ?? '';
    return /[^\0-\x7f]/.test(text) && text.normalize('NFKC').toLowerCase() === text;
  });

function decodeLabel(input: string): string | undefined {
  const dash = input.lastIndexOf('-');
  const output = Array.from(input.slice(0, Math.max(0, dash)), (character) => character.charCodeAt(0));
  let codePoint = 128;
  let bias = 72;
  let position = 0;
  for (let at = dash < 0 ? 0 : dash + 1; at < input.length; ) {
    const start = position;
    for (let weight = 1, k = BASE; ; k += BASE) {
      const digit = Number.parseInt(input[at++] ?? '', BASE);
      if (Number.isNaN(digit)) return undefined;
      // Letters come first, digits behind them.
      const value = digit < 10 ? digit + 26 : digit - 10;
      position += value * weight;
      const threshold = Math.min(T_MAX, Math.max(T_MIN, k - bias));
      if (value < threshold) break;
      weight *= BASE - threshold;
    }
    const length = output.length + 1;
    bias = adapt(position - start, length, start === 0);
    codePoint += Math.floor(position / length);
    if (codePoint > 0x10ffff) return undefined;
    position %= length;
    output.splice(position++, 0, codePoint);
  }
  return String.fromCodePoint(...output);
}

function adapt(delta: number, length: number, first: boolean): number {
  let rest = first ? Math.floor(delta / 700) : delta >> 1;
  rest += Math.floor(rest / length);
  let k = 0;
  for (; rest > ((BASE - T_MIN) * T_MAX) >> 1; k += BASE) rest = Math.floor(rest / (BASE - T_MIN));
  return k + Math.floor(((BASE - T_MIN + 1) * rest) / (rest + 38));
}
