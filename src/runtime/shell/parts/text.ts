import { awk } from '../awk/awk.ts';
import { diff } from '../utilities/diff.ts';
import * as encodings from '../utilities/encodings.ts';
import { patch } from '../utilities/patch.ts';
import * as small from '../utilities/small.ts';
import type { Utility } from '../utility.ts';

export const utilities: Record<string, Utility> = {
  ...encodings,
  ...small,
  more: small.less,
  awk,
  gawk: awk,
  mawk: awk,
  diff,
  patch,
};
