/** The programs of GNU tar that are not here, and are met. */
export interface MissingCompressor {
  program: string;
  flag?: string;
  /** Of names of archives, for `-a`. */
  ending: RegExp;
  /** What it packs begins so. */
  start: readonly number[];
}

export const MISSING_COMPRESSORS: readonly MissingCompressor[] = [
  { program: 'bzip2', flag: 'j', ending: /\.(?:bz2|tbz2?|tz2)$/, start: [0x42, 0x5a, 0x68] },
  { program: 'xz', flag: 'J', ending: /\.(?:xz|txz)$/, start: [0xfd, 0x37, 0x7a, 0x58, 0x5a] },
  { program: 'zstd', ending: /\.(?:zst|tzst)$/, start: [0x28, 0xb5, 0x2f, 0xfd] },
];
