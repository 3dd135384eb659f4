/** `gzip -l`: how large files are, packed and not. */

const FIXED_HEADER = 10;
/** Checksum and size. */
const TRAILER = 8;
const EXTRA = 4;
const NAME = 8;
const COMMENT = 16;
const HEADER_SUM = 2;

interface Sizes {
  packed: number;
  plain: number;
  /** Of the packed bytes those that tell of the file. */
  frame: number;
}

export class GzipList {
  readonly #heading: boolean;
  readonly #total: Sizes = { packed: 0, plain: 0, frame: 0 };
  #count = 0;

  constructor(heading: boolean) {
    this.#heading = heading;
  }

  /** The lines of one file, by the name that it has unpacked. Throws when it is no gzip. */
  add(name: string, packed: Uint8Array): string {
    const sizes = sizesOf(packed);
    this.#total.packed += sizes.packed;
    this.#total.plain += sizes.plain;
    this.#total.frame = sizes.frame;
    this.#count += 1;
    const heading = `${columns('compressed', 'uncompressed')}  ratio uncompressed_name\n`;
    return (this.#heading && this.#count === 1 ? heading : '') + line(sizes, name);
  }

  end(): string {
    return this.#count > 1 && this.#heading ? line(this.#total, '(totals)') : '';
  }
}

const columns = (packed: string, plain: string) => `${packed.padStart(19)} ${plain.padStart(19)}`;

function line({ packed, plain, frame }: Sizes, name: string): string {
  const ratio = plain === 0 ? 0 : (100 * (plain - (packed - frame))) / plain;
  return `${columns(String(packed), String(plain))} ${ratio.toFixed(1).padStart(5)}% ${name}\n`;
}

/** As they stand in the file: of more than one member, the last one's size. */
function sizesOf(bytes: Uint8Array): Sizes {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b || bytes.length < FIXED_HEADER + TRAILER)
    throw new Error('not in gzip format');
  const flags = bytes[3] ?? 0;
  let header = FIXED_HEADER;
  const skipText = () => {
    while (header < bytes.length && bytes[header] !== 0) header += 1;
    header += 1;
  };
  if (flags & EXTRA) header += 2 + (bytes[header] ?? 0) + (bytes[header + 1] ?? 0) * 256;
  if (flags & NAME) skipText();
  if (flags & COMMENT) skipText();
  if (flags & HEADER_SUM) header += 2;
  const plain = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 4, 4).getUint32(0, true);
  return { packed: bytes.length, plain, frame: header + TRAILER };
}
