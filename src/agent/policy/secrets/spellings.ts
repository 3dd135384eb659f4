/** The ways in which a program may write a value so that it no longer reads as it stands: backwards, encoded, in pieces. */

/** Shorter ones turn up by chance. */
const SHORTEST = 8;
const LONGEST = 200;
/** What stands between the pieces: blanks, line ends, quotes, commas. */
const GAP = '[\\s"\',.:;|_+\\[\\]-]{0,4}';
/** Where a dump goes on in its next line: text beside the bytes, then the offset. */
const BREAK = '(?: {2}[^\\n]{0,24})?\\n[\\da-f]{5,8}:? +';
const BETWEEN = `(?:${BREAK}|${GAP})`;
const BETWEEN_BYTES = `(?:${BREAK}|[\\s,]{0,2}0x|[\\s:,\\\\x-]{0,4})`;

/** A pattern of all spellings of a value, the value itself among them. */
export function spellingsOf(value: string): RegExp {
  const plain = quote(value);
  if (value.length < SHORTEST || value.length > LONGEST) return new RegExp(plain, 'g');
  const characters = [...value];
  const backwards = characters.toReversed();
  const codes = characters.map((character) => character.codePointAt(0) ?? 0);
  const hex = hexOf(value);
  const loose = (parts: readonly string[]) => parts.map(quote).join(BETWEEN);
  const spellings = [
    plain,
    loose(characters),
    loose(backwards),
    hex.join(BETWEEN_BYTES),
    hex.toReversed().join(BETWEEN_BYTES),
    hex.map((pair) => `\\\\u00${pair}`).join(''),
    codes.map(String).join('[\\s,]{1,3}'),
    codes.map((code) => `0?${code.toString(8)}`).join('[\\s,\\\\]{1,3}'),
    ...base64Of(value),
    ...base64Of(backwards.join('')),
    quote(rotated(value)),
    quote(encodeURIComponent(value)),
  ];
  return new RegExp([...new Set(spellings.filter((each) => each !== ''))].join('|'), 'gi');
}

const quote = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

const hexOf = (value: string): readonly string[] =>
  Array.from(new TextEncoder().encode(value), (byte) => byte.toString(16).padStart(2, '0'));

/** What of the value's base64 does not depend on what stands around it, for each place in a group of three bytes. Lines may be broken. */
function base64Of(value: string): readonly string[] {
  const bytes = new TextEncoder().encode(value);
  return [0, 1, 2].map((before) => {
    const padded = new Uint8Array(before + bytes.length);
    padded.set(bytes, before);
    const text = btoa(String.fromCharCode(...padded)).replace(/=+$/, '');
    const whole = Math.floor((padded.length * 8) / 6);
    const from = Math.ceil((before * 8) / 6);
    return [...text.slice(from, whole)]
      .map((character) => (character === '+' ? '[+-]' : character === '/' ? '[/_]' : character))
      .join('\\s{0,2}');
  });
}

/** By 13 letters. */
const rotated = (value: string): string =>
  value.replace(/[a-z]/gi, (letter) =>
    String.fromCharCode(letter.charCodeAt(0) + (letter.toLowerCase() < 'n' ? 13 : -13)),
  );
