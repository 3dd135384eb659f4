/** The few places where Node's library must differ. */

import { BROWSER } from './patches/browser.ts';
import { ERRORS } from './patches/errors.ts';
import { LATE_LOADING } from './patches/late-loading.ts';
import type { Patch } from './patches/patch.ts';
import { REHEARSAL } from './patches/rehearsal.ts';
import { TURNS } from './patches/turns.ts';

/** What only adds text leaves the rest of its line as it is, in error messages too: add rather than replace. */
export const PATCHES: readonly Patch[] = [...TURNS, ...ERRORS, ...LATE_LOADING, ...REHEARSAL, ...BROWSER];
