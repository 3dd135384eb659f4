import { awk } from '../awk/awk.ts';
import type { Utility } from '../utility.ts';

export const utilities: Record<string, Utility> = { awk, gawk: awk, mawk: awk };
