import { awk } from '../awk/awk.ts';
import { bc } from '../bc/bc.ts';
import * as blocks from '../utilities/blocks.ts';
import { comm } from '../utilities/comm.ts';
import { diff } from '../utilities/diff.ts';
import * as dumps from '../utilities/dumps.ts';
import * as encodings from '../utilities/encodings.ts';
import { envsubst } from '../utilities/envsubst.ts';
import { file } from '../utilities/file-type.ts';
import { flock } from '../utilities/flock.ts';
import { getopt } from '../utilities/getopt.ts';
import { iconv } from '../utilities/iconv.ts';
import * as identity from '../utilities/identity.ts';
import * as lines from '../utilities/line-tools.ts';
import * as tables from '../utilities/machine-tables.ts';
import { mkfifo } from '../utilities/mkfifo.ts';
import * as numberForms from '../utilities/number-forms.ts';
import { chgrp, chown } from '../utilities/owner.ts';
import { pr } from '../utilities/pages.ts';
import { patch } from '../utilities/patch.ts';
import { ps } from '../utilities/process-list.ts';
import * as search from '../utilities/process-search.ts';
import * as runners from '../utilities/runners.ts';
import { sdiff } from '../utilities/sdiff.ts';
import * as small from '../utilities/small.ts';
import * as split from '../utilities/split.ts';
import { stty } from '../utilities/stty.ts';
import * as sums from '../utilities/sums.ts';
import { tput } from '../utilities/tput.ts';
import { tree } from '../utilities/tree.ts';
import { tsort } from '../utilities/tsort.ts';
import { watch } from '../utilities/watch.ts';
import type { Utility } from '../utility.ts';

export const utilities: Record<string, Utility> = {
  ...blocks,
  ...dumps,
  hd: dumps.hexdump,
  ...encodings,
  ...identity,
  ...lines,
  ...numberForms,
  ...runners,
  ...search,
  ...small,
  ...split,
  ...sums,
  ...tables,
  bc,
  comm,
  chgrp,
  chown,
  ps,
  stty,
  tput,
  more: small.less,
  awk,
  gawk: awk,
  mawk: awk,
  diff,
  envsubst,
  flock,
  getopt,
  iconv,
  mkfifo,
  file,
  tree,
  pr,
  sdiff,
  tsort,
  watch,
  patch,
};
