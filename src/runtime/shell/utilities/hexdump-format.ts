/** `hexdump -e`: formats of one's own, as `4/1 "%02x " "\n"`. */
import { CONTROL_ESCAPES } from './control-escapes.ts';
import { floatDigits } from './float-format.ts';

type Piece =
  | { kind: 'text'; text: string }
  | { kind: 'address'; letter: string; spec: string; atEnd: boolean }
  | { kind: 'value'; letter: string; spec: string; size: number };

interface Unit {
  count: number;
  /** The count was given: it does not grow to fill the block. */
  fixed: boolean;
  pieces: Piece[];
  size: number;
}

export interface HexFormat {
  units: Unit[];
  size: number;
}

export class BadFormat extends Error {}

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  0: '\0',
};
const DEFAULT_SIZES: Readonly<Record<string, number>> = {
  c: 1,
  d: 4,
  i: 4,
  o: 4,
  u: 4,
  x: 4,
  X: 4,
  e: 8,
  E: 8,
  f: 8,
  g: 8,
  G: 8,
  _c: 1,
  _p: 1,
  _u: 1,
};

/** Throws {@link BadFormat}, with the words for it. */
export function readHexFormats(texts: readonly string[]): { formats: HexFormat[]; block: number } {
  const formats = texts.map((text): HexFormat => {
    const units: Unit[] = [];
    const rest = text.replace(
      /\s*(?:(\d+)?\s*(?:\/\s*(\d+))?\s*)"((?:[^"\\]|\\.)*)"\s*/gy,
      (_, count: string | undefined, size: string | undefined, body: string) => {
        units.push(readUnit(body, count, size));
        return '';
      },
    );
    if (rest.trim() !== '') throw new BadFormat(`bad format {${text}}`);
    return { units, size: units.reduce((sum, unit) => sum + unit.count * unit.size, 0) };
  });
  const block = Math.max(0, ...formats.map(({ size }) => size));
  for (const format of formats) {
    const last = format.units.findLast(({ size }) => size > 0);
    if (last && !last.fixed && format.size < block) last.count += Math.floor((block - format.size) / last.size);
  }
  return { formats, block };
}

