import { rg } from '../ripgrep/ripgrep.ts';
import type { Utility } from '../utility.ts';

export const utilities: Record<string, Utility> = { rg };
