import { awk } from '../awk/awk.ts';
import { diff } from '../utilities/diff.ts';
import { patch } from '../utilities/patch.ts';
import type { Utility } from '../utility.ts';

export const utilities: Record<string, Utility> = { awk, gawk: awk, mawk: awk, diff, patch };