function readUnit(body: string, count: string | undefined, size: string | undefined): Unit {
  const text = body.replace(/\\(.)/gs, (_, char: string) => ESCAPES[char] ?? char);
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(/%%|%([-+ #0]*\d*)(?:\.(\d+))?(_[acpuA][dox]?|[a-zA-Z])/g)) {
    pieces.push({ kind: 'text', text: text.slice(at, match.index) });
    at = match.index + match[0].length;
    const [all, flags = '', precision, letter = ''] = match;
    const spec = flags + (precision === undefined ? '' : `.${precision}`);
    if (all === '%%') pieces.push({ kind: 'text', text: '%' });
    else if (/^_[aA]/.test(letter))
      pieces.push({ kind: 'address', letter: letter[2] ?? 'd', spec, atEnd: letter[1] === 'A' });
    else if (letter === 's') {
      const bytes = size ?? precision;
      if (bytes === undefined) throw new BadFormat('%s requires a precision or a byte count');
      pieces.push({ kind: 'value', letter, spec, size: Number(bytes) });
    } else {
      const usual = DEFAULT_SIZES[letter];
      if (usual === undefined) throw new BadFormat(`bad conversion character %${letter}`);
      pieces.push({ kind: 'value', letter, spec, size: Number(size ?? usual) });
    }
  }
  pieces.push({ kind: 'text', text: text.slice(at) });
  const bytes = pieces.reduce((sum, piece) => sum + (piece.kind === 'value' ? piece.size : 0), 0);
  return { count: Number(count ?? 1), fixed: count !== undefined, pieces, size: bytes };
}

/** What the formats make of a block, which may end before they do. */
export function formatBlock(formats: readonly HexFormat[], block: Uint8Array, address: number): string {
  let output = '';
  for (const { units } of formats) {
    let at = 0;
    for (const { count, pieces } of units) {
      for (let i = 0; i < count; i += 1) {
        const closing = count > 1 && i === count - 1;
        for (const [index, piece] of pieces.entries()) {
          if (piece.kind === 'text') {
            // The space between repetitions does not follow the last.
            output += closing && index === pieces.length - 1 ? piece.text.trimEnd() : piece.text;
          } else if (piece.kind === 'address') {
            if (!piece.atEnd) output += addressText(piece, address + at);
          } else {
            const bytes = block.subarray(at, at + piece.size);
            output +=
              bytes.length === 0
                ? padded('', piece.spec.replace(/[-+ #0]*(?=\d*)/, '').replace(/\..*/, ''))
                : valueText(piece, bytes);
            at += piece.size;
          }
        }
      }
    }
  }
  return output;
}

/** What `%_A` says behind the last byte. */
export function formatEnd(formats: readonly HexFormat[], address: number): string {
  for (const { units } of formats)
    for (const { pieces } of units)
      for (const [index, piece] of pieces.entries()) {
        if (piece.kind !== 'address' || !piece.atEnd) continue;
        const around = (other: Piece | undefined) => (other?.kind === 'text' ? other.text : '');
        return around(pieces[index - 1]) + addressText(piece, address) + around(pieces[index + 1]);
      }
  return '';
}

const addressText = ({ letter, spec }: { letter: string; spec: string }, address: number): string =>
  padded(digits(BigInt(address), letter, spec), spec);

function digits(value: bigint, letter: string, spec: string): string {
  const base = /x/i.test(letter) ? 16 : letter === 'o' ? 8 : 10;
  const text = (value < 0n ? -value : value).toString(base).padStart(Number(/\.(\d+)/.exec(spec)?.[1] ?? 0), '0');
  const sign = value < 0n ? '-' : /^[-#0 ]*\+/.test(spec) ? '+' : '';
  const prefix = /^[-+ 0]*#/.test(spec) && base !== 10 && value !== 0n ? (base === 16 ? '0x' : '0') : '';
  const shown = sign + prefix + text;
  return letter === 'X' ? shown.toUpperCase() : shown;
}

function padded(text: string, spec: string): string {
  const [, flags = '', width = ''] = /^([-+ #0]*)(\d*)/.exec(spec) ?? [];
  const size = Number(width || 0);
  if (flags.includes('-')) return text.padEnd(size);
  return flags.includes('0') && !spec.includes('.') ? text.padStart(size, '0') : text.padStart(size);
}

const NAMES =
  'nul soh stx etx eot enq ack bel bs ht lf vt ff cr so si dle dc1 dc2 dc3 dc4 nak syn etb can em sub esc fs gs rs us'.split(
    ' ',
  );

function valueText({ letter, spec, size }: { letter: string; spec: string; size: number }, bytes: Uint8Array): string {
  const [byte = 0] = bytes;
  const printable = byte >= 32 && byte < 127;
  switch (letter) {
    case 'c':
      return padded(String.fromCharCode(byte), spec);
    case '_p':
      return padded(printable ? String.fromCharCode(byte) : '.', spec);
    case '_c':
      return padded(
        byte === 0
          ? '\\0'
          : (CONTROL_ESCAPES[byte] ?? (printable ? String.fromCharCode(byte) : byte.toString(8).padStart(3, '0'))),
        spec,
      );
    case '_u':
      return padded(
        NAMES[byte] ?? (byte === 127 ? 'del' : printable ? String.fromCharCode(byte) : byte.toString(16)),
        spec,
      );
    case 's': {
      const end = bytes.indexOf(0);
      return padded(
        new TextDecoder('latin1').decode(end === -1 ? bytes : bytes.subarray(0, end)),
        spec.replace(/\..*/, ''),
      );
    }
  }
  const whole = new Uint8Array(8);
  whole.set(bytes.subarray(0, Math.min(8, size)));
  const view = new DataView(whole.buffer);
  if (/[eEfgG]/.test(letter)) {
    const value = size === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
    const places = Number(/\.(\d+)/.exec(spec)?.[1] ?? 6);
    const sign = value < 0 || Object.is(value, -0) ? '-' : '';
    return padded(sign + floatDigits(letter, Math.abs(value), places), spec);
  }
  const unsigned = view.getBigUint64(0, true);
  return padded(digits(/[di]/.test(letter) ? BigInt.asIntN(size * 8, unsigned) : unsigned, letter, spec), spec);
}
