/** `--format` of for-each-ref, branch and tag: `%(refname:short) %(objectname:short)`. */
import * as git from 'isomorphic-git';
import { dateText, subject } from './log-format.ts';
import { type Ref, shortRef, symbolicTarget } from './refs.ts';
import type { CommitInfo, Repository } from './repository.ts';
import { distanceWords, standingOf } from './tracking.ts';

export async function formatRef(repository: Repository, format: string, ref: Ref): Promise<string> {
  let text = '';
  let at = 0;
  const fields = await fieldsOf(repository, ref);
  for (const match of format.matchAll(/%(?:\(([^)]*)\)|([\da-fA-F]{2})|(%))/g)) {
    const [whole, field, byte] = match;
    text += format.slice(at, match.index);
    if (field !== undefined) text += (await fields(field)) ?? whole;
    else text += byte === undefined ? '%' : String.fromCharCode(Number.parseInt(byte, 16));
    at = match.index + whole.length;
  }
  return text + format.slice(at);
}

type Fields = (field: string) => Promise<string | undefined>;

async function fieldsOf(repository: Repository, { name, oid }: Ref): Promise<Fields> {
  const { type, object } = await git.readObject({ ...repository.base, oid, format: 'parsed' });
  const tag = type === 'tag' ? (object as git.TagObject) : undefined;
  const commit = await repository.readCommit(oid);
  return async (field) => {
    const [key = '', style] = field.split(/:(.*)/s);
    if (key === 'upstream') return await upstreamField(repository, name, style);
    const person = personField(commit, tag, key, style);
    if (person !== undefined) return person;
    const id = (text: string) => (style?.startsWith('short') ? text.slice(0, Number(style.slice(6) || 7)) : text);
    const strip = /^(?:lstrip|strip)=(\d+)$/.exec(style ?? '')?.[1];
    const target = symbolicTarget(repository, name) ?? '';
    const message = tag ? { ...commit, message: tag.message } : commit;
    const fields: Record<string, string> = {
      refname: strip ? name.split('/').slice(Number(strip)).join('/') : style === 'short' ? shortRef(name) : name,
      objectname: id(oid),
      objecttype: type ?? 'commit',
      tree: id(commit.tree),
      parent: commit.parents.map(id).join(' '),
      subject: subject(message),
      contents: style === 'subject' ? subject(message) : message.message,
      HEAD: name === `refs/heads/${repository.branch()}` ? '*' : ' ',
      symref: style === 'short' ? shortRef(target) : target,
      tag: tag?.tag ?? '',
      '*objectname': tag ? id(commit.oid) : '',
    };
    return fields[key];
  };
}

async function upstreamField(repository: Repository, name: string, style: string | undefined): Promise<string> {
  const standing = name.startsWith('refs/heads/') ? await standingOf(repository, shortRef(name)) : undefined;
  if (!standing) return '';
  if (style === 'short') return standing.shown;
  if (!style?.startsWith('track')) return standing.ref;
  const words = distanceWords(standing);
  return words === '' || style.includes('nobracket') ? words : `[${words}]`;
}

/** `authorname`, `committerdate:short`, `creatordate`, `taggeremail`. */
function personField(
  commit: CommitInfo,
  tag: git.TagObject | undefined,
  key: string,
  style: string | undefined,
): string | undefined {
  const match = /^(author|committer|tagger|creator)(name|email|date|)$/.exec(key);
  if (!match) return undefined;
  const people = {
    author: commit.author,
    committer: commit.committer,
    tagger: tag?.tagger,
    creator: tag?.tagger ?? commit.committer,
  };
  const person = people[match[1] as keyof typeof people];
  if (!person) return '';
  if (match[2] === 'name') return person.name;
  if (match[2] === 'email') return style === 'trim' ? person.email : `<${person.email}>`;
  if (match[2] === 'date') return dateText(person, style);
  return `${person.name} <${person.email}> ${dateText(person, 'raw')}`;
}
