import type { Files } from '../../../session/files.ts';
import { folderOf, joinPath } from '../paths.ts';
import { entriesOf, type ProjectPackage, readPackages, targetsOf } from './packages.ts';
import { readAliases } from './path-aliases.ts';

/** What a specifier stands for. */
export type Resolution =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'package'; readonly name: string }
  | { readonly kind: 'builtin'; readonly name: string }
  | { readonly kind: 'missing'; readonly specifier: string };

export type Resolve = (specifier: string, from: string) => Resolution;

const ENDINGS = [
  '.ts',
  '.tsx',
  '.mts',
  '.cts',
  '.js',
  '.jsx',
  '.mjs',
  '.cjs',
  '.json',
  '.vue',
  '.svelte',
  '.node',
  '.d.ts',
];
const BUILTINS = new Set(
  'assert async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel dns domain events fs http http2 https inspector module net os path perf_hooks process punycode querystring readline repl stream string_decoder sys timers tls trace_events tty url util v8 vm wasi worker_threads zlib'.split(
    ' ',
  ),
);

/** How the files of a project name one another: relative paths, the project's own packages, `imports`, and tsconfig's paths. */
export function createResolve(files: Files): Resolve {
  const exists = (path: string) => Object.hasOwn(files, path);
  const packages = readPackages(files);
  const aliases = readAliases(files);
  const byFolder = new Map(packages.map((each) => [each.folder, each]));
  const byName = new Map(packages.toReversed().map((each) => [each.name, each]));
  const file = (path: string | null): Resolution | null => {
    const found = path === null ? null : fileAt(path, exists, byFolder);
    return found === null ? null : { kind: 'file', path: found };
  };
  const first = (paths: readonly string[]): Resolution | null => {
    for (const path of paths) {
      const found = file(path) ?? file(sourceOf(path));
      if (found) return found;
    }
    return null;
  };
  const known = new Map<string, Resolution>();
  return (written, from) => {
    const key = `${folderOf(from)}\0${written}`;
    const resolution = known.get(key) ?? resolveOne(written, from);
    known.set(key, resolution);
    return resolution;
  };

  function resolveOne(written: string, from: string): Resolution {
    const specifier = written.replace(/[?#](?=.)(?!.*\/).*$/, (query, at: number) => (at === 0 ? query : ''));
    const folder = folderOf(from);
    if (/^\.{1,2}(\/|$)/.test(specifier)) {
      const path = joinPath(folder, specifier);
      const found = path === null ? null : first([path]);
      return found ?? { kind: 'missing', specifier };
    }
    if (specifier.startsWith('/')) return file(joinPath(specifier)) ?? { kind: 'missing', specifier };
    if (specifier.startsWith('node:')) return { kind: 'builtin', name: specifier };
    for (const alias of aliases) {
      if (alias.folder !== '' && !from.startsWith(`${alias.folder}/`)) continue;
      const found = first(alias.candidates(specifier));
      if (found) return found;
    }
    if (specifier.startsWith('#')) {
      const own = packages.findLast((each) => each.folder === '' || from.startsWith(`${each.folder}/`));
      const targets = own ? [...targetsOf(own.content.imports, specifier)] : [];
      const found = first(targets.flatMap((target) => joinPath(own?.folder ?? '', target) ?? []));
      return found ?? { kind: 'missing', specifier };
    }
    const [name = '', subpath] = splitPackage(specifier);
    const local = byName.get(name);
    const found = local && first(entriesOf(local, subpath));
    if (found) return found;
    if (BUILTINS.has(specifier.split('/')[0] ?? '')) return { kind: 'builtin', name: specifier };
    return { kind: 'package', name };
  }
}

function splitPackage(specifier: string): [name: string, subpath: string] {
  const parts = specifier.split('/');
  const length = specifier.startsWith('@') ? 2 : 1;
  return [parts.slice(0, length).join('/'), parts.slice(length).join('/')];
}

function fileAt(
  path: string,
  exists: (path: string) => boolean,
  packages: ReadonlyMap<string, ProjectPackage>,
): string | null {
  if (path !== '' && exists(path)) return path;
  const stem = path.replace(/\.([cm]?)js(x?)$/, '');
  const swapped = stem === path ? [] : ENDINGS.slice(0, 4).map((ending) => stem + ending);
  const inFolder = path === '' ? '' : `${path}/`;
  const own = packages.get(path);
  const main = own ? entriesOf(own, '').filter((entry) => entry !== path) : [];
  const candidates = [
    ...swapped,
    ...(path === '' ? [] : ENDINGS.map((ending) => path + ending)),
    ...main.flatMap((entry) => [
      entry,
      ...ENDINGS.map((ending) => entry + ending),
      ...ENDINGS.map((ending) => `${entry}/index${ending}`),
    ]),
    ...ENDINGS.map((ending) => `${inFolder}index${ending}`),
  ];
  return candidates.find(exists) ?? null;
}

/** Where a path into a build's output comes from: "dist/a.js" is made of "src/a.ts". The output itself is no source and not in the files. */
function sourceOf(path: string): string | null {
  const match =
    /^(.*\/)?(?:dist|build|lib|out|es|esm|cjs)\/(?:(?:esm|cjs|es|node|umd)\/)?(.+?)(?:\.(?:umd|min|cjs|esm))*(\.\w+)?$/.exec(
      path,
    );
  return match?.[2] === undefined ? null : `${match[1] ?? ''}src/${match[2]}${match[3] === undefined ? '' : '.js'}`;
}
