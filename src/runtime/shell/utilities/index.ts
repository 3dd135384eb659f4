/** Every utility, by its name. */

import { npm, npx } from '../../npm/npm.ts';
import { bash, sh } from '../sh.ts';
import type { Utility } from '../utility.ts';
import { cat } from './cat.ts';
import { cp, mv, rm } from './copy-move-remove.ts';
import { demux } from './demux.ts';
import { chmod, ln, mkdir, rmdir, touch } from './files.ts';
import { find } from './find.ts';
import { grep } from './grep.ts';
import { head, tail } from './head-tail.ts';
import { ls } from './ls.ts';
import { echo, printf } from './printf.ts';
import { sed } from './sed.ts';
import { sort } from './sort.ts';
import * as system from './system.ts';
import { wc } from './wc.ts';

export const utilities: ReadonlyMap<string, Utility> = new Map<string, Utility>([
  ['sh', sh],
  ['bash', bash],
  ['npm', npm],
  ['npx', npx],
  ['fixpoint-demux', demux],
  ['[', system.test],
  ['basename', system.basename],
  ['cat', cat],
  ['chmod', chmod],
  ['clear', system.clear],
  ['cp', cp],
  ['dirname', system.dirname],
  ['echo', echo],
  ['egrep', grep],
  ['env', system.env],
  ['false', () => 1],
  ['fgrep', grep],
  ['find', find],
  ['grep', grep],
  ['head', head],
  ['hostname', system.hostname],
  ['kill', system.kill],
  ['ln', ln],
  ['ls', ls],
  ['mkdir', mkdir],
  ['mv', mv],
  ['nproc', system.nproc],
  ['printf', printf],
  ['pwd', system.pwd],
  ['rm', rm],
  ['rmdir', rmdir],
  ['sed', sed],
  ['sleep', system.sleep],
  ['sort', sort],
  ['tail', tail],
  ['test', system.test],
  ['touch', touch],
  ['true', () => 0],
  ['uname', system.uname],
  ['wc', wc],
  ['which', system.which],
  ['whoami', system.whoami],
  ['yes', system.yes],
]);
