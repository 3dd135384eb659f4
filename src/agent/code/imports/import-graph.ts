import type { Files } from '../../../session/files.ts';
import { createBreath } from '../breathe.ts';
import { type ImportRecord, importsIn, isCode } from './imports.ts';
import { createResolve, type Resolution, type Resolve } from './resolve.ts';

export interface ResolvedImport extends ImportRecord {
  readonly target: Resolution;
}

export interface Importer {
  readonly path: string;
  readonly line: number;
  readonly kind: ImportRecord['kind'];
}

/** Who names whom in a project. */
export interface ImportGraph {
  importsOf(path: string): readonly ResolvedImport[];
  importersOf(path: string): readonly Importer[];
}

const graphs = new WeakMap<Files, Promise<ImportGraph>>();

/** The graph of these files; made once for them, piece by piece, so that a page stays alive meanwhile. */
export function importGraph(files: Files): Promise<ImportGraph> {
  const graph = graphs.get(files) ?? buildGraph(files);
  graphs.set(files, graph);
  return graph;
}

async function buildGraph(files: Files): Promise<ImportGraph> {
  const breath = createBreath(Number.POSITIVE_INFINITY);
  const resolve = resolveFor(files);
  const imports = new Map<string, readonly ResolvedImport[]>();
  const importers = new Map<string, Importer[]>();
  for (const [path, content] of Object.entries(files)) {
    if (typeof content !== 'string' || !isCode(path)) continue;
    await breath.pause();
    const resolved = importsIn(content, path).flatMap((record) => resolveRecord(record, path, resolve));
    imports.set(path, resolved);
    for (const { target, line, kind } of resolved) {
      if (target.kind !== 'file' || target.path === path) continue;
      const list = importers.get(target.path) ?? [];
      if (!list.some((other) => other.path === path && other.kind === kind)) list.push({ path, line, kind });
      importers.set(target.path, list);
    }
  }
  return { importsOf: (path) => imports.get(path) ?? [], importersOf: (path) => importers.get(path) ?? [] };
}

let last: { readonly files: Files; readonly resolve: Resolve } | null = null;

/** As long as no file comes or goes, and no configuration changes, names lead where they led. */
export function resolveFor(files: Files): Resolve {
  const paths = Object.keys(files);
  const before = last?.files;
  const isSame =
    before !== undefined &&
    paths.length === Object.keys(before).length &&
    paths.every((path) => Object.hasOwn(before, path) && (!path.endsWith('.json') || files[path] === before[path]));
  const resolve = isSame && last ? last.resolve : createResolve(files);
  last = { files, resolve };
  return resolve;
}

/** A string that names no file is only a string. */
function resolveRecord(record: ImportRecord, path: string, resolve: Resolve): ResolvedImport[] {
  if (record.kind !== 'mention' && record.kind !== 'path')
    return [{ ...record, target: resolve(record.specifier, path) }];
  const near =
    /^\.{0,2}\//.test(record.specifier) || record.kind === 'path' ? record.specifier : `./${record.specifier}`;
  const beside = resolve(near, path);
  // Programs are started in the project's folder, wherever the test stands.
  const target = beside.kind === 'file' ? beside : resolve(`./${record.specifier}`, 'package.json');
  return target.kind === 'file' ? [{ ...record, target }] : [];
}

export interface Reach {
  readonly path: string;
  /** The file that it names, one step nearer. */
  readonly through: string;
  readonly distance: number;
}

/** Every file that reaches one of these through what it names, the nearest first. */
export function reaching(graph: ImportGraph, paths: readonly string[]): readonly Reach[] {
  const seen = new Set(paths);
  const found: Reach[] = [];
  let edge = [...paths];
  for (let distance = 1; edge.length > 0; distance += 1) {
    const next: string[] = [];
    for (const through of edge) {
      for (const { path } of graph.importersOf(through)) {
        if (seen.has(path)) continue;
        seen.add(path);
        next.push(path);
        found.push({ path, through, distance });
      }
    }
    edge = next;
  }
  return found;
}
