/** `git status --porcelain=v2`. */
import { conflictLetters, type StatusReport } from './commands/status.ts';
import { NO_OBJECT, octal, quotePath } from './diff-output.ts';
import type { Repository } from './repository.ts';
import { standingOf } from './tracking.ts';

interface Asked {
  branch: boolean;
  zero: boolean;
  ignored: readonly string[];
}

export async function porcelainV2(
  repository: Repository,
  report: StatusReport,
  { branch, zero, ignored }: Asked,
): Promise<string> {
  const end = zero ? '\0' : '\n';
  const name = (path: string) => (zero ? path : quotePath(path));
  const lines: string[] = [];
  if (branch) {
    lines.push(`# branch.oid ${(await repository.tryResolve('HEAD')) ?? '(initial)'}`);
    const current = repository.branch();
    lines.push(`# branch.head ${current ?? '(detached)'}`);
    const standing = current === undefined ? undefined : await standingOf(repository, current);
    if (standing) lines.push(`# branch.upstream ${standing.shown}`);
    if (standing?.distance) lines.push(`# branch.ab +${standing.distance.ahead} -${standing.distance.behind}`);
  }
  const head = await repository.headFiles();
  const index = repository.indexMap();
  const staged = new Map(report.staged.map((change) => [change.path, change]));
  const unstaged = new Map(report.unstaged.map((change) => [change.path, change]));
  for (const path of [...new Set([...staged.keys(), ...unstaged.keys()])].sort()) {
    const [x, y] = [staged.get(path), unstaged.get(path)];
    const from = x?.status === 'R' ? x.oldPath : path;
    const [before, now] = [head.get(from), index.get(path)];
    const work = y ? y.after : now;
    const modes = [before, now, work].map((state) => octal(state?.mode)).join(' ');
    const oids = [before, now].map((state) => state?.oid ?? NO_OBJECT).join(' ');
    const start = `${x?.status ?? '.'}${y?.status ?? '.'} N... ${modes} ${oids}`;
    if (x?.status === 'R') lines.push(`2 ${start} R${x.similarity} ${name(path)}${zero ? '\0' : '\t'}${name(from)}`);
    else lines.push(`1 ${start} ${name(path)}`);
  }
  for (const path of report.conflicts) {
    const { x, y } = conflictLetters(repository, path);
    const stages = [1, 2, 3].map((stage) =>
      repository.entries.find((entry) => entry.path === path && entry.stage === stage),
    );
    const modes = [...stages, repository.fileState(path)].map((state) => octal(state?.mode)).join(' ');
    lines.push(`u ${x}${y} N... ${modes} ${stages.map((state) => state?.oid ?? NO_OBJECT).join(' ')} ${name(path)}`);
  }
  for (const path of report.untracked) lines.push(`? ${name(path)}`);
  for (const path of ignored) lines.push(`! ${name(path)}`);
  return lines.map((line) => line + end).join('');
}
