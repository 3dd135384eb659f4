import { curl } from '../http/curl.ts';
import { wget } from '../http/wget.ts';
import type { Utility } from '../utility.ts';

export const utilities: Record<string, Utility> = { curl, wget };
