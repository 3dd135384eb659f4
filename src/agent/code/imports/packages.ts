import { contentAt } from '../../../session/content.ts';
import type { Files } from '../../../session/files.ts';
import { asRecord, readJson } from '../json-with-comments.ts';
import { folderOf, joinPath } from '../paths.ts';

/** A package.json of the project. */
export interface ProjectPackage {
  readonly folder: string;
  readonly name: string | null;
  readonly content: Readonly<Record<string, unknown>>;
}

/** The project's own packages, the outermost first. */
export function readPackages(files: Files): ProjectPackage[] {
  return Object.keys(files)
    .filter((path) => path === 'package.json' || path.endsWith('/package.json'))
    .sort((a, b) => a.length - b.length)
    .map((path) => {
      const text = contentAt(files, path);
      const content = asRecord(typeof text === 'string' ? readJson(text) : undefined);
      return { folder: folderOf(path), name: typeof content.name === 'string' ? content.name : null, content };
    });
}

/** The files that a package gives for a subpath ("" for the package itself), as package.json says, best first; not all need exist. */
export function entriesOf({ folder, content }: ProjectPackage, subpath: string): string[] {
  const key = subpath === '' ? '.' : `./${subpath}`;
  const named = [...targetsOf(content.exports, key)];
  if (subpath === '') {
    for (const field of [content.source, content.module, content.main])
      if (typeof field === 'string') named.push(field);
    named.push('.');
  } else named.push(subpath);
  return named.flatMap((target) => {
    const path = joinPath(folder, target);
    return path === null ? [] : [path];
  });
}

/** What `exports` or `imports` says of a key: exact, by a pattern with one star, or by conditions. */
export function* targetsOf(map: unknown, key: string): Generator<string> {
  if (typeof map === 'string' || Array.isArray(map)) {
    if (key === '.') yield* leaves(map);
    return;
  }
  const record = asRecord(map);
  const keys = Object.keys(record);
  if (key === '.' && keys.length > 0 && !keys.some((each) => each.startsWith('.') || each.startsWith('#'))) {
    yield* leaves(record);
    return;
  }
  if (Object.hasOwn(record, key)) yield* leaves(record[key]);
  for (const pattern of keys) {
    const [head, tail] = pattern.split('*');
    if (head === undefined || tail === undefined || !key.startsWith(head) || !key.endsWith(tail)) continue;
    const star = key.slice(head.length, key.length - tail.length);
    for (const target of leaves(record[pattern])) yield target.replaceAll('*', star);
  }
}

function* leaves(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (Array.isArray(value)) for (const each of value) yield* leaves(each);
  else for (const each of Object.values(asRecord(value))) yield* leaves(each);
}
