/** The list of an interactive rebase: what is squashed goes behind its commit, and what the editor explains below it. */

interface Line {
  /** Of the list, with its newline. */
  text: string;
  id: string;
  subject: string;
}

/** `fixup! SUBJECT` and its like go behind the commit they mend, by its subject or its id, in the order they were made. */
export function autosquash(todo: string): string {
  const lines = (todo.match(/[^\n]+\n/g) ?? []).map((text): Line => {
    const [, id = '', subject = ''] = /^pick (\S+) (.*)$/m.exec(text) ?? [];
    return { text, id, subject };
  });
  const groups: { first: Line; lines: string[] }[] = [];
  for (const line of lines) {
    const [, kind = ''] = /^(fixup|squash|amend)! /.exec(line.subject) ?? [];
    const wanted = line.subject.replace(/^(?:(?:fixup|squash|amend)! )+/, '');
    const group = kind === '' ? undefined : groups.findLast(({ first }) => mends(wanted, first));
    if (!group) groups.push({ first: line, lines: [line.text] });
    else {
      const command = kind === 'amend' ? 'fixup -C' : kind;
      group.lines.push(line.text.replace(/^pick/, command));
    }
  }
  return groups.flatMap((group) => group.lines).join('');
}

const mends = (wanted: string, { id, subject }: Line): boolean =>
  subject === wanted || subject.startsWith(wanted) || (/^[\da-f]{4,40}$/.test(wanted) && id.startsWith(wanted));

/** `--exec`: behind each commit, with what is squashed into it. */
export function withRuns(todo: string, runs: readonly string[]): string {
  if (runs.length === 0) return todo;
  const added = runs.map((run) => `exec ${run}\n`).join('');
  return todo.replace(/^pick .*\n(?:(?:fixup|squash) .*\n)*/gm, (group) => group + added);
}

export const TODO_HELP = `#
# Commands:
# p, pick <commit> = use commit
# r, reword <commit> = use commit, but edit the commit message
# e, edit <commit> = use commit, but stop for amending
# s, squash <commit> = use commit, but meld into previous commit
# f, fixup [-C | -c] <commit> = like "squash" but keep only the previous
#                    commit's log message, unless -C is used, in which case
#                    keep only this commit's message; -c is same as -C but
#                    opens the editor
# x, exec <command> = run command (the rest of the line) using shell
# b, break = stop here (continue rebase later with 'git rebase --continue')
# d, drop <commit> = remove commit
# l, label <label> = label current HEAD with a name
# t, reset <label> = reset HEAD to a label
# m, merge [-C <commit> | -c <commit>] <label> [# <oneline>]
#         create a merge commit using the original merge commit's
#         message (or the oneline, if no original merge commit was
#         specified); use -c <commit> to reword the commit message
# u, update-ref <ref> = track a placeholder for the <ref> to be updated
#                       to this position in the new commits. The <ref> is
#                       updated at the end of the rebase
#
# These lines can be re-ordered; they are executed from top to bottom.
#
# If you remove a line here THAT COMMIT WILL BE LOST.
#
# However, if you remove everything, the rebase will be aborted.
#
`;
