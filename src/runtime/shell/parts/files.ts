import { gzip } from '../archive/gzip.ts';
import { tar } from '../archive/tar.ts';
import { unzip, zipinfo } from '../archive/unzip.ts';
import { zgrep } from '../archive/zgrep.ts';
import { zip } from '../archive/zip.ts';
import { rsync } from '../utilities/rsync.ts';
import type { Utility } from '../utility.ts';

export const utilities: Record<string, Utility> = {
  gunzip: gzip,
  gzip,
  rsync,
  tar,
  unzip,
  zcat: gzip,
  zip,
  zipinfo,
  zgrep,
};
