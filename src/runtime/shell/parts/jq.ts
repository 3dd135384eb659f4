import { jq } from '../json/jq.ts';
import type { Utility } from '../utility.ts';

export const utilities: Record<string, Utility> = { jq };
