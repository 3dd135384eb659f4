import { curl } from '../http/curl.ts';
import type { Utility } from '../utility.ts';

export const utilities: Record<string, Utility> = { curl };
