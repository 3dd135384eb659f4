/** What `git apply` tells of a patch without putting it anywhere: `--stat`, `--numstat`, `--summary`. */
import { greatest } from '../../kernel/large-lists.ts';
import type { FileChange } from './changes.ts';
import { type Counts, graphOf, NO_OBJECT, quotePath, summary, totals } from './diff-output.ts';

export interface CountedChange extends Counts {
  from: string | undefined;
  to: string | undefined;
  mode: number;
}

export type ReportFormat = 'stat' | 'numstat' | 'summary';

export function patchReport(changes: readonly CountedChange[], formats: readonly ReportFormat[]): string {
  const parts = {
    stat: () => statTable(changes),
    numstat: () => changes.map((item) => `${item.added}\t${item.deleted}\t${nameOf(item)}\n`).join(''),
    summary: () => summary(changes.map(asChange)),
  };
  return formats.map((format) => parts[format]()).join('');
}

const nameOf = ({ from, to }: CountedChange): string => quotePath(to ?? from ?? '');

const LINE = 79;

/** Not as wide as that of `git diff`, and with the new names alone. */
function statTable(changes: readonly CountedChange[]): string {
  const width = Math.min(50, greatest(changes.map((item) => nameOf(item).length)));
  const most = greatest(changes.map(({ added, deleted }) => added + deleted));
  const room = Math.min(most, LINE - width - 10);
  const rows = changes.map((item) => {
    const count = String(item.added + item.deleted).padStart(5);
    return ` ${nameOf(item).slice(-width).padEnd(width)} |${count} ${graphOf(item, room, most)}\n`;
  });
  return rows.join('') + totals(changes);
}

function asChange({ from, to, mode }: CountedChange): FileChange {
  const path = to ?? from ?? '';
  const state = { mode, oid: NO_OBJECT };
  return {
    status: from === undefined ? 'A' : to === undefined ? 'D' : from === to ? 'M' : 'R',
    path,
    oldPath: from ?? path,
    before: from === undefined ? undefined : state,
    after: to === undefined ? undefined : state,
    similarity: 100,
  };
}
