/** What git says to one whose push was refused. */
import type { RefRow } from './ref-table.ts';

const NOTE = "hint: See the 'Note about fast-forwards' in 'git push --help' for details.\n";

export const tipBehind = `hint: Updates were rejected because the tip of your current branch is behind
hint: its remote counterpart. Integrate the remote changes (e.g.
hint: 'git pull ...') before pushing again.
${NOTE}`;

export const otherBehind = `hint: Updates were rejected because a pushed branch tip is behind its remote
hint: counterpart. Check out this branch and integrate the remote changes
hint: (e.g. 'git pull ...') before pushing again.
${NOTE}`;

export const fetchFirst = `hint: Updates were rejected because the remote contains work that you do
hint: not have locally. This is usually caused by another repository pushing
hint: to the same ref. You may want to first integrate the remote changes
hint: (e.g., 'git pull ...') before pushing again.
${NOTE}`;

export const tagExists = 'hint: Updates were rejected because the tag already exists in the remote.\n';

export const destinationNotFound = (source: string, to: string): string =>
  `error: The destination you provided is not a full refname (i.e.,
starting with "refs/"). We tried to guess what you meant by:

- Looking for a ref that matches '${to}' on the remote side.
- Checking if the <src> being pushed ('${source}')
  is a ref in "refs/{heads,tags}/". If so we add a corresponding
  refs/{heads,tags}/ prefix on the remote side.

Neither worked, so we gave up. You must fully qualify the ref.
hint: The <src> part of the refspec is a commit object.
hint: Did you mean to create a new branch by pushing to
hint: '${source}:refs/heads/${to}'?
`;

const CHECKED_OUT = `By default, updating the current branch in a non-bare repository
is denied, because it will make the index and work tree inconsistent
with what you pushed, and will require 'git reset --hard' to match
the work tree to HEAD.

You can set the 'receive.denyCurrentBranch' configuration variable
to 'ignore' or 'warn' in the remote repository to allow pushing into
its current branch; however, this is not recommended unless you
arranged to update its work tree to match what you pushed in some
other way.

To squelch this message and still keep the default behaviour, set
'receive.denyCurrentBranch' configuration variable to 'refuse'.`;

/** git pads what the other side says. */
export function checkedOut(rows: readonly RefRow[]): string {
  const row = rows.find(({ summary }) => summary === '[remote rejected]');
  const text = `error: refusing to update checked out branch: refs/heads/${row?.to}\nerror: ${CHECKED_OUT}`;
  return text
    .split('\n')
    .map((line) => `remote: ${line}${line === '' ? '' : '        '}\n`)
    .join('');
}
