import { curl } from '../http/curl.ts';
import { fuser, lsof, nc, ss } from '../http/ports.ts';
import { wget } from '../http/wget.ts';
import type { Utility } from '../utility.ts';

export const utilities: Record<string, Utility> = { curl, fuser, lsof, nc, ss, wget };
