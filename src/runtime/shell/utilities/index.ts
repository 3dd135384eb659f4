/** Every utility, by its name. */

import { npm, npx } from '../../npm/npm.ts';
import { lazy, type PartName, partUtilities } from '../lazy.ts';
import { bash, sh } from '../sh.ts';
import type { Utility } from '../utility.ts';
import { cat } from './cat.ts';
import * as client from './client.ts';
import * as compare from './compare.ts';
import { cp, mv, rm } from './copy-move-remove.ts';
import { cut } from './cut.ts';
import { date } from './date.ts';
import { expr } from './expr.ts';
import { chmod, ln, mkdir, rmdir, touch } from './files.ts';
import { find } from './find.ts';
import { grep } from './grep.ts';
import { head, tail } from './head-tail.ts';
import { ls } from './ls.ts';
import * as paths from './paths.ts';
import { echo, printf } from './printf.ts';
import { sed } from './sed.ts';
import { seq } from './seq.ts';
import { sort } from './sort.ts';
import * as system from './system.ts';
import { tee } from './tee.ts';
import { timeout } from './timeout.ts';
import { tr } from './tr.ts';
import { uniq } from './uniq.ts';
import { wc } from './wc.ts';
import { xargs } from './xargs.ts';

const optional = Object.entries(partUtilities).flatMap(([part, names]) =>
  names.map((name): [string, Utility] => [name, lazy(part as PartName, name)]),
);

export const utilities: ReadonlyMap<string, Utility> = new Map<string, Utility>([
  ...optional,
  ['sh', sh],
  ['bash', bash],
  ['jsh', sh],
  ['xdg-open', client.xdgOpen],
  ['code', client.code],
  ['npm', npm],
  ['npx', npx],
  ['[', system.test],
  ['basename', system.basename],
  ['cut', cut],
  ['tr', tr],
  ['uniq', uniq],
  ['tee', tee],
  ['cmp', compare.cmp],
  ['md5sum', compare.md5sum],
  ['sha1sum', compare.sha1sum],
  ['sha256sum', compare.sha256sum],
  ['seq', seq],
  ['expr', expr],
  ['date', date],
  ['realpath', paths.realpath],
  ['readlink', paths.readlink],
  ['mktemp', paths.mktemp],
  ['stat', paths.stat],
  ['du', paths.du],
  ['xargs', xargs],
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
  ['timeout', timeout],
  ['touch', touch],
  ['true', () => 0],
  ['uname', system.uname],
  ['wc', wc],
  ['which', system.which],
  ['whoami', system.whoami],
  ['yes', system.yes],
]);
