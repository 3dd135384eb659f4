/** The sets of tr: bytes, ranges, classes, repeats and escapes, in order. */
import { bytesOfText } from '../../kernel/byte-text.ts';

export interface TrSet {
  readonly bytes: readonly number[];
  /** Where the repeat that fills the set up (`[x*]`) stands, and what it repeats. */
  readonly fill: { readonly at: number; readonly byte: number } | null;
  readonly hasFills: boolean;
  readonly hasTwoFills: boolean;
  readonly hasEquivalence: boolean;
  readonly hasClass: boolean;
  /** Of letters of one case there may be classes in the second set, too. */
  readonly hasOtherClass: boolean;
  readonly endsWithClass: boolean;
  /** Where its classes of letters of one case begin. */
  readonly cases: readonly number[];
}

/** What is wrong with a set, in GNU's words. */
export class TrSetError extends Error {}

const CLASSES: Readonly<Record<string, RegExp>> = {
  alpha: /[A-Za-z]/,
  digit: /\d/,
  alnum: /[A-Za-z0-9]/,
  upper: /[A-Z]/,
  lower: /[a-z]/,
  space: /[\t-\r ]/,
  blank: /[ \t]/,
  cntrl: /[^ -~]/,
  punct: /[!-/:-@[-`{-~]/,
  xdigit: /[0-9a-fA-F]/,
  print: /[ -~]/,
  graph: /[!-~]/,
};
const ESCAPES: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, f: 12, v: 11, a: 7, b: 8 };

interface Letter {
  readonly byte: number;
  /** It stands for itself, whatever it is. */
  readonly isEscaped: boolean;
}

/** `onWarning` is told what GNU warns of. Throws a TrSetError. */
export function parseTrSet(text: string, onWarning: (text: string) => void): TrSet {
  const letters = readLetters(bytesOfText(text), onWarning);
  const builder = new Builder();
  for (let at = 0; at < letters.length; ) at += takeBracket(letters, at, builder) ?? takeRange(letters, at, builder);
  return builder.set;
}

class Builder {
  readonly set = {
    bytes: [] as number[],
    fill: null as TrSet['fill'],
    hasFills: false,
    hasTwoFills: false,
    hasEquivalence: false,
    hasClass: false,
    hasOtherClass: false,
    endsWithClass: false,
    cases: [] as number[],
  };

  add(...bytes: number[]): void {
    for (const byte of bytes) this.set.bytes.push(byte);
    this.set.endsWithClass = false;
  }

  addClass(name: string): void {
    const test = CLASSES[name];
    if (!test) throw new TrSetError(`invalid character class ‘${name}’`);
    this.set.hasClass = true;
    if (name === 'upper' || name === 'lower') this.set.cases.push(this.set.bytes.length);
    else this.set.hasOtherClass = true;
    for (let byte = 0; byte < 128; byte++) if (test.test(String.fromCharCode(byte))) this.set.bytes.push(byte);
    this.set.endsWithClass = true;
  }

  addFill(byte: number): void {
    this.set.hasTwoFills = this.set.hasFills;
    this.set.hasFills = true;
    this.set.fill ??= { at: this.set.bytes.length, byte };
    this.set.endsWithClass = false;
  }
}

function readLetters(bytes: Uint8Array, onWarning: (text: string) => void): Letter[] {
  const letters: Letter[] = [];
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  for (const [whole, octal, escaped, plain] of text.matchAll(/\\([0-7]{1,3})|\\([\s\S])|([\s\S])/g)) {
    if (octal !== undefined) addOctal(letters, octal, onWarning);
    else if (escaped !== undefined) letters.push({ byte: ESCAPES[escaped] ?? escaped.charCodeAt(0), isEscaped: true });
    else if (plain !== undefined) letters.push({ byte: plain.charCodeAt(0), isEscaped: false });
    if (whole === '\\') onWarning('warning: an unescaped backslash at end of string is not portable');
  }
  return letters;
}

function addOctal(letters: Letter[], digits: string, onWarning: (text: string) => void): void {
  const value = Number.parseInt(digits, 8);
  if (value < 256) {
    letters.push({ byte: value, isEscaped: true });
    return;
  }
  const [first, last] = [digits.slice(0, 2), digits.slice(2)];
  onWarning(
    `warning: the ambiguous octal escape \\${digits} is being\n\tinterpreted as the 2-byte sequence \\0${first}, ${last}`,
  );
  letters.push({ byte: Number.parseInt(first, 8), isEscaped: true }, { byte: last.charCodeAt(0), isEscaped: false });
}

const isSign = (letter: Letter | undefined, sign: string): boolean =>
  letter !== undefined && !letter.isEscaped && letter.byte === sign.charCodeAt(0);

/** `[:class:]`, `[=c=]`, `[c*n]`: how many letters it takes; undefined when there is none of them here. */
function takeBracket(letters: readonly Letter[], at: number, builder: Builder): number | undefined {
  if (!isSign(letters[at], '[')) return undefined;
  return takeNamed(letters, at, builder) ?? takeRepeat(letters, at, builder);
}

function takeNamed(letters: readonly Letter[], at: number, builder: Builder): number | undefined {
  const sign = [':', '='].find((each) => isSign(letters[at + 1], each));
  if (sign === undefined) return undefined;
  const end = letters.findIndex(
    (letter, index) => index > at + 1 && isSign(letter, sign) && isSign(letters[index + 1], ']'),
  );
  if (end < 0) return undefined;
  const inner = letters.slice(at + 2, end).map(({ byte }) => byte);
  const name = String.fromCharCode(...inner);
  const length = end + 2 - at;
  if (inner.length === 0)
    throw new TrSetError(
      sign === ':' ? "missing character class name '[::]'" : "missing equivalence class character '[==]'",
    );
  if (sign === ':') {
    // `[:*]` repeats a colon.
    if (!Object.hasOwn(CLASSES, name) && takesRepeat(letters, at)) return undefined;
    builder.addClass(name);
    return length;
  }
  if (inner.length > 1) {
    if (takesRepeat(letters, at)) return undefined;
    throw new TrSetError(`${name}: equivalence class operand must be a single character`);
  }
  builder.add(...inner);
  builder.set.hasEquivalence = true;
  return length;
}

const takesRepeat = (letters: readonly Letter[], at: number): boolean => isSign(letters[at + 2], '*');

function takeRepeat(letters: readonly Letter[], at: number, builder: Builder): number | undefined {
  const repeated = letters[at + 1];
  if (!repeated || !takesRepeat(letters, at)) return undefined;
  const end = letters.findIndex((letter, index) => index > at + 2 && isSign(letter, ']'));
  if (end < 0) return undefined;
  const count = String.fromCharCode(...letters.slice(at + 3, end).map(({ byte }) => byte));
  if (!/^\d*$/.test(count) || (count.startsWith('0') && /[89]/.test(count)))
    throw new TrSetError(`invalid repeat count ‘${count}’ in [c*n] construct`);
  const times = Number.parseInt(count || '0', count.startsWith('0') ? 8 : 10);
  if (times === 0) builder.addFill(repeated.byte);
  // More than there are bytes can be of no use.
  else builder.add(...Array(Math.min(times, 65_536)).fill(repeated.byte));
  return end + 1 - at;
}

function takeRange(letters: readonly Letter[], at: number, builder: Builder): number {
  const first = letters[at] as Letter;
  const last = letters[at + 2];
  if (!isSign(letters[at + 1], '-') || !last) {
    builder.add(first.byte);
    return 1;
  }
  if (last.byte < first.byte)
    throw new TrSetError(
      `range-endpoints of '${printable(first.byte)}-${printable(last.byte)}' are in reverse collating sequence order`,
    );
  for (let byte = first.byte; byte <= last.byte; byte++) builder.add(byte);
  return 3;
}

const printable = (byte: number): string =>
  byte >= 32 && byte < 127 ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
