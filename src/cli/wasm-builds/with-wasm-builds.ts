import { type PackedFile, readFolder } from '../pack.ts';
import { fetchBuild } from './fetch-build.ts';
import { findWasmBuilds, type WasmBuild } from './native-parts.ts';
import { withoutNodeOptions } from './node-options.ts';
import { isTypes, withOwnTypes } from './own-types.ts';

export interface WithBuilds {
  readonly files: readonly PackedFile[];
  /** Of builds that are not there: a sentence each, for the user. */
  readonly problems: readonly string[];
}

/**
 * As {@link withWasmBuilds}, of a folder that is mounted at an absolute path, which may be a `node_modules` or a package in one.
 */
export async function withWasmBuildsAt(
  mountPoint: string,
  files: readonly PackedFile[],
  fetch = fetchBuild,
): Promise<WithBuilds> {
  const place = /(?:^|\/)(node_modules(?:\/.*)?)$/.exec(mountPoint.replace(/\/+$/, ''))?.[1];
  if (place === undefined) return await withWasmBuilds(files, fetch);
  const prefix = `${place}/`;
  const placed = files.map((file) => ({ ...file, path: prefix + file.path }));
  const { files: all, problems } = await withWasmBuilds(placed, fetch);
  return {
    files: all.flatMap((file) =>
      file.path.startsWith(prefix) ? [{ ...file, path: file.path.slice(prefix.length) }] : [],
    ),
    problems,
  };
}

/**
 * A project's files, in which what is installed with machine code has its WebAssembly build beside it, or in its place: no browser runs
 * machine code. A build that cannot be fetched is a problem and no error: few commands need every package.
 */
export async function withWasmBuilds(files: readonly PackedFile[], fetch = fetchBuild): Promise<WithBuilds> {
  const builds = findWasmBuilds(files);
  if (builds.length === 0) return { files, problems: [] };
  const found = await Promise.all(
    builds.map(async (build) => {
      try {
        return { build, files: withOwnTypes(build, await filesOf(build, await fetch(build)), files) };
      } catch (error) {
        return { build, problem: problemWith(build, error as Error) };
      }
    }),
  );
  const replaced = found.flatMap(({ build, files }) => (files && build.replaces ? [`${build.folder}/`] : []));
  const kept = files.filter(
    ({ path }) => !replaced.some((folder) => path.startsWith(folder) && !isNested(path, folder) && !isTypes(path)),
  );
  return {
    files: [...kept, ...found.flatMap(({ files }) => files ?? [])],
    problems: found.flatMap(({ problem }) => problem ?? []),
  };
}

/** Packages of its own that a replaced one holds may be needed by the build, too. */
const isNested = (path: string, folder: string) => path.startsWith(`${folder}node_modules/`);

/** The build where it belongs, with what it needs in a `node_modules` of its own. */
async function filesOf({ name, folder }: WasmBuild, fetched: string): Promise<readonly PackedFile[]> {
  const own = `${name}/`;
  const installed = await readFolder(`${fetched}/node_modules`);
  const folders = folder.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'));
  return [
    ...folders.map((path) => ({ path, type: 'directory' as const })),
    ...installed.flatMap((file): PackedFile[] => {
      if (file.path === name || file.path.startsWith('.')) return [];
      if (file.path.startsWith(own)) {
        const path = file.path.slice(own.length);
        return [{ ...withoutNodeOptions(name, path, file), path: `${folder}/${path}` }];
      }
      return [{ ...file, path: `${folder}/node_modules/${file.path}` }];
    }),
  ];
}

function problemWith({ name, version, folder }: WasmBuild, { message }: Error): string {
  return `${folder} holds machine code, which no browser runs, and its WebAssembly build ${name} ${version} could not be fetched: ${message}`;
}
