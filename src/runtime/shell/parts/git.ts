import './buffer.ts';
import { git } from '../git/git.ts';
import type { Utility } from '../utility.ts';

export const utilities: Record<string, Utility> = { git };
