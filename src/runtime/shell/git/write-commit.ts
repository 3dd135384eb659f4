import * as git from 'isomorphic-git';
import { type Person, zoneText } from './identity.ts';
import type { Repository } from './repository.ts';

export interface NewCommit {
  tree: string;
  parents: string[];
  author: Person;
  committer: Person;
  message: string;
}

/** Writes a commit; no ref moves. Its id. */
export async function writeCommitObject(
  repository: Repository,
  { tree, parents, author, committer, message }: NewCommit,
): Promise<string> {
  const person = ({ name, email, timestamp, timezoneOffset }: Person) =>
    `${name} <${email}> ${timestamp} ${zoneText(timezoneOffset)}`;
  const lines = [
    `tree ${tree}`,
    ...parents.map((parent) => `parent ${parent}`),
    `author ${person(author)}`,
    `committer ${person(committer)}`,
  ];
  const object = new TextEncoder().encode(`${lines.join('\n')}\n\n${message}`);
  return await git.writeObject({ ...repository.base, type: 'commit', format: 'content', object });
}
