import { contentAt } from '../../../session/content.ts';
import type { Files } from '../../../session/files.ts';
import { asRecord, readJson } from '../json-with-comments.ts';
import { folderOf, joinPath } from '../paths.ts';

/** `paths` and `baseUrl` of a tsconfig.json or jsconfig.json: for files below its folder. */
export interface PathAliases {
  readonly folder: string;
  /** Files that a specifier may stand for, best first; without endings. */
  candidates(specifier: string): string[];
}

const CONFIG = /(^|\/)(?:ts|js)config(?:\.\w+)?\.json$/;

/** The innermost folders first. */
export function readAliases(files: Files): PathAliases[] {
  return Object.keys(files)
    .filter((path) => CONFIG.test(path))
    .flatMap((path) => aliasesOf(files, path) ?? [])
    .sort((a, b) => b.folder.length - a.folder.length);
}

function aliasesOf(files: Files, config: string): PathAliases | null {
  const { base, paths } = optionsOf(files, config, 0);
  if (base === null && paths === null) return null;
  const root = base ?? paths?.folder ?? '';
  const patterns = Object.entries(paths?.map ?? {});
  return {
    folder: folderOf(config),
    candidates: (specifier) => {
      const targets = patterns.flatMap(([pattern, list]) => {
        const [head = '', tail] = pattern.split('*');
        if (tail === undefined) return pattern === specifier ? strings(list) : [];
        if (!specifier.startsWith(head) || !specifier.endsWith(tail)) return [];
        const star = specifier.slice(head.length, specifier.length - tail.length);
        return strings(list).map((target) => target.replace('*', star));
      });
      if (base !== null) targets.push(specifier);
      return targets.flatMap((target) => joinPath(root, target) ?? []);
    },
  };
}

interface Options {
  /** Folder of `baseUrl`. */
  readonly base: string | null;
  readonly paths: { readonly folder: string; readonly map: Readonly<Record<string, unknown>> } | null;
}

const DEEPEST = 5;

function optionsOf(files: Files, config: string, depth: number): Options {
  const text = contentAt(files, config);
  const content = asRecord(typeof text === 'string' ? readJson(text) : undefined);
  const { baseUrl, paths } = asRecord(content.compilerOptions);
  const folder = folderOf(config);
  const parent = depth < DEEPEST ? parentOf(files, folder, content.extends) : null;
  const inherited = parent === null ? { base: null, paths: null } : optionsOf(files, parent, depth + 1);
  return {
    base: typeof baseUrl === 'string' ? joinPath(folder, baseUrl) : inherited.base,
    paths: paths === undefined ? inherited.paths : { folder, map: asRecord(paths) },
  };
}

function parentOf(files: Files, folder: string, name: unknown): string | null {
  if (typeof name !== 'string' || !name.startsWith('.')) return null;
  const path = joinPath(folder, name);
  return [path, `${path}.json`].find((each) => each !== null && contentAt(files, each) !== undefined) ?? null;
}

const strings = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
